import type { RandomNumbers } from "../family/index.ts";
import type { Replicates } from "./replicates.ts";

/** Probability integral transforms of the responses: uniform where predictions are calibrated. */
export interface PitHistogram {
  /** plain: each response is judged by predictions that saw it, so that misfit is underrated; loo: by those that did not. */
  readonly kind: "plain" | "loo";
  /** Shares of [0, 1] of equal width. */
  readonly counts: readonly number[];
  /** Count of each under calibration. */
  readonly expected: number;
}

const BINS = 20;

/**
 * [rows] share of the replicated responses below the observed one; among equal ones a random place (randomised PIT of discrete data,
 * Czado, Gneiting & Held 2009, doi:10.1111/j.1541-0420.2009.01191.x).
 */
export function pitValues(
  y: Float64Array,
  { count, rows, y: replicated }: Replicates,
  random: RandomNumbers,
): Float64Array {
  return y.map((observed, row) => {
    let below = 0;
    let equal = 0;
    for (let k = 0; k < count; k++) {
      const value = replicated[k * rows + row]!;
      if (value < observed) below++;
      else if (value === observed) equal++;
    }
    // the observed response is one of count + 1 that are exchangeable under the model
    return (below + random.uniform() * (equal + 1)) / (count + 1);
  });
}

export function pitHistogram(pit: Float64Array, kind: PitHistogram["kind"]): PitHistogram {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of pit) counts[Math.min(BINS - 1, Math.floor(value * BINS))]!++;
  return { kind, counts, expected: pit.length / BINS };
}
