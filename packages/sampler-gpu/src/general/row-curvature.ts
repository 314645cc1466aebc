import { type Family, familyOf, inverseLogit } from "@bridgewise/core";
import type { GeneralRows } from "./general-rows.ts";
import { trigamma } from "./trigamma.ts";

/** Weights below this would let one separable row dominate (p (1 - p) of a probability of 0.001). */
const LEAST_WEIGHT = 1e-3;

/** A second-order view of the rows' log likelihoods around a linear predictor. */
export interface RowCurvature {
  /** [rows] slope of the log likelihood in eta. */
  readonly score: Float64Array;
  /** [rows] weight: about minus the second derivative, positive. */
  readonly weight: Float64Array;
  /** [rows] of cumulative: the derivatives of the score in the thresholds below and above the row's category. */
  readonly below: Float64Array;
  readonly above: Float64Array;
}

export const rowCurvature = ({ rows, thresholds }: GeneralRows): RowCurvature => ({
  score: new Float64Array(rows),
  weight: new Float64Array(rows),
  below: new Float64Array(thresholds > 0 ? rows : 0),
  above: new Float64Array(thresholds > 0 ? rows : 0),
});

const logisticDensity = (x: number): number => inverseLogit(x) * inverseLogit(-x);

/** Weight of one row: the observed information, but for student_t EM's weight and for beta the expected information. */
function weightOf(
  family: Exclude<Family, "cumulative">,
  y: number,
  eta: number,
  trials: number,
  aux: ArrayLike<number>,
): number {
  switch (family) {
    case "gaussian":
      return 1 / aux[0]! ** 2;
    case "student_t": {
      // as large as the observed information near the centre, positive in the tails (Lange, Little & Taylor 1989, section 3)
      const d = (y - eta) / aux[0]!;
      return (aux[1]! + 1) / (aux[1]! + d * d) / aux[0]! ** 2;
    }
    case "bernoulli":
    case "binomial":
      return trials * Math.max(logisticDensity(eta), LEAST_WEIGHT);
    case "beta": {
      // Ferrari & Cribari-Neto 2004, doi:10.1080/0266476042000214501, eq. for w_t
      const mu = Math.min(Math.max(inverseLogit(eta), 1e-6), 1 - 1e-6);
      const slope = mu * (1 - mu);
      const phi = aux[0]!;
      return (phi * slope) ** 2 * (trigamma(mu * phi) + trigamma((1 - mu) * phi));
    }
  }
}

/** The curvature at eta [rows]; `aux` as familyOf's row functions take it: the family's parameters, then thresholds. */
export function curveRows(
  problem: GeneralRows,
  eta: Float64Array,
  aux: Float64Array,
  out: RowCurvature,
): void {
  const { rows, family, y, trials, thresholds } = problem;
  if (problem.model.priorOnly) return;
  const slopes = new Float64Array(1 + aux.length);
  const { logLikAndSlopes } = familyOf(family);
  for (let i = 0; i < rows; i++) {
    logLikAndSlopes(y[i]!, eta[i]!, aux, trials[i]!, slopes);
    out.score[i] = slopes[0]!;
    if (family !== "cumulative") {
      out.weight[i] = weightOf(family, y[i]!, eta[i]!, trials[i]!, aux);
      continue;
    }
    // the slope in eta is F(above) + F(below) - 1, F the logistic distribution at the thresholds less eta, F = 1 above the last
    const category = y[i]!;
    const below = category > 1 ? logisticDensity(aux[category - 2]! - eta[i]!) : 0;
    const above = category <= thresholds ? logisticDensity(aux[category - 1]! - eta[i]!) : 0;
    const raise = Math.max(1, LEAST_WEIGHT / Math.max(below + above, Number.MIN_VALUE));
    out.below[i] = raise * below;
    out.above[i] = raise * above;
    out.weight[i] = raise * (below + above);
  }
}
