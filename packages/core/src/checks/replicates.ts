import { familyOf, type RandomNumbers } from "../family/index.ts";
import { type DrawColumns, LinearPredictor } from "../predict/linear-predictor.ts";
import type { RowsToPredict } from "../predict/new-rows.ts";

/** Responses drawn from the posterior predictive distribution of a model's own rows. */
export interface Replicates {
  readonly count: number;
  readonly rows: number;
  /** [count x rows] */
  readonly y: Float64Array;
  /** [rows] posterior mean of the expected response, over all draws. */
  readonly expected: Float64Array;
}

/** `count` replicated data sets, of draws spread evenly over all of them; fewer where there are fewer draws. */
export function replicate(
  { model, rows }: RowsToPredict,
  draws: DrawColumns,
  wanted: number,
  random: RandomNumbers,
  onRow?: () => void,
): Replicates {
  const count = Math.min(wanted, draws.draws);
  const chosen = Int32Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * draws.draws) / count));
  const family = familyOf(model.family);
  const predictor = new LinearPredictor(model, draws, rows);
  const { aux } = predictor;
  const eta = new Float64Array(draws.draws);
  const y = new Float64Array(count * model.rows);
  const expected = new Float64Array(model.rows);
  for (let row = 0; row < model.rows; row++) {
    predictor.row(row, eta);
    const trials = model.trials?.[row] ?? 1;
    let sum = 0;
    for (let s = 0; s < eta.length; s++) sum += family.mean(eta[s]!, aux[s]!, trials);
    expected[row] = sum / eta.length;
    for (let k = 0; k < count; k++) {
      const s = chosen[k]!;
      y[k * model.rows + row] = family.draw(eta[s]!, aux[s]!, trials, random);
    }
    onRow?.();
  }
  return { count, rows: model.rows, y, expected };
}

/** One replicated data set, [rows], a view. */
export const replicateAt = ({ rows, y }: Replicates, k: number): Float64Array =>
  y.subarray(k * rows, (k + 1) * rows);
