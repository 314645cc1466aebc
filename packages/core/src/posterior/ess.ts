/**
 * Effective sample sizes (Vehtari et al. 2021, doi:10.1214/20-BA1221), by the rules of the R package
 * posterior 1.4.0 to 1.7.1. Draws are [chains][draws]; NaN where a size is not defined: a draw that is
 * not finite, draws that do not vary, fewer than 6 draws a chain.
 */
import { type AutocovarianceBuffers, meanAutocovariance } from "./autocovariance.ts";
import { mean, variance } from "./moments.ts";
import { quantile } from "./quantile.ts";
import { rankNormalize } from "./ranks.ts";
import { splitChains } from "./split.ts";
import { hasMissing, varies } from "./varies.ts";

/** Below three draws in a (half) chain there is no pair of autocorrelations to look at (posterior). */
const LEAST_LENGTH = 3;

/** Tail ESS looks at the 5% and 95% quantiles: Vehtari et al. 2021, section 4.3. */
export const TAIL_PROBABILITIES = [0.05, 0.95] as const;

/**
 * Effective sample size of the mean of x, [chains][length], taking the chains as they are (not split):
 * section 3.2 of Vehtari et al. 2021.
 */
export function effectiveSampleSize(
  x: Float64Array,
  chains: number,
  buffers?: AutocovarianceBuffers,
): number {
  const length = x.length / chains;
  if (!(length >= LEAST_LENGTH) || !varies(x)) return Number.NaN;
  const means = new Float64Array(chains);
  const autocovariance = meanAutocovariance(x, means, buffers);
  const atZero = autocovariance(0);
  const within = (atZero * length) / (length - 1);
  const total = atZero + (chains > 1 ? variance(means) : 0);
  const rho = (lag: number): number => 1 - (within - autocovariance(lag)) / total;
  // At best S log10(S): an antithetic estimate beyond that is unstable (posterior's cap).
  const size = x.length;
  return size / Math.max(autocorrelationTime(rho, length), 1 / Math.log10(size));
}

/**
 * Integrated autocorrelation time by Geyer's initial positive and initial monotone sequences (Geyer
 * 1992, doi:10.1214/ss/1177011137, section 3.3) over pairs of lags (0, 1), (2, 3), ..., plus the first
 * even lag after them, which steadies antithetic chains.
 */
function autocorrelationTime(rho: (lag: number) => number, length: number): number {
  let lag = 0;
  let even = 1;
  let odd = rho(1);
  // Sum over the pairs before `lag`, none above the one before it (the monotone sequence).
  let pairs = 0;
  let least = even + odd;
  while (lag < length - 5 && even + odd > 0) {
    pairs += least;
    lag += 2;
    even = rho(lag);
    odd = rho(lag + 1);
    least = Math.min(least, even + odd);
  }
  // Where no pair follows the first, posterior's `sum(rho[1:max_t])` is R's 1:0 and yields rho_0 = 1.
  if (lag === 0) pairs = 1;
  return -1 + 2 * pairs + (even + odd >= 0 ? even : Math.max(even, 0));
}

/** Bulk ESS: of the rank-normalised split chains (section 4.1). */
export function essBulk(x: Float64Array, chains: number): number {
  if (hasMissing(x)) return Number.NaN;
  return effectiveSampleSize(rankNormalize(splitChains(x, chains)), 2 * chains);
}

/** Tail ESS: the lesser of those of the 5% and 95% quantiles (section 4.3). */
export function essTail(x: Float64Array, chains: number): number {
  return Math.min(...TAIL_PROBABILITIES.map((p) => essQuantile(x, chains, p)));
}

/** ESS of the mean: of the split chains as they are. */
export function essMean(x: Float64Array, chains: number): number {
  return effectiveSampleSize(splitChains(x, chains), 2 * chains);
}

/** ESS of a quantile: of the indicator of draws up to it, 0 <= p <= 1 (section 4.3). */
export function essQuantile(x: Float64Array, chains: number, p: number): number {
  if (!varies(x)) return Number.NaN;
  // At p = 1 every draw is below; posterior moves to (S - 1/2) / S.
  const q = quantile(x, p === 1 ? (x.length - 0.5) / x.length : p);
  return essMean(indicator(x, q), chains);
}

/** ESS of the median. */
export function essMedian(x: Float64Array, chains: number): number {
  return essQuantile(x, chains, 0.5);
}

/** ESS of the standard deviation: of the squared distances from the mean (posterior from 1.5.0 on; 1.4.0 took absolute ones). */
export function essSd(x: Float64Array, chains: number): number {
  const centre = mean(x);
  return essMean(
    x.map((value) => (value - centre) ** 2),
    chains,
  );
}

/** 1 where x <= limit, else 0. */
export function indicator(
  x: Float64Array,
  limit: number,
  target: Float64Array = new Float64Array(x.length),
): Float64Array {
  for (let i = 0; i < x.length; i++) target[i] = x[i]! <= limit ? 1 : 0;
  return target;
}
