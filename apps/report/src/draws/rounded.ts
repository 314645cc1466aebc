/** Codes of what is no number of the line, above those of the grid. */
const NAN = 65_535;
const POSITIVE = 65_534;
const NEGATIVE = 65_533;
/** Cells of the grid between the least and the greatest value. */
const CELLS = 65_500;
/** Bytes before the codes: the grid's first cell and the width of a cell, float64. */
const HEAD = 16;

/**
 * Draws of one variable in 16 bits each: `x` becomes the middle of its cell `[k * width, (k + 1) * width)`, so that it keeps its sign
 * and moves by at most 1/131,000 of the variable's range. What is not finite stays as it is. Little-endian, as every machine that runs
 * JavaScript engines today.
 */
export function roundedBytes(values: Float64Array): Uint8Array {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const x of values) {
    if (!Number.isFinite(x)) continue;
    least = Math.min(least, x);
    greatest = Math.max(greatest, x);
  }
  const width = greatest > least ? (greatest - least) / CELLS : 0;
  // a variable that does not vary is its one value
  const first = width > 0 ? Math.floor(least / width) : greatest;
  const bytes = new Uint8Array(HEAD + 2 * values.length);
  bytes.set(new Uint8Array(Float64Array.of(first, width).buffer));
  const codes = new Uint16Array(bytes.buffer, HEAD);
  for (const [i, x] of values.entries()) {
    if (Number.isFinite(x)) codes[i] = width > 0 ? Math.floor(x / width) - first : 0;
    else codes[i] = Number.isNaN(x) ? NAN : x > 0 ? POSITIVE : NEGATIVE;
  }
  return bytes;
}

/** What `roundedBytes` kept of the draws. */
export function roundedValues(bytes: Uint8Array): Float64Array {
  const [first, width] = new Float64Array(bytes.slice(0, HEAD).buffer) as unknown as [number, number];
  const codes = new Uint16Array(bytes.slice(HEAD).buffer);
  return Float64Array.from(codes, (code) => {
    if (code === NAN) return Number.NaN;
    if (code === POSITIVE) return Number.POSITIVE_INFINITY;
    if (code === NEGATIVE) return Number.NEGATIVE_INFINITY;
    return width > 0 ? (first + code + 0.5) * width : first;
  });
}
