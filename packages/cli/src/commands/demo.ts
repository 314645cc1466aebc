import { join } from "node:path";
import { writeSimulatedPrism } from "@bridgewise/core/node";
import { Effect } from "effect";
import { Command, Flag } from "effect/cli";
import { checkPlanFolder } from "../pipeline/plan-folder.ts";
import { stoppable } from "../stoppable.ts";
import { jsonFlag, quietFlag, seedFlag } from "./fit-flags.ts";
import { commandTyped, onlyOf, planRunFlags, threadsOf } from "./plan-flags.ts";
import { paperPlan, reproducePaper } from "./reproduce.ts";
import { scaleFlag } from "./simulate.ts";

const { only, threads, sensitivity, restart } = planRunFlags;

export const demo = Command.make(
  "demo",
  {
    out: Flag.String("out").pipe(Flag.withDefault("out/demo"), Flag.withMetavar("DIR")),
    seed: seedFlag,
    scale: scaleFlag,
    only,
    threads,
    sensitivity,
    restart,
    quiet: quietFlag,
    json: jsonFlag,
  },
  Effect.fnUntraced(function* (flags) {
    yield* stoppable(
      async (signal) => {
        const { out, seed, scale, quiet, json } = flags;
        const began = performance.now();
        const prism = join(out, "prism");
        await checkPlanFolder(out, await paperPlan());
        if (!quiet && !json)
          console.log(
            "The paper's analyses on SIMULATED data: PRISM's files and nesting, placeholder texts, known coefficients.\n",
          );
        await writeSimulatedPrism({ out: prism, seed, scale });
        await reproducePaper({
          ...flags,
          prism,
          scores: join(prism, "scores.csv"),
          only: onlyOf(flags.only),
          threads: threadsOf(flags.threads),
          // of the data; the fits have the plan's
          seed: undefined,
          command: commandTyped(),
          signal,
          phases: [{ phase: "simulation", seconds: (performance.now() - began) / 1000 }],
        });
      },
      () => {},
    );
  }),
).pipe(
  Command.withDescription(
    "The main job on simulated data: writes a data set in PRISM's format and runs bridgewise reproduce on it, from the files to the report.",
  ),
  Command.withShortDescription("The main job on simulated data"),
);
