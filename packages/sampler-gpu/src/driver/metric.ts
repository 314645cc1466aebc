import { choleskyInPlace } from "../linear/cholesky.ts";

/** Whitening of the globals: theta = mean + factor w, factor lower triangular, row-major, or a diagonal. */
export interface Metric {
  readonly mean: Float64Array;
  /** [globals x globals], or [globals], a diagonal */
  readonly factor: Float64Array;
}

/** Whether the factor is stored as its diagonal; one of a single global is both. */
export const isDiagonal = ({ mean, factor }: Metric): boolean => factor.length === mean.length;

/** w = factor^-1 (theta - mean) of one chain, whose values stand `stride` apart from their offsets on. */
export function whiten(
  metric: Metric,
  theta: Float64Array,
  thetaOffset: number,
  w: Float64Array,
  wOffset: number,
  stride: number,
): void {
  const { mean, factor } = metric;
  const n = mean.length;
  if (isDiagonal(metric)) {
    for (let a = 0; a < n; a++)
      w[wOffset + a * stride] = (theta[thetaOffset + a * stride]! - mean[a]!) / factor[a]!;
    return;
  }
  for (let a = 0; a < n; a++) {
    let t = theta[thetaOffset + a * stride]! - mean[a]!;
    for (let b = 0; b < a; b++) t -= factor[a * n + b]! * w[wOffset + b * stride]!;
    w[wOffset + a * stride] = t / factor[a * n + a]!;
  }
}

/** Running mean and covariance of the globals, or their variances alone, pooled over chains (Welford). */
export class Moments {
  count = 0;
  readonly size: number;
  readonly mean: Float64Array;
  private readonly squares: Float64Array;
  private readonly delta: Float64Array;

  constructor(size: number, diagonal = false) {
    this.size = size;
    this.mean = new Float64Array(size);
    this.squares = new Float64Array(diagonal ? size : size * size);
    this.delta = new Float64Array(size);
  }

  add(values: Float64Array, offset: number): void {
    this.count++;
    const { size, mean, squares, delta } = this;
    for (let k = 0; k < size; k++) delta[k] = values[offset + k]! - mean[k]!;
    for (let k = 0; k < size; k++) mean[k]! += delta[k]! / this.count;
    const w = (this.count - 1) / this.count;
    if (squares.length === size) {
      for (let k = 0; k < size; k++) squares[k]! += w * delta[k]! ** 2;
      return;
    }
    for (let k = 0; k < size; k++)
      for (let l = 0; l <= k; l++) squares[k * size + l]! += w * delta[k]! * delta[l]!;
  }

  /** [size x size] lower triangle, or [size] variances. */
  covariance(): Float64Array {
    const out = this.squares.slice();
    for (let i = 0; i < out.length; i++) out[i]! /= Math.max(1, this.count - 1);
    return out;
  }
}

/**
 * The draws' covariance, shrunk towards the analytic one as if that were `weight` draws; [size x size], lower triangle. Off the diagonal
 * this keeps a window with fewer draws than globals positive definite; where the analytic one is far off, its share fades with the
 * window's length.
 */
export function pooledCovariance(moments: Moments, analytic: Float64Array, weight: number): Float64Array {
  const share = moments.count / (moments.count + weight);
  return moments.covariance().map((c, i) => share * c + (1 - share) * analytic[i]!);
}

/** Cholesky factor of a covariance, or the square roots of its diagonal where it is not positive definite. */
export function factorOrDiagonal(covariance: Float64Array, n: number): Float64Array {
  const factor = covariance.slice();
  if (choleskyInPlace(factor, n)) return factor;
  factor.fill(0);
  for (let k = 0; k < n; k++) factor[k * n + k] = Math.sqrt(Math.max(covariance[k * n + k]!, 1e-12));
  return factor;
}
