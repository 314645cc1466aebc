import { writeScoresFile } from "@bridgewise/core/node";
import { conflictRows, mergeStores, type ScoreConflict } from "@bridgewise/perspective/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { scoresOut } from "../pipeline/scores-out.ts";
import { rowProgress } from "../terminal/row-progress.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag } from "./fit-flags.ts";

export const conflictsFlag = Flag.String("conflicts").pipe(
  Flag.optional,
  Flag.withMetavar("FILE"),
  Flag.withDescription(
    "Where scores differ, keep the store's and write the others to this scores file (default: take nothing)",
  ),
);

/** What takes the scores that differ: a scores file, if one is named. */
export function leaveOut(file: Option.Option<string>, sources: readonly string[]) {
  if (Option.isNone(file)) return undefined;
  const out = scoresOut(file.value, "--conflicts", sources);
  return (conflicts: Iterable<ScoreConflict>) => writeScoresFile(out, conflictRows(conflicts, sources));
}

export const conflictsLine = (conflicts: number, file: Option.Option<string>): string =>
  conflicts === 0 || Option.isNone(file)
    ? ""
    : `; ${conflicts.toLocaleString("en")} that differ from those kept: ${file.value}`;

export const merge = Command.make(
  "merge",
  {
    into: Argument.String("into").pipe(
      Argument.withDescription("Store that takes; made where it does not exist"),
    ),
    from: Argument.String("from").pipe(
      Argument.variadic({ min: 1 }),
      Argument.withDescription("Stores to take from, which are only read"),
    ),
    conflicts: conflictsFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = rowProgress("merge", process.stderr, progressStyle(flags));
    const result = yield* attempt((signal) =>
      mergeStores({
        into: flags.into,
        from: flags.from,
        leaveOut: leaveOut(flags.conflicts, flags.from),
        onProgress: bar.update,
        signal,
      }),
    ).pipe(Effect.ensuring(Effect.sync(bar.done)));
    if (flags.json) console.log(JSON.stringify(result));
    else if (!flags.quiet) {
      const n = (value: number): string => value.toLocaleString("en");
      console.log(
        [
          `${n(result.imported)} scores taken into ${flags.into}${result.known > 0 ? `, ${n(result.known)} there already` : ""}${conflictsLine(result.conflicts, flags.conflicts)}`,
          ...(result.failures + result.failuresLeft > 0
            ? [
                `${n(result.failures)} failures taken${result.failuresLeft > 0 ? `, ${n(result.failuresLeft)} left out: scored here, or failed later` : ""}`,
              ]
            : []),
          `Next: bridgewise scores stats ${flags.into}`,
        ].join("\n"),
      );
    }
  }),
).pipe(
  Command.withDescription(
    "Takes the scores and failures of stores into one: everything, or nothing. A score that is there stays; where another differs nothing is taken, or with --conflicts it is written to a file of its own. Failures replace no score; of two, the later stays. It can be stopped and done again at will.",
  ),
  Command.withShortDescription("Take stores into one"),
  Command.withExamples([
    {
      command: "bridgewise scores merge all.sqlite monday.sqlite tuesday.sqlite",
      description: "Everything in one store",
    },
  ]),
);
