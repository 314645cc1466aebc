import { averageRanks, normalQuantile } from "@bridgewise/core";

/** An estimate with the ends of its interval; NaN where the data do not allow one. */
export interface Interval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** Pearson's correlation of x and y [n]; NaN where one of them does not vary. */
export function pearson(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  // rounding of the mean would make them vary
  if (x.every((value) => value === x[0]) || y.every((value) => value === y[0])) return Number.NaN;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i]! / n;
    meanY += y[i]! / n;
  }
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : Number.NaN;
}

/** Spearman's correlation: Pearson's of the ranks, ties at their average rank. */
export const spearman = (x: Float64Array, y: Float64Array): number =>
  pearson(averageRanks(x), averageRanks(y));

/** Fisher's z: atanh(r) is normal with variance 1 / (n - 3) (Fisher 1921); as R's cor.test. */
export const pearsonInterval = (r: number, n: number, level: number): Interval =>
  fisher(r, 1 / (n - 3), level);

/** Fisher's z of a rank correlation, with variance (1 + r^2 / 2) / (n - 3) (Bonett & Wright 2000, doi:10.1007/BF02294183). */
export const spearmanInterval = (r: number, n: number, level: number): Interval =>
  fisher(r, (1 + (r * r) / 2) / (n - 3), level);

function fisher(r: number, variance: number, level: number): Interval {
  if (!(variance > 0 && variance < Infinity)) return { estimate: r, lower: Number.NaN, upper: Number.NaN };
  const half = normalQuantile((1 + level) / 2) * Math.sqrt(variance);
  const z = Math.atanh(r);
  return { estimate: r, lower: Math.tanh(z - half), upper: Math.tanh(z + half) };
}
