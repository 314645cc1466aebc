import { betaQuantile } from "../posterior/beta.ts";
import { normalCdf } from "../posterior/normal-cdf.ts";
import type { Random } from "./random.ts";

/** Draws standard normals with a correlation matrix. */
export function correlatedNormals(
  correlations: readonly (readonly number[])[],
): (random: Random) => Float64Array {
  const lower = cholesky(correlations);
  return (random) => {
    const z = Float64Array.from(lower, () => random.normal());
    return Float64Array.from(lower, (row) => row.reduce((sum, value, j) => sum + value * z[j]!, 0));
  };
}

/**
 * The least sum of a beta's shapes: its variance is at most mean (1 - mean) / (1 + LEAST_SIZE), so that it does not pile up at both
 * ends at once.
 */
const LEAST_SIZE = 2;

/** The greatest sd that `betaOf` gives at a mean. */
export function greatestSd(mean: number): number {
  return Math.sqrt((mean * (1 - mean)) / (1 + LEAST_SIZE));
}

/**
 * A standard normal z as a value in (0, 1) of the beta distribution with this mean, exactly, and this sd, or `greatestSd` where that is
 * less.
 */
export function betaOf(z: number, mean: number, sd: number): number {
  const variance = Math.min(sd, greatestSd(mean)) ** 2;
  const size = (mean * (1 - mean)) / variance - 1;
  return betaQuantile(normalCdf(z), mean * size, (1 - mean) * size);
}

/** L with L L' = matrix. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const lower = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
  }
  return lower;
}
