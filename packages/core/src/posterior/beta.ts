/**
 * The beta distribution, accurate for large shapes (about 1e-14 relative up to 1e6): the density's
 * exponent is formed as a saddle point (Loader 2000, "Fast and accurate computation of binomial
 * probabilities"), not as a difference of log gammas.
 */
import { STIRLING } from "../family/log-gamma.ts";

/** From here on the eight terms of the series leave less than 1e-17. */
const STIRLING_FROM = 10;

/** log Gamma(z) - ((z - 1/2) log z - z + log(2 pi) / 2), z > 0. */
function stirlingError(z: number): number {
  // Below the series' reach: error(z) = error(z + 1) + (z + 1/2) log(1 + 1/z) - 1.
  let shift = 0;
  let x = z;
  for (; x < STIRLING_FROM; x++) shift += (x + 0.5) * Math.log1p(1 / x) - 1;
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) sum = sum * inverseSquare + STIRLING[k]!;
  return shift + sum / x;
}

/** log(r) - u for r = 1 + u, without cancellation for u near 0 (series) nor near -1 (r as given). */
function logMinus(r: number, u: number): number {
  if (Math.abs(u) > 0.1) return Math.log(r) - u;
  // With s = u / (2 + u): log(1 + u) = 2 (s + s^3/3 + s^5/5 + ...), and 2s - u = -u s.
  const s = u / (2 + u);
  const s2 = s * s;
  let sum = 0;
  let power = s2 * s;
  for (let k = 3; k <= 21; k += 2) {
    sum += power / k;
    power *= s2;
  }
  return 2 * sum - u * s;
}

/** x^a (1 - x)^b / B(a, b); `complement` is 1 - x. */
function betaPower(x: number, complement: number, a: number, b: number): number {
  const total = a + b;
  const peak = a / total;
  const rest = b / total;
  const distance = x <= complement ? x - peak : rest - complement;
  const exponent =
    a * logMinus(x / peak, distance / peak) + b * logMinus(complement / rest, -distance / rest);
  const gammas = stirlingError(total) - stirlingError(a) - stirlingError(b);
  return Math.sqrt((a * rest) / (2 * Math.PI)) * Math.exp(exponent + gammas);
}

/** Continued fraction of the incomplete beta (DLMF 8.17.22) by the modified Lentz method; x < (a + 1)/(a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  const TINY = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  if (Math.abs(d) < TINY) d = TINY;
  d = 1 / d;
  let value = d;
  // O(sqrt(max(a, b))) steps are needed; the bound is never reached with finite shapes below 1e9.
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + even / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (Math.abs(d) < TINY) d = TINY;
    c = 1 + odd / c;
    if (Math.abs(c) < TINY) c = TINY;
    d = 1 / d;
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < 2e-16) break;
  }
  return value;
}

/** The smaller tail of Beta(a, b) at x, the one whose fraction converges fast, and which one it is. */
function betaTail(x: number, a: number, b: number): { readonly lower: boolean; readonly mass: number } {
  const complement = 1 - x;
  const power = betaPower(x, complement, a, b);
  if (x < (a + 1) / (a + b + 2)) return { lower: true, mass: (power * betaFraction(x, a, b)) / a };
  return { lower: false, mass: (power * betaFraction(complement, b, a)) / b };
}

/** Regularised incomplete beta I_x(a, b) = P(X <= x), X ~ Beta(a, b); a, b > 0; NaN where not defined. */
export function betaCdf(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && a < Infinity && b < Infinity) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const { lower, mass } = betaTail(x, a, b);
  return lower ? mass : 1 - mass;
}

/**
 * Beta quantile: x with I_x(a, b) = p, to about 1e-13 relative; a, b > 0; NaN where not defined.
 * Newton's method kept inside a shrinking bracket.
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && a < Infinity && b < Infinity) || !(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return 0;
  if (p === 1) return 1;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  // Halving alone would come to the least double in 1,075 steps; Newton's takes about five.
  for (let i = 0; i < 1100; i++) {
    const { lower, mass } = betaTail(x, a, b);
    // cdf(x) - p, from whichever tail was computed.
    const excess = lower ? mass - p : 1 - p - mass;
    if (excess === 0) return x;
    if (excess < 0) low = x;
    else high = x;
    const density = betaPower(x, 1 - x, a, b) / (x * (1 - x));
    let next = x - excess / density;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const moved = Math.abs(next - x);
    x = next;
    if (moved <= 1e-15 * x) return x;
  }
  return x;
}
