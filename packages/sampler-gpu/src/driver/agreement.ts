import { type Metric, whiten } from "./metric.ts";

/** Warm-up may end when split R-hat of every whitened global over the last window is below this … */
const AGREEMENT = 1.1;
/** … and no whitened variance is above this: a metric that is too narrow still has something to learn. */
const MOST_VARIANCE = 2.5;

/**
 * Whether the chains agree on a window's globals, and the metric that it was sampled with had described them.
 * `history`: [iterations] of [chains][size].
 */
export function chainsAgree(
  history: readonly Float64Array[],
  chains: number,
  size: number,
  metric: Metric,
): boolean {
  const half = Math.floor(history.length / 2);
  if (half < 10) return false;
  const sequences = 2 * chains;
  const mean = new Float64Array(sequences * size);
  const squares = new Float64Array(sequences * size);
  const w = new Float64Array(size);
  for (let i = 0; i < 2 * half; i++) {
    for (let c = 0; c < chains; c++) {
      const at = (2 * c + (i < half ? 0 : 1)) * size;
      whiten(metric, history[i]!, c * size, w, 0, 1);
      for (let a = 0; a < size; a++) {
        mean[at + a]! += w[a]! / half;
        squares[at + a]! += w[a]! ** 2 / half;
      }
    }
  }
  for (let a = 0; a < size; a++) {
    let grand = 0;
    let within = 0;
    for (let s = 0; s < sequences; s++) {
      grand += mean[s * size + a]! / sequences;
      within += (squares[s * size + a]! - mean[s * size + a]! ** 2) / sequences;
    }
    let between = 0;
    for (let s = 0; s < sequences; s++) between += (mean[s * size + a]! - grand) ** 2 / (sequences - 1);
    const total = within + between;
    if (!(Math.sqrt(total / within) < AGREEMENT) || total > MOST_VARIANCE) return false;
  }
  return true;
}
