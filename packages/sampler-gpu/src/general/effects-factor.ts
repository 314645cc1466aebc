import { choleskyInPlace } from "../linear/cholesky.ts";
import { correlationFactor } from "./correlation.ts";

/**
 * A term's effects are u = C x, x standard normal, C = diag(sd) L [q x q]: into out[at], … from signed sds and the correlations'
 * coordinates, both `stride` apart; `cor` is undefined where L = 1.
 */
export function effectsFactor(
  q: number,
  sd: (k: number) => number,
  cor: { readonly y: Float64Array; readonly from: number; readonly stride: number } | undefined,
  out: Float64Array,
  at: number,
): void {
  if (cor === undefined) {
    out.fill(0, at, at + q * q);
    for (let k = 0; k < q; k++) out[at + k * q + k] = sd(k);
    return;
  }
  correlationFactor(q, cor.y, cor.from, cor.stride, out, at);
  for (let i = 0; i < q; i++) for (let j = 0; j <= i; j++) out[at + i * q + j]! *= sd(i);
}

/**
 * Standard deviations and the correlations' factor L of a covariance [q x q]; correlations shrunk a little where it is singular. A
 * covariance that is not finite, or has no variance, gives NaN: no chain starts there.
 */
export function splitCovariance(
  q: number,
  covariance: Float64Array,
): { sd: Float64Array; factor: Float64Array } {
  const sd = Float64Array.from({ length: q }, (_, k) => Math.sqrt(covariance[k * q + k]!));
  if (!covariance.every(Number.isFinite) || !sd.every((s) => s > 0))
    return { sd: sd.fill(Number.NaN), factor: covariance.map(() => Number.NaN) };
  for (let share = 1; ; share *= 0.95) {
    const factor = covariance.map((value, i) => {
      const [a, b] = [Math.floor(i / q), i % q];
      return a === b ? 1 : (share * value) / (sd[a]! * sd[b]!);
    });
    if (choleskyInPlace(factor, q)) return { sd, factor };
  }
}
