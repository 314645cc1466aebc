import { choleskyInPlace, solveLower, solveLowerTransposed } from "../linear/cholesky.ts";
import { fillNormals, type Seed, STREAM } from "../random/philox.ts";

/** A term whose effects are drawn together with those of others. */
export interface JointTerm {
  readonly levels: number;
  /** [rows] */
  readonly index: Int32Array;
  /** [draws] variance of the effects. */
  readonly variance: Float64Array;
  /** [levels][draws] sums of residuals weighted by 1 / sigma^2, then the effects. */
  readonly effects: Float64Array;
}

/** Levels of all terms together for which a Cholesky factor a draw is affordable: about half a minute for 4,000 draws of 250. */
export const MOST_JOINT_LEVELS = 250;

/**
 * Draws the effects of crossed terms in place from their joint normal: precision Z'Z / sigma^2 + diag(1 / tau^2), a dense factor a draw.
 * `inverseVariance`: [draws] 1 / sigma^2. One draw's numbers depend on its place in its chain alone.
 */
export function drawJointly(
  terms: readonly JointTerm[],
  inverseVariance: Float64Array,
  seed: Seed,
  chains: number,
): void {
  const draws = inverseVariance.length;
  const size = terms.reduce((sum, { levels }) => sum + levels, 0);
  const counts = countTogether(terms, size);
  const precision = new Float64Array(size * size);
  const x = new Float64Array(size);
  const z = new Float64Array(size);
  const length = draws / chains;
  for (let s = 0; s < draws; s++) {
    for (let k = 0; k < precision.length; k++) precision[k] = counts[k]! * inverseVariance[s]!;
    let at = 0;
    for (const { levels, variance, effects } of terms)
      for (let j = 0; j < levels; j++, at++) {
        precision[at * (size + 1)]! += 1 / variance[s]!;
        x[at] = effects[j * draws + s]!;
      }
    // a precision with a positive diagonal added is positive definite unless a number is not finite
    if (!choleskyInPlace(precision, size))
      throw new RangeError(`draw ${s + 1} has no finite standard deviations`);
    // P = L L': mean P^-1 x, and L'^-1 z has covariance P^-1
    solveLower(precision, size, x);
    fillNormals(z, size, seed, Math.floor(s / length), s % length, STREAM.conditional);
    for (let k = 0; k < size; k++) x[k]! += z[k]!;
    solveLowerTransposed(precision, size, x);
    at = 0;
    for (const { levels, effects } of terms)
      for (let j = 0; j < levels; j++) effects[j * draws + s] = x[at++]!;
  }
}

/** [size x size] Z'Z: rows that each pair of levels has in common. */
function countTogether(terms: readonly JointTerm[], size: number): Float64Array {
  const counts = new Float64Array(size * size);
  const offsets: number[] = [];
  let offset = 0;
  for (const { levels } of terms) {
    offsets.push(offset);
    offset += levels;
  }
  for (let row = 0; row < terms[0]!.index.length; row++)
    terms.forEach((a, i) => {
      const from = (offsets[i]! + a.index[row]!) * size;
      terms.forEach((b, k) => {
        counts[from + offsets[k]! + b.index[row]!]!++;
      });
    });
  return counts;
}
