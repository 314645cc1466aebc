import { mean, standardDeviation } from "./moments.ts";
import { quantileSorted, sorted } from "./quantile.ts";

/** A quantity over the draws: posterior mean, posterior standard deviation, equal-tailed interval. */
export interface PosteriorEstimate {
  readonly estimate: number;
  readonly error: number;
  readonly lower: number;
  readonly upper: number;
}

/** The level of an interval where nothing else is said. */
export const INTERVAL = 0.95;

/** `values`: [draws] in any order, no NaN. `level`: the posterior share inside the interval; quantiles by R's type 7. */
export function estimateOf(values: Float64Array, level: number = INTERVAL): PosteriorEstimate {
  if (!(level > 0 && level < 1))
    throw new RangeError(`an interval's level must be between 0 and 1: ${level}`);
  const order = sorted(values);
  return {
    estimate: mean(values),
    error: standardDeviation(values),
    lower: quantileSorted(order, (1 - level) / 2),
    upper: quantileSorted(order, (1 + level) / 2),
  };
}
