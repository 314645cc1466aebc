import { join } from "node:path";
import { InputError, type PosteriorEstimate } from "@bridgewise/core";
import { Effect, Option } from "effect";
import { Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { type CheckFile, checkRun } from "../pipeline/check.ts";
import { rowProgress } from "../terminal/row-progress.ts";
import { writeOut } from "../terminal/standard-output.ts";
import { alignColumns } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag, seedFlag } from "./fit-flags.ts";
import { dataFlag, ndrawsFlag, runArgument } from "./run-flags.ts";

export const check = Command.make(
  "check",
  {
    run: runArgument,
    out: Flag.String("out").pipe(
      Flag.optional,
      Flag.withMetavar("FILE.json"),
      Flag.withDescription("Where the checks are written (default: checks.json in the run folder)"),
    ),
    by: Flag.String("by").pipe(
      Flag.optional,
      Flag.withMetavar("GROUP"),
      Flag.withDescription("Check the means of this group's levels (default: of the group with the fewest)"),
    ),
    replicates: Flag.Int("replicates").pipe(
      Flag.withDefault(100),
      Flag.withDescription("Replicated data sets, default 100, of draws spread evenly over all"),
    ),
    looPit: Flag.Boolean("loo-pit").pipe(
      Flag.withDefault(false),
      Flag.withDescription("PIT values by leave-one-out (slower; needs all groups' effects)"),
    ),
    ndraws: ndrawsFlag,
    seed: seedFlag,
    data: dataFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = rowProgress("check", process.stderr, progressStyle(flags));
    const out = Option.getOrElse(flags.out, () => join(flags.run, "checks.json"));
    yield* attempt(async () => {
      if (flags.replicates < 2) throw new InputError(`--replicates must be at least 2: ${flags.replicates}`);
      const file = await checkRun({
        dir: flags.run,
        data: Option.getOrUndefined(flags.data),
        by: Option.getOrUndefined(flags.by),
        looPit: flags.looPit,
        replicates: flags.replicates,
        ndraws: Option.getOrUndefined(flags.ndraws),
        seed: flags.seed,
        out,
        onRows: bar.update,
      }).finally(bar.done);
      if (flags.json) await writeOut(`${JSON.stringify(file)}\n`);
      else if (!flags.quiet) console.log(describe(file, out));
    });
  }),
).pipe(
  Command.withDescription(
    "Checks a fit against its data: replicated data beside the data, R2 and intraclass correlations, calibration of binary responses. Writes checks.json, plain data for figures.",
  ),
  Command.withShortDescription("Posterior predictive checks, R2, ICC, calibration"),
  Command.withExamples([
    { command: "bridgewise check runs/score", description: "Writes runs/score/checks.json" },
  ]),
);

/** Columns of a terminal. */
const WIDTH = 100;

function describe(file: CheckFile, out: string): string {
  const { r2, icc, predictive, calibration, groups_drawn } = file;
  const n = (value: number): string => value.toLocaleString("en");
  const { bayes, nakagawa } = r2;
  const rows: [string, PosteriorEstimate | null][] = [
    ["R2, with group effects (Bayesian)", bayes.conditional],
    ["R2, fixed effects alone (Bayesian)", bayes.marginal],
    ...(nakagawa
      ? ([
          ["R2, conditional (Nakagawa)", nakagawa.conditional],
          ["R2, marginal (Nakagawa)", nakagawa.marginal],
        ] as const)
      : []),
    ...(icc
      ? ([
          ["ICC, adjusted", icc.adjusted],
          ["ICC, unadjusted", icc.unadjusted],
          ...Object.entries(icc.by_group).map(([name, share]) => [`  share of ${name}`, share] as const),
        ] as const)
      : []),
  ].map(([name, estimate]) => [name as string, estimate as PosteriorEstimate | null]);
  const extreme = predictive.by_group?.levels.filter(({ p_value: p }) => p < 0.025 || p > 0.975) ?? [];
  return [
    file.formula,
    `${file.family}, ${n(file.rows)} rows, ${n(file.draws)} draws, ${n(file.replicates)} replicated data sets${file.simulated ? ", SIMULATED data" : ""}`,
    ...(file.prior_only ? ["Prior predictive: the run drew from the priors, not from a posterior."] : []),
    ...(groups_drawn.length === 0
      ? []
      : wrap(
          `Note: the draws lack the effects of ${groups_drawn.join(", ")}: replicated data draw them anew, as for new levels, and R2 with group effects is left out; fit again with --effects all to have them.`,
          WIDTH,
        )),
    "",
    ...wrap(
      `Explained variance, 95% intervals${nakagawa ? `; Nakagawa's and ICC on the linear predictor's scale, residual: ${nakagawa.residual_scale}` : ""}`,
      WIDTH,
    ),
    alignColumns([
      ["", "Estimate", "Est.Error", "2.5%", "97.5%"],
      ...rows.flatMap(([name, estimate]) =>
        estimate === null
          ? []
          : [
              [
                name,
                ...[estimate.estimate, estimate.error, estimate.lower, estimate.upper].map((v) =>
                  v.toFixed(3),
                ),
              ],
            ],
      ),
    ]),
    "",
    "Data beside replicated data; p: share of these that reach the data's value (near 0 or 1: misfit)",
    alignColumns([
      ["", "Data", "Replicated", "2.5%", "97.5%", "p"],
      ...predictive.statistics.map(({ statistic, observed, replicated, p_value }) => [
        statistic,
        ...[observed, replicated.estimate, replicated.lower, replicated.upper].map((v) => v.toPrecision(4)),
        p_value.toFixed(2),
      ]),
    ]),
    ...(predictive.by_group
      ? [
          `Means by ${predictive.by_group.group}: ${extreme.length} of ${predictive.by_group.levels.length} levels outside their 95% interval${
            extreme.length > 0
              ? ` (${extreme
                  .slice(0, 5)
                  .map(({ level }) => level)
                  .join(", ")}${extreme.length > 5 ? ", …" : ""})`
              : ""
          }`,
        ]
      : []),
    ...(calibration
      ? [
          "",
          ...wrap(
            `Calibration: Brier score ${calibration.brier.toFixed(4)} = miscalibration ${calibration.reliability.miscalibration.toFixed(4)} - discrimination ${calibration.reliability.discrimination.toFixed(4)} + uncertainty ${calibration.reliability.uncertainty.toFixed(4)}; log score ${calibration.log_score.toFixed(4)}`,
            WIDTH,
          ),
          alignColumns([
            ["Predicted", "Observed", "2.5%", "97.5%", "rows"],
            ...calibration.bins.map(({ predicted, observed, lower, upper, rows: count }) => [
              ...[predicted, observed, lower, upper].map((v) => v.toFixed(3)),
              n(count),
            ]),
          ]),
        ]
      : []),
    `Written: ${out}`,
  ].join("\n");
}
