import { standardDeviation } from "../posterior/moments.ts";
import { quantileSorted, sorted } from "../posterior/quantile.ts";

/** A density on a grid of points, x rising. */
export interface DensityGrid {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Silverman's rule of thumb for the bandwidth (Silverman 1986, Density Estimation, equation 3.31): R's `bw.nrd0`.
 * At least two values.
 */
export function ruleOfThumb(x: Float64Array): number {
  const values = sorted(x);
  const sd = standardDeviation(x);
  const spread = Math.min(sd, (quantileSorted(values, 0.75) - quantileSorted(values, 0.25)) / 1.34);
  return 0.9 * (spread || sd || Math.abs(x[0]!) || 1) * x.length ** -0.2;
}

/**
 * Gaussian kernel density of x at `points` (a power of two from 512 on) equally spaced points of [from, to]: linear
 * binning on a wider grid of as many points, convolution, linear interpolation (Silverman 1982, doi:10.2307/2347084).
 * The numbers are those of R's `density()` with its default bandwidth, up to R 4.3: its kernel is read at lags that are
 * (2 points - 2) / (2 points - 1) of a grid step apart, which R 4.4 corrected. R convolves by a fast Fourier transform, whose
 * rounding the plain sum here does not have. Finite values, at least two.
 */
export function kernelDensity(x: Float64Array, from: number, to: number, points: number): DensityGrid {
  const bandwidth = ruleOfThumb(x);
  const low = from - 4 * bandwidth;
  const range = to + 4 * bandwidth - low;
  const step = range / (points - 1);
  const mass = linearBins(x, low, step, points);
  const kernel = Float64Array.from({ length: points }, (_, lag) => {
    const z = (lag * 2 * range) / (2 * points - 1) / bandwidth;
    return Math.exp(-0.5 * z * z) / (bandwidth * Math.sqrt(2 * Math.PI));
  });
  const smooth = new Float64Array(points);
  mass.forEach((share, j) => {
    if (share === 0) return;
    for (let i = 0; i < points; i++) smooth[i]! += share * kernel[Math.abs(i - j)]!;
  });
  const at = Float64Array.from({ length: points }, (_, i) => from + (i * (to - from)) / (points - 1));
  const y = at.map((value) => {
    const place = (value - low) / step;
    const below = Math.min(Math.floor(place), points - 2);
    return smooth[below]! + (place - below) * (smooth[below + 1]! - smooth[below]!);
  });
  return { x: at, y };
}

/** [points] shares of the values, each split between the two points beside it; values off the grid are left out, as in R. */
function linearBins(x: Float64Array, low: number, step: number, points: number): Float64Array {
  const mass = new Float64Array(points);
  const share = 1 / x.length;
  for (const value of x) {
    const place = (value - low) / step;
    const below = Math.floor(place);
    const beyond = place - below;
    if (below >= 0 && below < points) mass[below]! += share * (1 - beyond);
    if (below + 1 >= 0 && below + 1 < points) mass[below + 1]! += share * beyond;
  }
  return mass;
}
