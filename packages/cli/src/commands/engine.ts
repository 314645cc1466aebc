import { Effect, Option } from "effect";
import { Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { duration } from "../terminal/progress.ts";
import { jsonFlag, quietFlag } from "./fit-flags.ts";

const build = Command.make(
  "build",
  {
    tensorflow: Flag.String("tensorflow").pipe(
      Flag.optional,
      Flag.withMetavar("DIR|WHEEL"),
      Flag.withDescription("TensorFlow 2.18 to 2.21 (default: the active Python's, else by pip download)"),
    ),
    gpu: Flag.Boolean("gpu").pipe(
      Flag.withDefault(false),
      Flag.withDescription("With CUDA, for --engine cuda (by pip 3 GB or more)"),
    ),
    force: Flag.Boolean("force").pipe(Flag.withDefault(false), Flag.withDescription("Build it anew")),
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* ({ tensorflow, gpu, force, quiet, json }) {
    const began = performance.now();
    const { record, folder, made } = yield* attempt(async (signal) => {
      const { buildEngine } = await import("@bridgewise/sampler-gpu/native");
      return buildEngine({
        tensorflow: Option.getOrUndefined(tensorflow),
        gpu,
        force,
        signal,
        onProgress: (line) => {
          if (!quiet && !json) console.error(line);
        },
      });
    });
    if (json) console.log(JSON.stringify({ made, folder, ...record }));
    if (json || quiet) return;
    const { tensorflow: version, tfjs } = record.versions;
    const name = gpu ? "cuda" : "native";
    console.log(
      made
        ? `Built in ${duration((performance.now() - began) / 1000)}: engine ${name}, TensorFlow ${version}, tfjs-node ${tfjs}`
        : `Nothing to do: engine ${name} is there, TensorFlow ${version}, tfjs-node ${tfjs} (--force builds it anew)`,
    );
    console.log(`Folder: ${folder}`);
    console.log("Next: bridgewise doctor");
  }),
).pipe(
  Command.withDescription(
    "Builds the native engine into the user's cache: TensorFlow's library, tfjs-node-gpu's addon compiled against it by g++, checked by running a known program. Needs 1.2 GB, g++, npm, and Python with pip unless --tensorflow is given. --gpu was never run on a GPU: only building it and its CPU code were tried.",
  ),
  Command.withShortDescription("Build the native engine"),
  Command.withExamples([
    { command: "bridgewise engine build", description: "With pip's TensorFlow" },
    {
      command:
        "bridgewise engine build --tensorflow tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
      description: "With a wheel from elsewhere: no Python is needed",
    },
  ]),
);

export const engine = Command.make("engine").pipe(
  Command.withDescription("Builds what the engines native and cuda need."),
  Command.withShortDescription("Build the native engine"),
  Command.withSubcommands([build]),
);
