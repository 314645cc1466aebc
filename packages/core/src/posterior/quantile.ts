import { sortOrder } from "./order.ts";
import { hasMissing } from "./varies.ts";

/** Makes the MAD estimate the standard deviation of a normal: 1 / Phi^-1(3/4), rounded as in R's `mad`. */
export const MAD_CONSTANT = 1.4826;

/**
 * Quantile of sorted values by R's type 7 (Hyndman & Fan 1996, doi:10.2307/2684934): linear between
 * order statistics at 1 + (n - 1) p. NaN for an empty array, or p outside [0, 1].
 */
export function quantileSorted(sorted: Float64Array, p: number): number {
  const n = sorted.length;
  if (n === 0 || !(p >= 0 && p <= 1)) return Number.NaN;
  const position = (n - 1) * p;
  const low = Math.floor(position);
  const weight = position - low;
  const below = sorted[low]!;
  const above = sorted[Math.ceil(position)]!;
  // Mixing equal neighbours might round to just below them, and an indicator x <= q would lose their ties.
  if (weight === 0 || below === above) return below;
  return (1 - weight) * below + weight * above;
}

/** R's type 7 quantile of values in any order; NaN if one is NaN. */
export function quantile(x: Float64Array, p: number): number {
  return hasMissing(x) ? Number.NaN : quantileSorted(sorted(x), p);
}

/** Median; NaN if a value is NaN. */
export function median(x: Float64Array): number {
  return quantile(x, 0.5);
}

/** Median absolute deviation from the median, times 1.4826; NaN if a value is NaN. */
export function mad(x: Float64Array): number {
  const centre = median(x);
  return MAD_CONSTANT * median(x.map((value) => Math.abs(value - centre)));
}

/** A sorted copy; no NaN. */
export function sorted(x: Float64Array): Float64Array {
  const order = sortOrder(x);
  return Float64Array.from(order, (i) => x[i]!);
}
