/** A run of predictions that share one recalibrated value. */
export interface IsotonicBlock {
  /** Least and greatest prediction. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean outcome. */
  readonly value: number;
}

/**
 * Isotonic regression of outcomes on predictions by pooling adjacent violators (Ayer et al. 1955, doi:10.1214/aoms/1177728423):
 * the rising step function nearest to the outcomes in squares. Equal predictions are pooled first. O(n log n).
 */
export function isotonicRegression(predicted: Float64Array, outcome: Float64Array): IsotonicBlock[] {
  const order = Array.from(predicted.keys()).sort((a, b) => predicted[a]! - predicted[b]!);
  const blocks: { from: number; to: number; rows: number; sum: number }[] = [];
  for (const i of order) {
    const p = predicted[i]!;
    const last = blocks.at(-1);
    if (last !== undefined && last.to === p && last.from === p) {
      last.rows++;
      last.sum += outcome[i]!;
    } else blocks.push({ from: p, to: p, rows: 1, sum: outcome[i]! });
  }
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    let current = block;
    for (;;) {
      const before = pooled.at(-1);
      if (before === undefined || before.sum / before.rows < current.sum / current.rows) break;
      pooled.pop();
      current = {
        from: before.from,
        to: current.to,
        rows: before.rows + current.rows,
        sum: before.sum + current.sum,
      };
    }
    pooled.push(current);
  }
  return pooled.map(({ from, to, rows, sum }) => ({ from, to, rows, value: sum / rows }));
}
