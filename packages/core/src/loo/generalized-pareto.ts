/** A generalised Pareto distribution from 0 on: shape k (tails heavier than any moment from 1/k on) and scale sigma. */
export interface GeneralizedPareto {
  readonly k: number;
  readonly sigma: number;
}

/** Points of the grid over theta = -k / sigma before sqrt(n) more are added, and the prior's weight (Zhang & Stephens 2009). */
const LEAST_POINTS = 30;
const PRIOR = 3;
/** The weakly informative prior of k: as if ten more observations had k = 0.5 (Vehtari et al. 2024, JMLR 25(72)). */
const PRIOR_COUNT = 10;
const PRIOR_K = 0.5;

/**
 * Fits a generalised Pareto distribution to excesses x [n], ascending, x >= 0 (Zhang & Stephens 2009, doi:10.1198/tech.2009.08017):
 * the posterior mean of theta on a grid, k and sigma from it, and k moved towards 1/2 by the prior. `gpdfit` of the R package loo
 * 2.5.1 and of posterior, which loo 2.10.1 calls. k is Infinity where it is not defined, as for a first quarter of zeros; sigma is then NaN.
 */
export function fitGeneralizedPareto(x: Float64Array): GeneralizedPareto {
  const n = x.length;
  const points = LEAST_POINTS + Math.floor(Math.sqrt(n));
  const quartile = x[Math.floor(n / 4 + 0.5) - 1]!;
  const theta = new Float64Array(points);
  const logLik = new Float64Array(points);
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < points; j++) {
    const t = 1 / x[n - 1]! + (1 - Math.sqrt(points / (j + 0.5))) / PRIOR / quartile;
    const k = shapeOf(t, x);
    theta[j] = t;
    logLik[j] = n * (Math.log(-t / k) - k - 1);
    if (!(logLik[j]! <= most)) most = logLik[j]!;
  }
  let total = 0;
  let sum = 0;
  for (let j = 0; j < points; j++) {
    const weight = Math.exp(logLik[j]! - most);
    total += weight;
    sum += weight * theta[j]!;
  }
  const mean = sum / total;
  const k = shapeOf(mean, x);
  if (Number.isNaN(k)) return { k: Infinity, sigma: Number.NaN };
  return { k: (n * k + PRIOR_COUNT * PRIOR_K) / (n + PRIOR_COUNT), sigma: -k / mean };
}

/** Mean of log(1 - theta x): the k that is most likely given theta. */
function shapeOf(theta: number, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.log1p(-theta * x[i]!);
  return sum / x.length;
}

/** The quantile at 0 < p < 1. */
export function generalizedParetoQuantile(p: number, { k, sigma }: GeneralizedPareto): number {
  const log = -Math.log1p(-p);
  return sigma * (Math.abs(k) < Number.EPSILON ? log : Math.expm1(k * log) / k);
}
