/** Stirling's series of log Gamma: B_2k / (2k (2k - 1)), k = 1.. (DLMF 5.11.1, https://dlmf.nist.gov/5.11). */
export const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
] as const;
/** Of its derivative: B_2k / (2k) (DLMF 5.11.2). */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160] as const;
/** From here on eight terms leave less than 1e-16. */
const SERIES_FROM = 10;
const HALF_LOG_TWO_PI = 0.9189385332046728;

function series(coefficients: readonly number[], x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * inverseSquare + coefficients[k]!;
  return sum;
}

/** log Gamma(x), x > 0; NaN elsewhere. */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x === Infinity) return Infinity;
  // Gamma(x) = Gamma(x + n) / (x (x + 1) … (x + n - 1))
  let product = 1;
  let z = x;
  for (; z < SERIES_FROM; z++) product *= z;
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + series(STIRLING, z) / z - Math.log(product);
}

/** d log Gamma(x) / dx, x > 0; NaN elsewhere. */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 0;
  let z = x;
  for (; z < SERIES_FROM; z++) shift += 1 / z;
  return Math.log(z) - 0.5 / z - series(DIGAMMA, z) / (z * z) - shift;
}

/** From here on five terms leave less than 1e-17. */
const HALF_STEP_FROM = 100;

/** log Gamma(x + 1/2) - log Gamma(x), x > 0, without their difference's loss of digits for large x (DLMF 5.11.13). */
export function logGammaHalfStep(x: number): number {
  if (!(x > HALF_STEP_FROM)) return logGamma(x + 0.5) - logGamma(x);
  const s = 1 / (x * x);
  return 0.5 * Math.log(x) + (-1 / 8 + s * (1 / 192 + s * (-1 / 640 + (s * 17) / 14336))) / x;
}

/** Its derivative. */
export function digammaHalfStep(x: number): number {
  if (!(x > HALF_STEP_FROM)) return digamma(x + 0.5) - digamma(x);
  const s = 1 / (x * x);
  return 0.5 / x + s * (1 / 8 + s * (-1 / 64 + s * (1 / 128 - (s * 17) / 2048)));
}
