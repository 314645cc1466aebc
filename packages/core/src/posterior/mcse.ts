/**
 * Monte Carlo standard errors, on the scale of the draws, by the rules of the R package posterior 1.5.0
 * to 1.7.1. Draws are [chains][draws]; NaN where the effective sample size is not defined.
 */
import { betaQuantile } from "./beta.ts";
import { essMean, essQuantile, essSd } from "./ess.ts";
import { mean, standardDeviation } from "./moments.ts";
import { sorted } from "./quantile.ts";

/** Phi(-1) and Phi(1), to the digits that posterior uses: half of that interval is one standard error. */
const ONE_SIGMA = [0.1586553, 0.8413447] as const;

/** sd / sqrt(ESS of the mean). */
export function mcseMean(x: Float64Array, chains: number): number {
  return standardDeviation(x) / Math.sqrt(essMean(x, chains));
}

/**
 * Standard error of a quantile: half the distance of the order statistics at the one-sigma quantiles of
 * Beta(ess p + 1, ess (1 - p) + 1); Vehtari et al. 2021, doi:10.1214/20-BA1221, section 4.4.
 */
export function mcseQuantile(x: Float64Array, chains: number, p: number): number {
  const ess = essQuantile(x, chains, p);
  if (Number.isNaN(ess)) return Number.NaN;
  const [low, high] = ONE_SIGMA.map((q) => betaQuantile(q, ess * p + 1, ess * (1 - p) + 1));
  const values = sorted(x);
  const n = values.length;
  const lower = values[Math.max(Math.floor(low! * n), 1) - 1]!;
  const upper = values[Math.min(Math.ceil(high! * n), n) - 1]!;
  return (upper - lower) / 2;
}

/** Standard error of the median. */
export function mcseMedian(x: Float64Array, chains: number): number {
  return mcseQuantile(x, chains, 0.5);
}

/**
 * Standard error of the standard deviation, for any distribution: the variance of the variance from the
 * fourth moment (Kenney & Keeping 1951, Mathematics of Statistics II, p. 141), then the delta method.
 */
export function mcseSd(x: Float64Array, chains: number): number {
  const centre = mean(x);
  const squares = x.map((value) => (value - centre) ** 2);
  const second = mean(squares);
  const fourth = mean(squares.map((value) => value * value));
  return Math.sqrt((fourth - second * second) / essSd(x, chains) / second / 4);
}
