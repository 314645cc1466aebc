/** Ranges below this count as constant: posterior's `is_constant`, R's `.Machine$double.eps`, not scaled. */
const CONSTANT_RANGE = Number.EPSILON;

/** Whether a diagnostic is defined at all: every value finite, and their range not (nearly) zero. */
export function varies(x: Float64Array): boolean {
  let least = Infinity;
  let largest = -Infinity;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (!Number.isFinite(value)) return false;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return largest - least >= CONSTANT_RANGE;
}

/** Whether a value is NaN, that is, missing. */
export function hasMissing(x: Float64Array): boolean {
  for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i]!)) return true;
  return false;
}
