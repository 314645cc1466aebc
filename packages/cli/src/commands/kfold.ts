import { join } from "node:path";
import type { KfoldFile } from "@bridgewise/core";
import { KFOLD } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { kfoldOfRun } from "../pipeline/loo-kfold.ts";
import { stoppable } from "../stoppable.ts";
import { progressBar } from "../terminal/progress.ts";
import { alignColumns } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag, threadsFlag } from "./fit-flags.ts";
import { estimateRow } from "./loo.ts";
import { dataFlag } from "./run-flags.ts";

const WIDTH = 100;

export const kfold = Command.make(
  "kfold",
  {
    run: Argument.String("run").pipe(Argument.withDescription("Run folder of a finished fit")),
    data: dataFlag,
    k: Flag.Int("k").pipe(Flag.withDefault(10), Flag.withDescription("Folds, and so fits (default 10)")),
    by: Flag.String("by").pipe(
      Flag.optional,
      Flag.withMetavar("GROUP"),
      Flag.withDescription(
        "Leave out whole levels of this group or column: how well are new ones predicted?",
      ),
    ),
    stratify: Flag.String("stratify").pipe(
      Flag.optional,
      Flag.withMetavar("COLUMN"),
      Flag.withDescription("Give each fold its share of every level of this column"),
    ),
    seed: Flag.Int("seed").pipe(
      Flag.withDefault(1),
      Flag.withDescription("Of the folds: the same seed, the same folds"),
    ),
    threads: threadsFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const { run: dir } = flags;
    const bar = progressBar("kfold", process.stderr, progressStyle(flags));
    yield* stoppable(async (signal) => {
      const file = await kfoldOfRun({
        dir,
        data: Option.getOrUndefined(flags.data),
        k: flags.k,
        by: Option.getOrUndefined(flags.by),
        stratify: Option.getOrUndefined(flags.stratify),
        seed: flags.seed,
        threads: Option.getOrUndefined(flags.threads),
        onProgress: bar.update,
        signal,
      });
      bar.done();
      if (flags.json) console.log(JSON.stringify(file));
      else if (!flags.quiet) console.log(describe(file, dir));
    }, bar.done);
  }),
).pipe(
  Command.withDescription(
    "Expected predictive accuracy for new data by K-fold cross-validation: the model is fitted again without each fold, rows at random, or whole groups with --by. Writes kfold.json into the run folder; stopped, it goes on where it was. For where leave-one-out cannot be trusted, or where new groups are to be predicted rather than new rows of known ones.",
  ),
  Command.withShortDescription("K-fold cross-validation of a run"),
  Command.withExamples([
    { command: "bridgewise kfold runs/score --k 10", description: "Rows at random" },
    { command: "bridgewise kfold runs/score --k 10 --by user_id", description: "Whole users left out" },
  ]),
);

function describe(file: KfoldFile, dir: string): string {
  const { folds } = file;
  const reason =
    folds.by !== null
      ? `Whole levels of '${folds.by}' were left out: the figures tell how well rows of new ones are predicted, whose effects are drawn from their distribution. Leave-one-out tells how well new rows of known ones are, so the two are not to be compared.`
      : `Rows were left out at random${folds.stratify === null ? "" : `, each fold with its share of every level of '${folds.stratify}'`}: like leave-one-out, without its approximation, from fits to a share of ${(1 - 1 / folds.k).toFixed(2)} of the rows.`;
  return [
    `${file.formula}`,
    `${file.family}, ${file.rows.toLocaleString("en")} rows in ${folds.k} folds, ${file.draws.toLocaleString("en")} draws of each fit`,
    "",
    alignColumns([
      ["", "Estimate", "SE"],
      estimateRow("elpd_kfold", file.elpd_kfold),
      estimateRow("p_kfold", file.p_kfold),
      estimateRow("kfoldic", file.kfoldic),
    ]),
    ...wrap(reason, WIDTH),
    `Written: ${join(dir, KFOLD)}`,
    `Next: bridgewise compare --kfold ${dir} OTHER_RUN`,
  ].join("\n");
}
