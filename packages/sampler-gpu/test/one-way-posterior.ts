import type { Model } from "@bridgewise/core";
import { priorDensity } from "../src/density/prior.ts";

/** A parameter's marginal posterior: P(value <= edges[k]) = below[k]. */
export interface Marginal {
  readonly edges: Float64Array;
  readonly below: Float64Array;
}

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly value: (x: number) => number;
  /** Density of x beside that of the value: log |d value / dx|. */
  readonly logJacobian: (x: number) => number;
}

/** centre + c sinh x: the points lie densely at the centre and far out alike. */
export const sinhAxis = (centre: number, c: number, most: number, signed: boolean): Axis => ({
  low: signed ? -Math.asinh(most / c) : 0,
  high: Math.asinh(most / c),
  value: (x) => centre + c * Math.sinh(x),
  logJacobian: (x) => Math.log(c * Math.cosh(x)),
});

/** What has a log density below the largest by more than this is left out of the final grid. */
const NEGLIGIBLE = 16;

/**
 * The exact posterior of y ~ 1 + (1 | g) by quadrature: the group effects integrated out (gaussian: in closed form; bernoulli: by the
 * trapezoidal rule), intercept, sd and sigma on a grid of `points` values each. First a wide grid, then one over what has weight in it.
 */
export function oneWayPosterior(model: Model, points: number): Record<string, Marginal> {
  const gaussian = model.family === "gaussian";
  const { y, priors } = model;
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const spread = Math.sqrt(y.reduce((a, b) => a + (b - mean) ** 2, 0) / y.length);
  const odds = (mean * y.length + 0.5) / ((1 - mean) * y.length + 0.5);
  const axes = gaussian
    ? [
        sinhAxis(mean, 0.05 * spread, 300 * spread, true),
        sinhAxis(0, 0.05 * spread, 1e3 * spread, false),
        sinhAxis(0, 0.05 * spread, 20 * spread, false),
      ]
    : [sinhAxis(Math.log(odds), 0.1, 200, true), sinhAxis(0, 0.1, 200, false)];
  const logLikelihood = gaussian ? gaussianLikelihood(model) : bernoulliLikelihood(model);
  const density = (theta: readonly number[]): number =>
    logLikelihood(theta) +
    priorDensity(priors.intercept, theta[0]!).value +
    priorDensity(priors.sd[0]![0]!, theta[1]!).value +
    (gaussian ? priorDensity(priors.sigma, theta[2]!).value : 0);
  const names = ["b_Intercept", `sd_${model.groups[0]!.name}__Intercept`, "sigma"];
  return gridPosterior(Object.fromEntries(axes.map((axis, a) => [names[a]!, axis])), density, points);
}

/**
 * Marginals of a log density of a few parameters, each in the range of its axis: a wide grid, then finer ones over what has weight
 * in it, the last with `points` values an axis.
 */
export function gridPosterior(
  axes: Readonly<Record<string, Axis>>,
  density: (theta: readonly number[]) => number,
  points: number,
): Record<string, Marginal> {
  let grid = evaluate(Object.values(axes), 48, density);
  for (let zoom = 0; zoom < 2; zoom++) grid = evaluate(narrow(grid), 32, density);
  grid = evaluate(narrow(grid), points, density);
  return Object.fromEntries(Object.keys(axes).map((name, a) => [name, marginal(grid, a)]));
}

interface Grid {
  readonly axes: readonly Axis[];
  /** Points of each axis. */
  readonly points: number;
  /** [points ^ axes] log weight: density, Jacobian and the trapezoidal rule's halves; the last axis runs fastest. */
  readonly log: Float64Array;
}

/** Place on axis a of point i. */
const placeOf = ({ axes, points }: Pick<Grid, "axes" | "points">, i: number, a: number): number =>
  Math.floor(i / points ** (axes.length - 1 - a)) % points;

/** x of place k, or between places. */
const positionOf = ({ low, high }: Axis, points: number, k: number): number =>
  low + ((high - low) * k) / (points - 1);

function evaluate(
  axes: readonly Axis[],
  points: number,
  density: (theta: readonly number[]) => number,
): Grid {
  const log = new Float64Array(points ** axes.length);
  const theta = axes.map(() => 0);
  for (let i = 0; i < log.length; i++) {
    let weight = 0;
    axes.forEach((axis, a) => {
      const k = placeOf({ axes, points }, i, a);
      const x = positionOf(axis, points, k);
      theta[a] = axis.value(x);
      weight += axis.logJacobian(x) + (k === 0 || k === points - 1 ? -Math.LN2 : 0);
    });
    const value = density(theta) + weight;
    log[i] = Number.isNaN(value) ? -Infinity : value;
  }
  return { axes, points, log };
}

