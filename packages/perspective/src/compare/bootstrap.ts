import { quantile, randomStream } from "@bridgewise/core";
import type { Interval } from "./correlation.ts";

/** Percentile intervals of both correlations. */
export interface BootstrapIntervals {
  readonly pearson: Omit<Interval, "estimate">;
  readonly spearman: Omit<Interval, "estimate">;
}

/**
 * Percentile bootstrap (Efron 1979, doi:10.1214/aos/1176344552) of Pearson's and Spearman's correlation of x and y
 * [n]: texts are drawn with replacement, and ranked anew each time. The same seed gives the same intervals. O(n) for
 * a resample: sorting x and y once is enough.
 */
export function bootstrapIntervals(
  x: Float64Array,
  y: Float64Array,
  options: { readonly resamples: number; readonly seed: number; readonly level: number },
): BootstrapIntervals {
  const { resamples, seed, level } = options;
  const random = randomStream(seed, "bootstrap");
  const n = x.length;
  const [gx, gy] = [levels(x), levels(y)];
  const times = new Int32Array(n);
  const pearsons = new Float64Array(resamples);
  const spearmans = new Float64Array(resamples);
  for (let k = 0; k < resamples; k++) {
    times.fill(0);
    for (let i = 0; i < n; i++) times[random.below(n)]!++;
    pearsons[k] = weightedCorrelation(
      times,
      (i) => x[i]!,
      (i) => y[i]!,
    );
    const [rx, ry] = [resampledRanks(gx, times), resampledRanks(gy, times)];
    spearmans[k] = weightedCorrelation(
      times,
      (i) => rx[gx.of[i]!]!,
      (i) => ry[gy.of[i]!]!,
    );
  }
  const ends = (values: Float64Array) => ({
    lower: quantile(values, (1 - level) / 2),
    upper: quantile(values, (1 + level) / 2),
  });
  return { pearson: ends(pearsons), spearman: ends(spearmans) };
}

/** Distinct values, numbered upwards. */
interface Levels {
  readonly count: number;
  /** [n] number of each value. */
  readonly of: Int32Array;
}

function levels(x: Float64Array): Levels {
  const distinct = Float64Array.from(new Set(x)).sort();
  const numbers = new Map<number, number>();
  for (const [number, value] of distinct.entries()) numbers.set(value, number);
  return { count: distinct.length, of: Int32Array.from(x, (value) => numbers.get(value)!) };
}

/** [levels] average rank of each level where value i comes `times[i]` times. */
function resampledRanks({ count, of }: Levels, times: Int32Array): Float64Array {
  const sizes = new Float64Array(count);
  for (let i = 0; i < of.length; i++) sizes[of[i]!]! += times[i]!;
  let before = 0;
  return sizes.map((size) => {
    const rank = before + (size + 1) / 2;
    before += size;
    return rank;
  });
}

function weightedCorrelation(times: Int32Array, x: (i: number) => number, y: (i: number) => number): number {
  const n = times.length;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += (times[i]! * x(i)) / n;
    meanY += (times[i]! * y(i)) / n;
  }
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x(i) - meanX;
    const dy = y(i) - meanY;
    xx += times[i]! * dx * dx;
    yy += times[i]! * dy * dy;
    xy += times[i]! * dx * dy;
  }
  return xy / Math.sqrt(xx * yy);
}
