import { familyOf } from "@bridgewise/core";
import { scaleCoordinate } from "../density/scale.ts";
import { factorOrDiagonal, type Metric, type Moments, pooledCovariance } from "../driver/metric.ts";
import type { Target } from "../driver/target.ts";
import type { Geometry } from "../engine.ts";
import { ANALYTIC_WEIGHT, centreScales, coordinateVariance } from "../geometry/targets.ts";
import { inverse } from "../linear/cholesky.ts";
import type { Parametrisation } from "../settings.ts";
import { correlationCoordinates } from "./correlation.ts";
import type { GeneralLayout } from "./general-layout.ts";
import { anchorOf, coordinateOf } from "./general-point.ts";
import type { GeneralProblem } from "./general-problem.ts";
import { type GeneralReference, solveGeneral } from "./general-reference.ts";
import { trigamma } from "./trigamma.ts";

/** Precision that LKJ(1) alone gives atanh of a correlation, about: its variance is pi^2 / 12. */
const LKJ_PRECISION = 1.2;
/** Most variance of the logarithm of a gap between thresholds: of a category without rows it has an exponential tail to the left. */
const VAGUE_LOG_GAP = 1.5;
/** Variance of log(nu - 1) where the data say little of the tails. */
const VAGUE_LOG_NU = 0.5;

/** Expected information of a row about nu (Lange, Little & Taylor 1989, doi:10.1080/01621459.1989.10478852, appendix B). */
const nuInformation = (nu: number): number =>
  (trigamma(nu / 2) - trigamma((nu + 1) / 2)) / 4 - (nu + 5) / (2 * nu * (nu + 1) * (nu + 3));

/** The start as theta. */
export function startTheta(problem: GeneralProblem, layout: GeneralLayout): Float64Array {
  const { start, scales, terms } = problem;
  const theta = new Float64Array(layout.globals);
  theta.set(start.beta);
  terms.forEach(({ size }, t) => {
    for (let k = 0; k < size; k++)
      theta[layout.scaleOf[t]! + k] = scaleCoordinate(scales[t]![k]!, start.sd[t]![k]!);
    if (layout.corOf[t]! >= 0) correlationCoordinates(size, start.correlations[t]!, theta, layout.corOf[t]!);
    if (layout.denseAt[t]! >= 0) theta.set(start.effects[t]!, layout.denseAt[t]!);
  });
  const { parameters } = familyOf(problem.family);
  parameters.forEach((name, p) => {
    theta[layout.family + p] = coordinateOf(name, start.aux[p]!);
  });
  const anchor = anchorOf(problem.thresholds);
  for (let k = 0; k < problem.thresholds; k++) {
    const at = parameters.length + k;
    theta[layout.thresholds + k] =
      k === anchor
        ? start.aux[at]!
        : Math.log(Math.abs(start.aux[at]! - start.aux[at + Math.sign(anchor - k)]!));
  }
  return theta;
}

