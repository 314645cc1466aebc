/**
 * Mean of x[from, to), NaN for an empty range. The sum runs over differences from the first value and
 * is corrected once by the mean of what is left: constant input gives its value exactly, as in R.
 */
export function mean(x: Float64Array, from = 0, to: number = x.length): number {
  const count = to - from;
  if (count < 1) return Number.NaN;
  const origin = x[from]!;
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i]! - origin;
  const first = origin + sum / count;
  if (!Number.isFinite(first)) return plainMean(x, from, to);
  let left = 0;
  for (let i = from; i < to; i++) left += x[i]! - first;
  return first + left / count;
}

// Where differences overflow or hold Infinity - Infinity: the plain sum tells Infinity from NaN.
function plainMean(x: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i]! / (to - from);
  return sum;
}

/** Sample variance (divisor n - 1) of x[from, to) around `centre`, its mean; NaN below two values. */
export function variance(
  x: Float64Array,
  from = 0,
  to: number = x.length,
  centre = mean(x, from, to),
): number {
  const count = to - from;
  if (count < 2) return Number.NaN;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const d = x[i]! - centre;
    sum += d * d;
  }
  return sum / (count - 1);
}

/** Sample standard deviation (divisor n - 1); NaN below two values. */
export function standardDeviation(x: Float64Array): number {
  return Math.sqrt(variance(x));
}
