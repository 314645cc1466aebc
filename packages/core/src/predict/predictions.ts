import { categoryProbabilities, familyOf, type RandomNumbers } from "../family/index.ts";
import { InputError } from "../input-error.ts";
import type { Model } from "../model/model.ts";
import { mean, standardDeviation } from "../posterior/moments.ts";
import { quantileSorted, sorted } from "../posterior/quantile.ts";
import { type DrawColumns, LinearPredictor } from "./linear-predictor.ts";
import type { RowsToPredict } from "./new-rows.ts";

/**
 * fitted: the expected response (brms's `posterior_epred`; of ordered categories the probability of each); predicted: responses drawn
 * at random (`posterior_predict`; of ordered categories whether each was drawn, so that the estimate is its share as in brms's
 * `predict`); linear: the linear predictor (`posterior_linpred`).
 */
export const PREDICTION_KINDS = ["fitted", "predicted", "linear"] as const;
export type PredictionKind = (typeof PREDICTION_KINDS)[number];

/** Draws of one row's prediction summarised; brms's columns. */
export interface Prediction {
  /** From 0. */
  readonly row: number;
  /** For one category of an ordered response: its probability, or its share of the drawn responses. */
  readonly category?: string;
  readonly estimate: number;
  /** Posterior standard deviation. */
  readonly error: number;
  /** [probs] R's type 7. */
  readonly quantiles: readonly number[];
}

export interface PredictOptions {
  readonly kind: PredictionKind;
  /** Default 0.025 and 0.975. */
  readonly probs?: readonly number[];
  /** Needed for `predicted`. */
  readonly random?: RandomNumbers;
  /** Told after each block of rows. */
  readonly onRows?: (done: number, rows: number) => void;
}

/** Summaries of each row's prediction over the draws; memory for one row's draws at a time. */
export function predictRows(
  { model, rows }: RowsToPredict,
  columns: DrawColumns,
  { kind, probs = [0.025, 0.975], random, onRows }: PredictOptions,
): Prediction[] {
  const bad = probs.find((p) => !(p >= 0 && p <= 1));
  if (bad !== undefined) throw new InputError(`a probability must be between 0 and 1: ${bad}`);
  const predictor = new LinearPredictor(model, columns, rows);
  const transform = rowTransform(model, predictor, kind, random);
  const eta = new Float64Array(columns.draws);
  const out: Prediction[] = [];
  for (let row = 0; row < rows.rows; row++) {
    predictor.row(row, eta);
    for (const { category, values } of transform(row, eta))
      out.push({ row, ...(category !== undefined && { category }), ...summary(values, probs) });
    if ((row + 1) % 500 === 0) onRows?.(row + 1, rows.rows);
  }
  return out;
}

interface RowDraws {
  readonly category?: string;
  readonly values: Float64Array;
}

/** From a row's eta [draws] to draws of what was asked for; the arrays are used again for the next row. */
function rowTransform(
  model: Model,
  { aux, draws }: LinearPredictor,
  kind: PredictionKind,
  random: RandomNumbers | undefined,
): (row: number, eta: Float64Array) => RowDraws[] {
  if (kind === "linear") return (_, eta) => [{ values: eta }];
  const family = familyOf(model.family);
  const values = new Float64Array(draws);
  const { categories } = model;
  const shares = (categories ?? []).map((category) => ({ category, values: new Float64Array(draws) }));
  if (kind === "predicted") {
    if (random === undefined) throw new RangeError("random numbers are needed to draw responses");
    if (categories !== undefined)
      return (_, eta) => {
        for (const { values: drawn } of shares) drawn.fill(0);
        for (let s = 0; s < draws; s++) shares[family.draw(eta[s]!, aux[s]!, 1, random) - 1]!.values[s] = 1;
        return shares;
      };
    return (row, eta) => {
      const trials = model.trials?.[row] ?? 1;
      for (let s = 0; s < draws; s++) values[s] = family.draw(eta[s]!, aux[s]!, trials, random);
      return [{ values }];
    };
  }
  if (categories === undefined)
    return (row, eta) => {
      const trials = model.trials?.[row] ?? 1;
      for (let s = 0; s < draws; s++) values[s] = family.mean(eta[s]!, aux[s]!, trials);
      return [{ values }];
    };
  const p = new Float64Array(categories.length);
  return (_, eta) => {
    for (let s = 0; s < draws; s++) {
      categoryProbabilities(eta[s]!, aux[s]!, p);
      for (let k = 0; k < p.length; k++) shares[k]!.values[s] = p[k]!;
    }
    return shares;
  };
}

function summary(values: Float64Array, probs: readonly number[]): Omit<Prediction, "row" | "category"> {
  const order = sorted(values);
  return {
    estimate: mean(values),
    error: standardDeviation(values),
    quantiles: probs.map((p) => quantileSorted(order, p)),
  };
}
