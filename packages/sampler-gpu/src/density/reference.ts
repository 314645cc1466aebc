import { choleskyInPlace, solveLower } from "../linear/cholesky.ts";
import { betaPrior, type Problem } from "../problem.ts";
import { logScalePriorDensity, priorDensity } from "./prior.ts";

/**
 * The oracle: plain float64 densities written straight from the model's definition, slow and without tricks. Every engine's density
 * is checked against these; their gradients against finite differences of these.
 */

/** A point of the model in its own coordinates. */
export interface ModelPoint {
  /** [columns] coefficients of the problem's (centred) columns. */
  readonly beta: Float64Array;
  /** [terms] */
  readonly logSd: Float64Array;
  readonly logSigma: number;
  /** [terms][levels] */
  readonly effects: readonly Float64Array[];
}

/** Log joint density of (beta, log sd, log sigma, effects) given y, up to a constant that depends on nothing. */
export function jointLogDensity(problem: Problem, point: ModelPoint): number {
  const { rows, columns, x, y, terms, gaussian } = problem;
  let lp = scalePriors(problem, point.logSd, point.logSigma);
  for (let k = 0; k < columns; k++) lp += priorDensity(betaPrior(problem, k), point.beta[k]!).value;
  terms.forEach((_, t) => {
    const sd = Math.exp(point.logSd[t]!);
    for (const u of point.effects[t]!) lp += -0.5 * (u / sd) ** 2 - point.logSd[t]!;
  });
  const sigma = Math.exp(point.logSigma);
  for (let i = 0; i < rows; i++) {
    let eta = 0;
    for (let k = 0; k < columns; k++) eta += x[i * columns + k]! * point.beta[k]!;
    terms.forEach((term, t) => {
      eta += point.effects[t]![term.index[i]!]!;
    });
    if (gaussian) lp += -0.5 * ((y[i]! - eta) / sigma) ** 2 - point.logSigma;
    else lp += y[i]! * eta - (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))));
  }
  return lp;
}

/**
 * Log density of (log sd, log sigma, scale mixtures) with beta and all effects integrated out, by a dense Cholesky factor of the rows'
 * covariance. Flat priors of beta are integrated as X' V^-1 X. `precisions` and `locations`: [columns] of beta's normal priors.
 */
export function marginalLogDensity(
  problem: Problem,
  logSd: Float64Array,
  logSigma: number,
  precisions: Float64Array,
  locations: Float64Array,
): number {
  const { rows: n, columns, x, y, terms } = problem;
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let t = i === j ? Math.exp(2 * logSigma) : 0;
      terms.forEach((term, q) => {
        if (term.index[i] === term.index[j]) t += Math.exp(2 * logSd[q]!);
      });
      v[i * n + j] = t;
    }
  }
  if (!choleskyInPlace(v, n)) return Number.NaN;
  let logV = 0;
  for (let i = 0; i < n; i++) logV += 2 * Math.log(v[i * n + i]!);
  const whiten = (values: (i: number) => number): Float64Array => {
    const out = Float64Array.from({ length: n }, (_, i) => values(i));
    solveLower(v, n, out);
    return out;
  };
  const wy = whiten((i) => y[i]!);
  const wx = Array.from({ length: columns }, (_, k) => whiten((i) => x[i * columns + k]!));
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, ai, i) => s + ai * b[i]!, 0);
  const a = new Float64Array(columns * columns);
  const b = new Float64Array(columns);
  let constant = dot(wy, wy);
  let logD = 0;
  for (let k = 0; k < columns; k++) {
    for (let l = 0; l <= k; l++) a[k * columns + l] = dot(wx[k]!, wx[l]!);
    a[k * columns + k]! += precisions[k]!;
    b[k] = dot(wx[k]!, wy) + precisions[k]! * locations[k]!;
    constant += precisions[k]! * locations[k]! ** 2;
    if (precisions[k]! > 0) logD -= Math.log(precisions[k]!);
  }
  if (!choleskyInPlace(a, columns)) return Number.NaN;
  let logA = 0;
  for (let k = 0; k < columns; k++) logA += 2 * Math.log(a[k * columns + k]!);
  solveLower(a, columns, b);
  return scalePriors(problem, logSd, logSigma) - 0.5 * (logV + logD + logA + constant - dot(b, b));
}

function scalePriors(problem: Problem, logSd: Float64Array, logSigma: number): number {
  const { priors } = problem.model;
  let lp = 0;
  problem.terms.forEach((_, t) => {
    lp += logScalePriorDensity(priors.sd[t]![0]!, logSd[t]!).value;
  });
  return problem.gaussian ? lp + logScalePriorDensity(priors.sigma, logSigma).value : lp;
}
