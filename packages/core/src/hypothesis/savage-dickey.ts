import { standardDeviation } from "../posterior/moments.ts";
import { kernelDensity } from "./kernel-density.ts";
import { splineAt } from "./spline.ts";

/** Points of the grid, as in brms's `density_ratio`. */
const POINTS = 4096;

/**
 * Density of draws at `point`: a kernel density on the range of the draws, which reaches a quarter of a standard deviation
 * beyond the point where that lies outside, and a spline through it (brms's `density_ratio`); not below 0, as from brms 2.23
 * on. NaN where draws are not finite, or do not vary.
 */
export function densityAt(x: Float64Array, point: number): number {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of x) {
    if (!Number.isFinite(value)) return Number.NaN;
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  if (!(from < to)) return Number.NaN;
  if (from > point) from = point - standardDeviation(x) / 4;
  else if (to < point) to = point + standardDeviation(x) / 4;
  const grid = kernelDensity(x, from, to, POINTS);
  return Math.max(0, splineAt(grid.x, grid.y, point));
}

/** Savage-Dickey ratio (Dickey & Lientz 1970, doi:10.1214/aoms/1177697203): posterior over prior density at 0. */
export function savageDickey(posterior: Float64Array, prior: Float64Array): number {
  return densityAt(posterior, 0) / densityAt(prior, 0);
}
