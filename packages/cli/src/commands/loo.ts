import { join } from "node:path";
import type { Estimate, LooFile } from "@bridgewise/core";
import { LOO, writeLoo, writePointwise } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Argument, Command, Flag } from "effect/cli";
import { looOfRun, MOST_REFITS } from "../pipeline/loo.ts";
import { stoppable } from "../stoppable.ts";
import { progressBar } from "../terminal/progress.ts";
import { alignColumns } from "../terminal/table.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag, threadsFlag } from "./fit-flags.ts";
import { dataFlag } from "./run-flags.ts";

/** Flags of every command that computes leave-one-out. */
export const rEffRuleFlag = Flag.Literals("r-eff-rule", ["split", "unsplit"]).pipe(
  Flag.withDefault("split" as const),
  Flag.withDescription(
    "Relative efficiency of the draws: of half chains, as loo 2.10 (default), or of whole ones, as loo 2.5",
  ),
);

export const loo = Command.make(
  "loo",
  {
    run: Argument.String("run").pipe(Argument.withDescription("Run folder of a finished fit")),
    data: dataFlag,
    pointwise: Flag.String("pointwise").pipe(
      Flag.optional,
      Flag.withMetavar("FILE.csv"),
      Flag.withDescription(
        "Write the figures of each row: row (line of the data file), elpd, k, p, influence",
      ),
    ),
    rEffRule: rEffRuleFlag,
    reloo: Flag.Boolean("reloo").pipe(
      Flag.withDefault(false),
      Flag.withDescription(
        `Fit again without each observation whose Pareto k is too high, at most ${MOST_REFITS}; stopped, it goes on where it was`,
      ),
    ),
    waic: Flag.Boolean("waic").pipe(Flag.withDefault(false), Flag.withDescription("WAIC too")),
    save: Flag.Boolean("save").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Keep the result as loo.json in the run folder"),
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDefault(false),
      Flag.withDescription("With --reloo: however many fits it takes"),
    ),
    threads: threadsFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const { run: dir, quiet, json } = flags;
    const bar = progressBar("loo", process.stderr, progressStyle(flags));
    yield* stoppable(async (signal) => {
      const file = await looOfRun({
        dir,
        data: Option.getOrUndefined(flags.data),
        rEffRule: flags.rEffRule,
        threads: Option.getOrUndefined(flags.threads),
        waic: flags.waic,
        reloo: flags.reloo,
        force: flags.force,
        onProgress: bar.update,
        signal,
      });
      if (flags.save) await writeLoo(dir, file);
      if (Option.isSome(flags.pointwise)) await writePointwise(flags.pointwise.value, file);
      bar.done();
      if (json) console.log(JSON.stringify(file));
      else if (!quiet)
        console.log(describeLoo(file, dir, flags.save, Option.getOrUndefined(flags.pointwise)));
    }, bar.done);
  }),
).pipe(
  Command.withDescription(
    "Expected predictive accuracy for new data by Pareto smoothed importance sampling leave-one-out (PSIS-LOO), as the R package loo computes it: elpd_loo, p_loo, looic, and the Pareto k that tell whether they can be trusted. Log likelihoods are computed from the draws, block by block.",
  ),
  Command.withShortDescription("Leave-one-out predictive accuracy of a run (PSIS-LOO)"),
  Command.withExamples([
    { command: "bridgewise loo runs/score", description: "Estimates and Pareto k" },
    {
      command: "bridgewise loo runs/score --pointwise loo.csv --save",
      description: "Each row's figures, and loo.json for bridgewise compare",
    },
    { command: "bridgewise loo runs/score --reloo", description: "Exact where the approximation fails" },
  ]),
);

export const estimateRow = (name: string, { estimate, se }: Estimate): string[] => [
  name,
  estimate.toFixed(1),
  se.toFixed(1),
];

function describeLoo(file: LooFile, dir: string, saved: boolean, pointwise: string | undefined): string {
  const { k, rows, waic } = file;
  const mcse =
    file.mcse_elpd_loo === null
      ? "not known (a Pareto k is too high, or a row was refitted)"
      : file.mcse_elpd_loo.toFixed(1);
  const share = (count: number): string => `${((100 * count) / rows).toFixed(1)}%`;
  const limit = k.threshold.toFixed(2);
  return [
    `${file.formula}`,
    `${file.family}, ${rows.toLocaleString("en")} rows, ${file.draws.toLocaleString("en")} draws`,
    "",
    alignColumns([
      ["", "Estimate", "SE"],
      estimateRow("elpd_loo", file.elpd_loo),
      estimateRow("p_loo", file.p_loo),
      estimateRow("looic", file.looic),
      ...(waic
        ? [
            estimateRow("elpd_waic", waic.elpd_waic),
            estimateRow("p_waic", waic.p_waic),
            estimateRow("waic", waic.waic),
          ]
        : []),
    ]),
    `Monte Carlo SE of elpd_loo: ${mcse}`,
    "",
    alignColumns([
      ["Pareto k", "Rows", "Share"],
      [`up to ${limit} (good)`, k.good.toLocaleString("en"), share(k.good)],
      [`${limit} to 1 (bad)`, k.bad.toLocaleString("en"), share(k.bad)],
      ["above 1 (very bad)", k.very_bad.toLocaleString("en"), share(k.very_bad)],
    ]),
    ...(file.refitted.length > 0
      ? [
          `Fitted again without each of ${file.refitted.length} rows, whose elpd is exact and whose k counts as 0`,
        ]
      : []),
    ...file.warnings.map((warning) => `Warning: ${warning}`),
    ...(pointwise === undefined ? [] : [`Written: ${pointwise}`]),
    saved
      ? `Written: ${join(dir, LOO)}; next: bridgewise compare ${dir} OTHER_RUN`
      : `Next: bridgewise compare ${dir} OTHER_RUN (--save keeps this result for it)`,
  ].join("\n");
}
