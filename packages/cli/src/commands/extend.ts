import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { extendFit } from "../pipeline/fit.ts";
import { stoppable } from "../stoppable.ts";
import { progressBar } from "../terminal/progress.ts";
import { describeFit } from "./fit.ts";
import { jsonFlag, printResult, progressFlag, progressStyle, quietFlag, threadsFlag } from "./fit-flags.ts";

export const extend = Command.make(
  "extend",
  {
    dir: Argument.String("dir").pipe(Argument.withDescription("Run folder of a finished fit")),
    draws: Flag.Int("draws").pipe(Flag.withDescription("Draws to add to each chain")),
    data: Flag.String("data").pipe(
      Flag.optional,
      Flag.withMetavar("FILE.csv"),
      Flag.withDescription("The fit's data file, if it was moved"),
    ),
    threads: threadsFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = progressBar("extend", process.stderr, progressStyle(flags));
    yield* stoppable(async (signal) => {
      const result = await extendFit(
        {
          out: flags.dir,
          draws: flags.draws,
          data: Option.getOrUndefined(flags.data),
          threads: Option.getOrUndefined(flags.threads),
          onProgress: bar.update,
          signal,
        },
        0,
      );
      bar.done();
      printResult(result, flags, (found) => describeFit(found, flags.dir));
    }, bar.done);
  }),
).pipe(
  Command.withDescription(
    "Adds draws to a finished fit, without a new warm-up: it is then, to the bit, the fit that had been asked for all of them.",
  ),
  Command.withShortDescription("Add draws to a fit"),
  Command.withExamples([
    {
      command: "bridgewise extend runs/score --draws 9000",
      description: "From 1,000 to 10,000 draws a chain",
    },
  ]),
);
