import { normalQuantile } from "./normal.ts";
import { sortOrder } from "./order.ts";

/** Blom's offset in (rank - 3/8) / (S + 1/4): Vehtari et al. 2021, doi:10.1214/20-BA1221, section 4.1. */
const BLOM = 3 / 8;

/** Normal scores of all average ranks of n values, 1, 1.5, ..., n: entry 2 (rank - 1). */
export function normalScores(n: number): Float64Array {
  const scores = new Float64Array(Math.max(0, 2 * n - 1));
  for (let k = 0; k < scores.length; k++) scores[k] = normalQuantile((k / 2 + 1 - BLOM) / (n - 2 * BLOM + 1));
  return scores;
}

/**
 * Rank-normalised values, Phi^-1((rank - 3/8) / (n + 1/4)) with ranks pooled over all chains; any shape,
 * no NaN. `order` sorts x, `scores` are `normalScores(x.length)`, `sorted` is x in that
 * order: pass them where they are at hand.
 */
export function rankNormalize(
  x: Float64Array,
  order: Int32Array = sortOrder(x),
  scores: Float64Array = normalScores(x.length),
  target: Float64Array = new Float64Array(x.length),
  sorted: Float64Array = Float64Array.from(order, (i) => x[i]!),
): Float64Array {
  const n = sorted.length;
  for (let from = 0; from < n; ) {
    const to = tieEnd(sorted, from);
    // The average rank of order[from, to) is (from + to + 1) / 2.
    const score = scores[from + to - 1]!;
    for (; from < to; from++) target[order[from]!] = score;
  }
  return target;
}

/** [n] ranks from 1, ties get their average; no NaN. `order` sorts x. */
export function averageRanks(x: Float64Array, order: Int32Array = sortOrder(x)): Float64Array {
  const sorted = Float64Array.from(order, (i) => x[i]!);
  const ranks = new Float64Array(x.length);
  for (let from = 0; from < sorted.length; ) {
    const to = tieEnd(sorted, from);
    const rank = (from + to + 1) / 2;
    for (; from < to; from++) ranks[order[from]!] = rank;
  }
  return ranks;
}

/** Where the run of equal values that begins at `from` ends. */
function tieEnd(sorted: Float64Array, from: number): number {
  const value = sorted[from]!;
  let to = from + 1;
  while (to < sorted.length && sorted[to]! === value) to++;
  return to;
}
