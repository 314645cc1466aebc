import { NEW_LEVELS, PREDICTION_KINDS, type PredictionKind } from "@bridgewise/core";
import { writeText } from "@bridgewise/core/node";
import { Effect, Option } from "effect";
import { Command, Flag } from "effect/cli";
import { attempt } from "../failure.ts";
import { type PredictResult, predictRun, probabilities } from "../pipeline/predict.ts";
import { rowProgress } from "../terminal/row-progress.ts";
import { writeOut } from "../terminal/standard-output.ts";
import { alignColumns } from "../terminal/table.ts";
import { jsonFlag, progressFlag, progressStyle, quietFlag, seedFlag } from "./fit-flags.ts";
import { dataFlag, namesOf, ndrawsFlag, runArgument } from "./run-flags.ts";

export const predict = Command.make(
  "predict",
  {
    run: runArgument,
    newdata: Flag.String("newdata").pipe(
      Flag.optional,
      Flag.withMetavar("FILE.csv"),
      Flag.withDescription("Rows to predict (default: the fit's own)"),
    ),
    kind: Flag.Literals("kind", PREDICTION_KINDS).pipe(
      Flag.withDefault("fitted"),
      Flag.withDescription(
        "fitted: the expected response (brms's fitted; default), predicted: drawn responses (predict), linear: the linear predictor",
      ),
    ),
    newLevels: Flag.Literals("new-levels", NEW_LEVELS).pipe(
      Flag.withDefault("error"),
      Flag.withDescription(
        "Levels of groups that the fit did not have: sample (from N(0, Sigma) in each draw), zero, or error (default)",
      ),
    ),
    groups: Flag.String("groups").pipe(
      Flag.withDefault("all"),
      Flag.withMetavar("all|none|NAME,…"),
      Flag.withDescription("Groups whose effects count (brms's re_formula), default all"),
    ),
    probs: Flag.String("probs").pipe(
      Flag.withDefault("0.025,0.975"),
      Flag.withDescription("Quantiles, default 0.025,0.975"),
    ),
    out: Flag.String("out").pipe(
      Flag.optional,
      Flag.withMetavar("FILE.csv"),
      Flag.withDescription("Write all rows there"),
    ),
    ndraws: ndrawsFlag,
    seed: seedFlag,
    data: dataFlag,
    quiet: quietFlag,
    json: jsonFlag,
    progress: progressFlag,
  },
  Effect.fnUntraced(function* (flags) {
    const bar = rowProgress("predict", process.stderr, progressStyle(flags));
    const out = Option.getOrUndefined(flags.out);
    yield* attempt(async () => {
      const result = await predictRun({
        dir: flags.run,
        data: Option.getOrUndefined(flags.data),
        newdata: Option.getOrUndefined(flags.newdata),
        kind: flags.kind,
        newLevels: flags.newLevels,
        groups: namesOf("--groups", flags.groups),
        probs: probabilities(flags.probs),
        ndraws: Option.getOrUndefined(flags.ndraws),
        seed: flags.seed,
        onRows: bar.update,
      }).finally(bar.done);
      if (out !== undefined) await writeText(out, csvLines(result));
      if (flags.json) await writeOut(`${JSON.stringify(result)}\n`);
      else if (!flags.quiet) console.log(describe(result, out));
    });
  }),
).pipe(
  Command.withDescription(
    "Predictions of a fit for its own rows or new data, with brms's columns: posterior mean, standard deviation and quantiles. New data need the formula's columns, without the response.",
  ),
  Command.withShortDescription("Fitted and predicted values, for new data too"),
  Command.withExamples([
    {
      command: "bridgewise predict runs/score --newdata new.csv --new-levels sample --out predicted.csv",
      description: "New persons: their effects are drawn from the fit's distribution of persons",
    },
    {
      command: "bridgewise predict runs/score --groups none",
      description: "The fit's rows at the population's level",
    },
  ]),
);

/** Rows that a terminal is shown. */
const SHOWN = 20;

const WHAT: Readonly<Record<PredictionKind, string>> = {
  fitted: "Expected responses",
  predicted: "Responses drawn from the posterior predictive distribution",
  linear: "Linear predictor",
};

function header({ predictions, probs }: PredictResult): string[] {
  const category = predictions.some((row) => row.category !== undefined) ? ["category"] : [];
  return [
    "row",
    ...category,
    "Estimate",
    "Est.Error",
    ...probs.map((p) => `Q${Number((100 * p).toFixed(10))}`),
  ];
}

function* csvLines(result: PredictResult): Generator<string> {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  yield `${header(result).join(",")}\n`;
  for (const { row, category, estimate, error, quantiles } of result.predictions)
    yield `${[row, ...(category === undefined ? [] : [cell(category)]), estimate, error, ...quantiles].join(",")}\n`;
}

function describe(result: PredictResult, out: string | undefined): string {
  const { predictions, kind, draws, groups, new_levels, family } = result;
  const n = (value: number): string => value.toLocaleString("en");
  const shown = predictions.slice(0, SHOWN);
  const what =
    kind === "fitted" && (family === "bernoulli" || family === "cumulative")
      ? "Probabilities"
      : kind === "predicted" && family === "cumulative"
        ? "Shares of the responses drawn from the posterior predictive distribution"
        : WHAT[kind];
  const drawn = Object.entries(new_levels).map(
    ([group, levels]) => `${n(levels.length)} new levels of ${group}`,
  );
  return [
    `${result.formula}`,
    `${what} over ${n(draws)} draws, effects of ${groups.length === 0 ? "no group (the population's level)" : groups.join(", ")}`,
    ...(drawn.length > 0 ? [`Drawn from N(0, Sigma) in each draw: ${drawn.join(", ")}`] : []),
    "",
    alignColumns([
      header(result),
      ...shown.map(({ row, category, estimate, error, quantiles }) => [
        String(row),
        ...(category === undefined ? [] : [category]),
        ...[estimate, error, ...quantiles].map((value) => value.toPrecision(4)),
      ]),
    ]),
    ...(predictions.length > SHOWN
      ? [
          `… ${n(predictions.length - SHOWN)} more${out === undefined ? "; --out FILE.csv writes them all" : ""}`,
        ]
      : []),
    ...(out === undefined ? [] : [`Written: ${out}`]),
  ].join("\n");
}
