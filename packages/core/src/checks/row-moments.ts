/**
 * Mean and variance over rows of quantities that come row by row, in every draw at once: Welford's recurrence (1962,
 * doi:10.1080/00401706.1962.10490022).
 */
export class RowMoments {
  private rows = 0;
  readonly mean: Float64Array;
  private readonly squares: Float64Array;

  constructor(draws: number) {
    this.mean = new Float64Array(draws);
    this.squares = new Float64Array(draws);
  }

  /** The values of one row, [draws]. */
  add(values: Float64Array): void {
    const { mean, squares } = this;
    const n = ++this.rows;
    for (let s = 0; s < values.length; s++) {
      const d = values[s]! - mean[s]!;
      const m = mean[s]! + d / n;
      squares[s]! += d * (values[s]! - m);
      mean[s] = m;
    }
  }

  /** [draws] divisor n - 1. */
  variance(): Float64Array {
    return this.squares.map((sum) => sum / (this.rows - 1));
  }
}
