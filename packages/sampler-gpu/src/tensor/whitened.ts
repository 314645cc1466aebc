import { isDiagonal, type Metric, whiten } from "../driver/metric.ts";

/** theta = mean + factor w of one chain, whose w begins at `offset`, in float64: the inverse of `whiten`. */
export function unwhiten(metric: Metric, w: ArrayLike<number>, offset: number, theta: Float64Array): void {
  const { mean, factor } = metric;
  const n = mean.length;
  const diagonal = isDiagonal(metric);
  for (let a = 0; a < n; a++) {
    let t = mean[a]!;
    if (diagonal) t += factor[a]! * w[offset + a]!;
    else for (let b = 0; b <= a; b++) t += factor[a * n + b]! * w[offset + b]!;
    theta[a] = t;
  }
}

/** Writes the globals w [chains x globals] anew in a changed metric; those at `freeSigns` lose their sign. */
export function rewhiten(from: Metric, to: Metric, w: Float64Array, freeSigns: readonly number[]): void {
  const n = from.mean.length;
  const theta = new Float64Array(n);
  for (let at = 0; at < w.length; at += n) {
    unwhiten(from, w, at, theta);
    for (const k of freeSigns) theta[k] = Math.abs(theta[k]!);
    whiten(to, theta, 0, w, at, 1);
  }
}
