import { sortOrder } from "../posterior/order.ts";
import { fitGeneralizedPareto, generalizedParetoQuantile } from "./generalized-pareto.ts";

/** A tail of fewer draws is not fitted. */
const LEAST_TAIL = 5;
/** Log weights of a tail within this range are the same (loo). */
const SAME = Number.EPSILON / 100;

/**
 * How many of the largest importance ratios are smoothed: at most a fifth of the draws, and 3 sqrt(S / r_eff)
 * (Vehtari et al. 2024, JMLR 25(72)).
 */
export function tailLength(draws: number, relativeEfficiency: number): number {
  return Math.ceil(Math.min(0.2 * draws, 3 * Math.sqrt(draws / relativeEfficiency)));
}

/**
 * Pareto smooths the largest log ratios in place: `tail`, ascending, the largest of all is 0; `cutoff`: the largest of the others.
 * Each becomes the log of a generalised Pareto quantile at (i - 1/2) / M, at most 0. The result is k: Infinity, and the tail as it was,
 * where there are too few, where all are the same, or where no distribution fits. `excess`: working memory of the tail's length.
 */
export function smoothTail(
  tail: Float64Array,
  cutoff: number,
  excess: Float64Array = new Float64Array(tail.length),
): number {
  const length = tail.length;
  if (length < LEAST_TAIL || !(tail[length - 1]! - tail[0]! >= SAME)) return Infinity;
  const base = Math.exp(cutoff);
  for (let i = 0; i < length; i++) excess[i] = Math.exp(tail[i]!) - base;
  const fit = fitGeneralizedPareto(excess);
  if (!Number.isFinite(fit.k)) return Infinity;
  for (let i = 0; i < length; i++) {
    const quantile = generalizedParetoQuantile((i + 0.5) / length, fit) + base;
    tail[i] = Math.min(Math.log(quantile), 0);
  }
  return fit.k;
}

/**
 * Pareto smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024, JMLR 25(72)): log weights [draws], not normalised,
 * from log importance ratios [draws], all finite, and k, which tells how far they can be trusted. As `psis` of loo 2.5.1 and 2.10.1.
 */
export function psis(
  logRatios: Float64Array,
  relativeEfficiency = 1,
): { readonly logWeights: Float64Array; readonly k: number } {
  const draws = logRatios.length;
  const length = tailLength(draws, relativeEfficiency);
  const order = sortOrder(logRatios);
  const largest = logRatios[order[draws - 1]!]!;
  const tail = Float64Array.from({ length }, (_, i) => logRatios[order[draws - length + i]!]! - largest);
  const cutoff = length < draws ? logRatios[order[draws - length - 1]!]! - largest : Number.NaN;
  const k = smoothTail(tail, cutoff);
  const logWeights = logRatios.slice();
  tail.forEach((value, i) => {
    logWeights[order[draws - length + i]!] = value + largest;
  });
  return { logWeights, k };
}