/** The axes cut to where the grid has weight, and one point more on either side. */
function narrow(grid: Grid): Axis[] {
  const { axes, points, log } = grid;
  const least = log.reduce((a, b) => Math.max(a, b), -Infinity) - NEGLIGIBLE;
  return axes.map((axis, a) => {
    let first = points;
    let last = 0;
    for (let i = 0; i < log.length; i++) {
      if (log[i]! < least) continue;
      first = Math.min(first, placeOf(grid, i, a));
      last = Math.max(last, placeOf(grid, i, a));
    }
    return {
      ...axis,
      low: positionOf(axis, points, Math.max(0, first - 1)),
      high: positionOf(axis, points, Math.min(points - 1, last + 1)),
    };
  });
}

/** Edges lie midway between the points, so that the sum of the weights up to a point is the midpoint rule up to the edge after it. */
function marginal(grid: Grid, a: number): Marginal {
  const { axes, points, log } = grid;
  const largest = log.reduce((x, y) => Math.max(x, y), -Infinity);
  const below = new Float64Array(points);
  for (let i = 0; i < log.length; i++) below[placeOf(grid, i, a)]! += Math.exp(log[i]! - largest);
  for (let k = 1; k < points; k++) below[k]! += below[k - 1]!;
  const total = below[points - 1]!;
  const axis = axes[a]!;
  return {
    edges: Float64Array.from({ length: points - 1 }, (_, k) => axis.value(positionOf(axis, points, k + 0.5))),
    below: below.subarray(0, points - 1).map((sum) => sum / total),
  };
}

/** Groups with the same number of rows share their variances: (rows, groups, sum and sum of squares of their means). */
function gaussianLikelihood(model: Model): (theta: readonly number[]) => number {
  const { y } = model;
  const { index, levels } = model.groups[0]!;
  const rows = new Float64Array(levels.length);
  const sums = new Float64Array(levels.length);
  const shift = y.reduce((a, b) => a + b, 0) / y.length;
  for (let i = 0; i < y.length; i++) {
    rows[index[i]!]!++;
    sums[index[i]!]! += y[i]! - shift;
  }
  let within = 0;
  for (let i = 0; i < y.length; i++) within += (y[i]! - shift - sums[index[i]!]! / rows[index[i]!]!) ** 2;
  const sizes = new Map<number, { groups: number; sum: number; squares: number }>();
  rows.forEach((n, j) => {
    const size = sizes.get(n) ?? { groups: 0, sum: 0, squares: 0 };
    size.groups++;
    size.sum += sums[j]! / n;
    size.squares += (sums[j]! / n) ** 2;
    sizes.set(n, size);
  });
  return ([b, tau, sigma]) => {
    const s2 = sigma! ** 2;
    if (s2 === 0) return -Infinity;
    const mean = b! - shift;
    let lp = -0.5 * ((y.length - levels.length) * Math.log(s2) + within / s2);
    for (const [n, { groups, sum, squares }] of sizes) {
      const v = s2 / n + tau! ** 2;
      lp -= 0.5 * (groups * Math.log(v) + (squares - 2 * mean * sum + groups * mean * mean) / v);
    }
    return lp;
  };
}

/** Groups with the same number of rows and of ones have the same likelihood, an integral over their effect. */
function bernoulliLikelihood(model: Model): (theta: readonly number[]) => number {
  const { y } = model;
  const { index, levels } = model.groups[0]!;
  const rows = new Float64Array(levels.length);
  const ones = new Float64Array(levels.length);
  for (let i = 0; i < y.length; i++) {
    rows[index[i]!]!++;
    ones[index[i]!]! += y[i]!;
  }
  const patterns = new Map<string, { n: number; s: number; groups: number }>();
  rows.forEach((n, j) => {
    const key = `${n}/${ones[j]}`;
    const pattern = patterns.get(key) ?? { n, s: ones[j]!, groups: 0 };
    pattern.groups++;
    patterns.set(key, pattern);
  });
  // each pattern's largest log likelihood is taken off, so that nothing underflows
  const list = [...patterns.values()].map((pattern) => {
    const { n, s } = pattern;
    const largest = (s > 0 ? s * Math.log(s / n) : 0) + (s < n ? (n - s) * Math.log(1 - s / n) : 0);
    return { ...pattern, largest };
  });
  const most = Math.max(...rows);
  return ([b, tau]) => {
    // steps of z that follow both the normal density and the binomial's narrowest shape in b + tau z
    const step = Math.min(0.5, 1 / (tau! * Math.max(1, Math.sqrt(most / 4))));
    const half = Math.ceil(8.5 / step);
    const sums = new Float64Array(list.length);
    for (let k = -half; k <= half; k++) {
      const z = k * step;
      const eta = b! + tau! * z;
      const softplus = Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)));
      for (let q = 0; q < list.length; q++) {
        const { n, s, largest } = list[q]!;
        sums[q]! += Math.exp(s * eta - n * softplus - largest - 0.5 * z * z);
      }
    }
    let lp = 0;
    list.forEach(({ groups }, q) => {
      lp += groups * Math.log(sums[q]! * step);
    });
    return lp;
  };
}
