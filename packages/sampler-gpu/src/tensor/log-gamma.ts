import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** Terms of the recursion before the asymptotic series is good to single precision. */
const SHIFTS = 6;

const sum = (terms: readonly Tensor[]): Tensor => terms.reduce((a, b) => tf.add(a, b));

/** 1, 1/12, … of a series in falling odd powers of z: sum_k c_k / z^(2 k + 1). */
function oddPowers(z: Tensor, coefficients: readonly number[]): Tensor {
  const inverse = tf.reciprocal(z);
  const square = tf.square(inverse);
  let series: Tensor = tf.mul(square, coefficients.at(-1)!);
  for (const c of coefficients.slice(1, -1).toReversed()) series = tf.mul(tf.add(series, c), square);
  return tf.mul(inverse, tf.add(series, coefficients[0]!));
}

/** 1/3, 1/5, …: atanh(s) / s - 1 in falling order of the powers of s^2, for s up to 1/3. */
const ATANH = [1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3];

/** (z + 1/2) log(1 + 1/z) - 1, without cancellation: atanh(s) / s - 1 with s = 1 / (2 z + 1). */
function stirlingStep(z: Tensor): Tensor {
  const square = tf.square(tf.reciprocal(tf.add(tf.mul(z, 2), 1)));
  return ATANH.reduce<Tensor>((series, c) => tf.mul(tf.add(series, c), square), tf.zerosLike(square));
}

/**
 * log Gamma(x) less Stirling's (x - 1/2) log x - x + log(2 pi) / 2, for x > 0: small where log Gamma is large (DLMF 5.11.1, with
 * error(x) = error(x + 1) + (x + 1/2) log(1 + 1/x) - 1 below the series' reach).
 */
export function stirlingError(x: Tensor): Tensor {
  const steps = Array.from({ length: SHIFTS - 1 }, (_, k) => stirlingStep(tf.add(x, k + 1)));
  // below 1 the first step's series would not end
  const low = tf.sub(tf.mul(tf.add(x, 0.5), tf.log1p(tf.reciprocal(x))), 1);
  const first = tf.where(tf.less(x, 1), low, stirlingStep(x));
  return tf.add(sum([first, ...steps]), oddPowers(tf.add(x, SHIFTS), [1 / 12, -1 / 360, 1 / 1260]));
}

/** log Gamma(x + 1/2) - log Gamma(x) - log(x) / 2 for x > 0 (DLMF 5.11.13 at large x). */
export function gammaHalfStep(x: Tensor): Tensor {
  // Gamma(x + 1/2) / Gamma(x) = Gamma(z + 1/2) / Gamma(z) times (x + k) / (x + k + 1/2), k below SHIFTS, z = x + SHIFTS
  const steps = Array.from({ length: SHIFTS }, (_, k) => tf.log1p(tf.div(0.5, tf.add(x, k))));
  const z = tf.add(x, SHIFTS);
  const growth = tf.mul(tf.log1p(tf.div(SHIFTS, x)), 0.5);
  return tf.add(tf.sub(growth, sum(steps)), oddPowers(z, [-1 / 8, 1 / 192, -1 / 640]));
}
