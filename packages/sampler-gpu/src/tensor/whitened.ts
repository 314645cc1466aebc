import type { Metric } from "../driver/metric.ts";

/** theta = mean + factor w of one chain, whose w begins at `offset`, in float64: the inverse of `whiten`. */
export function unwhiten(
  { mean, factor }: Metric,
  w: ArrayLike<number>,
  offset: number,
  theta: Float64Array,
): void {
  const n = mean.length;
  for (let a = 0; a < n; a++) {
    let t = mean[a]!;
    for (let b = 0; b <= a; b++) t += factor[a * n + b]! * w[offset + b]!;
    theta[a] = t;
  }
}