/** Covariance of the globals by Laplace's approximation around a reference: linear globals with the effects integrated out, others apart. */
function analyticCovariance(
  problem: GeneralProblem,
  layout: GeneralLayout,
  reference: GeneralReference,
  theta: Float64Array,
): Float64Array {
  const n = layout.globals;
  const { linear, precision } = { ...layout, ...reference, linear: layout.linear };
  const out = new Float64Array(n * n);
  const covariance = inverse(precision, linear) ?? diagonalInverse(precision, linear);
  // theta by the linear globals: coefficients and dense effects as they are, thresholds by logs of gaps
  const anchor = anchorOf(problem.thresholds);
  const slopes: { readonly at: number; readonly by: readonly (readonly [number, number])[] }[] = [];
  for (let k = 0; k < problem.columns; k++) slopes.push({ at: k, by: [[k, 1]] });
  problem.terms.forEach(({ levels, size }, t) => {
    if (layout.denseAt[t]! < 0) return;
    for (let e = 0; e < levels * size; e++)
      slopes.push({ at: layout.denseAt[t]! + e, by: [[layout.linearOf[t]! + e, 1]] });
  });
  for (let k = 0; k < problem.thresholds; k++) {
    const own = layout.linearThresholds + k;
    // with the signed gap to the neighbour on the anchor's side
    const side = Math.sign(anchor - k);
    const gap = -side * Math.exp(theta[layout.thresholds + k]!);
    const by = side === 0 ? [[own, 1] as const] : [[own, 1 / gap] as const, [own + side, -1 / gap] as const];
    slopes.push({ at: layout.thresholds + k, by });
  }
  for (const a of slopes)
    for (const b of slopes)
      for (const [i, p] of a.by)
        for (const [j, q] of b.by) out[a.at * n + b.at]! += p * q * covariance[i * linear + j]!;
  for (let k = 0; k < problem.thresholds; k++) {
    if (k === anchor) continue;
    const at = layout.thresholds + k;
    const share = Math.sqrt(Math.min(1, VAGUE_LOG_GAP / out[at * n + at]!));
    for (let l = 0; l < n; l++) {
      out[at * n + l]! *= share;
      out[l * n + at]! *= share;
    }
  }
  for (let k = 0; k < layout.terms; k++) {
    const at = layout.scale + k;
    out[at * n + at] = coordinateVariance(theta[at]!, reference.sdInformation[k]!);
  }
  reference.corInformation.forEach((information, k) => {
    const at = layout.scale + layout.terms + k;
    out[at * n + at] = 1 / (information + LKJ_PRECISION);
  });
  familyOf(problem.family).parameters.forEach((name, p) => {
    const at = layout.family + p;
    const rows = problem.model.priorOnly ? 2 : problem.rows;
    if (name === "nu") {
      const excess = Math.exp(theta[at]!);
      const information = Math.max(0, nuInformation(1 + excess)) * excess ** 2 * rows;
      out[at * n + at] = 1 / (1 / VAGUE_LOG_NU + information);
    } else out[at * n + at] = (name === "phi" ? 2 : 0.5) / rows;
  });
  return out;
}

function diagonalInverse(precision: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) out[k * n + k] = 1 / Math.max(precision[k * n + k]!, 1e-8);
  return out;
}

/** Whitening; scales that reach 0 are centred there, and with them the correlations, whose signs turn with theirs. */
function whitening(
  problem: GeneralProblem,
  layout: GeneralLayout,
  mean: Float64Array,
  covariance: Float64Array,
): Metric {
  const centre = mean.slice();
  const n = centre.length;
  const centred = new Set(centreScales(centre, covariance, layout.scale, layout.terms));
  problem.terms.forEach(({ size }, t) => {
    const first = layout.corOf[t]!;
    if (first < 0) return;
    let at = first;
    for (let i = 1; i < size; i++)
      for (let j = 0; j < i; j++, at++) {
        if (!centred.has(layout.scaleOf[t]! + i) && !centred.has(layout.scaleOf[t]! + j)) continue;
        const variance = covariance[at * n + at]! + centre[at]! ** 2;
        for (let l = 0; l < n; l++) {
          covariance[at * n + l] = 0;
          covariance[l * n + at] = 0;
        }
        covariance[at * n + at] = variance;
        centre[at] = 0;
      }
  });
  return { mean: centre, factor: factorOrDiagonal(covariance, n) };
}

/** A dense metric for the globals, conditional transport for the effects. */
export function generalTarget(
  problem: GeneralProblem,
  layout: GeneralLayout,
  parametrisation: Parametrisation,
): Target {
  return {
    globals: layout.globals,
    initial(): Geometry {
      const theta = startTheta(problem, layout);
      const general = solveGeneral(problem, layout, theta, parametrisation, problem.start.effects);
      return {
        metric: whitening(problem, layout, theta, analyticCovariance(problem, layout, general, theta)),
        general,
      };
    },
    learn(moments: Moments, previous: Geometry): Geometry {
      const modes = previous.general!.transports.map((t) => t?.mode ?? new Float64Array(0));
      const general = solveGeneral(problem, layout, moments.mean, parametrisation, modes);
      const covariance = pooledCovariance(
        moments,
        analyticCovariance(problem, layout, general, moments.mean),
        ANALYTIC_WEIGHT * layout.globals,
      );
      return { metric: whitening(problem, layout, moments.mean, covariance), general };
    },
  };
}
