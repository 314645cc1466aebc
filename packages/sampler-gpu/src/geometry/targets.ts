import type { CollapsedLayout } from "../density/collapsed-layout.ts";
import { scaleCoordinate } from "../density/scale.ts";
import { factorOrDiagonal, type Metric, type Moments, pooledCovariance } from "../driver/metric.ts";
import type { Target } from "../driver/target.ts";
import type { Geometry } from "../engine.ts";
import { inverse } from "../linear/cholesky.ts";
import type { Problem } from "../problem.ts";
import type { Parametrisation } from "../settings.ts";
import type { Layout } from "./layout.ts";
import { type Reference, solveReference } from "./transport.ts";

/** A log sd that the data say nothing about still has its prior: its sd there is about this. */
const VAGUE_LOG_SD = 1;
/** The analytic covariance counts as this many draws for each global. */
export const ANALYTIC_WEIGHT = 2;
/** A scale whose mean is within this many sds of 0 reaches the other side, and is whitened around 0 (half a normal has 1.3). */
const REACHES_ZERO = 2;

/** Variance of a scale's coordinate x from the information about log sd: d log sd / dx = 1 / tanh x. */
export const coordinateVariance = (x: number, logSdInformation: number): number =>
  Math.tanh(x) ** 2 / (logSdInformation + 1 / VAGUE_LOG_SD ** 2);

/** Centres scales that reach 0 there: their sign is free, so their mean and covariances with everything else are 0. Returns which. */
export function centreScales(
  mean: Float64Array,
  covariance: Float64Array,
  first: number,
  count: number,
): number[] {
  const n = mean.length;
  const centred: number[] = [];
  for (let k = first; k < first + count; k++) {
    const variance = covariance[k * n + k]!;
    if (mean[k]! > REACHES_ZERO * Math.sqrt(variance)) continue;
    for (let l = 0; l < n; l++) {
      covariance[k * n + l] = 0;
      covariance[l * n + k] = 0;
    }
    covariance[k * n + k] = variance + mean[k]! ** 2;
    mean[k] = 0;
    centred.push(k);
  }
  return centred;
}

function whitening(mean: Float64Array, covariance: Float64Array, first: number, count: number): Metric {
  const centre = mean.slice();
  centreScales(centre, covariance, first, count);
  return { mean: centre, factor: factorOrDiagonal(covariance, centre.length) };
}

/** Covariance of the globals by Laplace's approximation around a reference: linear globals with the effects integrated out, scales apart. */
function analyticCovariance(problem: Problem, layout: Layout, reference: Reference): Float64Array {
  const n = layout.globals;
  const out = new Float64Array(n * n);
  const linear = inverse(reference.precision, layout.linear);
  for (let a = 0; a < layout.linear; a++) {
    const ga = layout.linearAt[a]!;
    if (linear === undefined) {
      out[ga * n + ga] = 1 / Math.max(reference.precision[a * layout.linear + a]!, 1e-8);
      continue;
    }
    for (let b = 0; b < layout.linear; b++)
      out[ga * n + layout.linearAt[b]!] = linear[a * layout.linear + b]!;
  }
  for (let t = 0; t < layout.terms; t++) {
    const at = layout.scale + t;
    out[at * n + at] = coordinateVariance(reference.theta[at]!, reference.sdInformation[t]!);
  }
  if (layout.logSigma >= 0) out[layout.logSigma * n + layout.logSigma] = 1 / (2 * problem.rows);
  return out;
}

/** The full latent space: a dense metric for the globals, conditional transport for the effects. */
export function latentTarget(problem: Problem, layout: Layout, parametrisation: Parametrisation): Target {
  const { start, scales } = problem;
  return {
    globals: layout.globals,
    initial(): Geometry {
      const theta = new Float64Array(layout.globals);
      theta.set(start.beta);
      for (let t = 0; t < layout.terms; t++)
        theta[layout.scale + t] = scaleCoordinate(scales[t]!, start.sd[t]!);
      if (layout.logSigma >= 0) theta[layout.logSigma] = Math.log(start.sigma);
      problem.terms.forEach((term, t) => {
        if (term.mode === "dense") theta.set(start.effects[t]!, layout.denseAt[t]!);
      });
      const reference = solveReference(problem, layout, theta, parametrisation, start.effects);
      return {
        metric: whitening(theta, analyticCovariance(problem, layout, reference), layout.scale, layout.terms),
        reference,
      };
    },
    learn(moments: Moments, previous: Geometry): Geometry {
      const modes = previous.reference!.transports.map((t) => t?.mode ?? new Float64Array(0));
      const reference = solveReference(problem, layout, moments.mean, parametrisation, modes);
      const covariance = pooledCovariance(
        moments,
        analyticCovariance(problem, layout, reference),
        ANALYTIC_WEIGHT * layout.globals,
      );
      return { metric: whitening(moments.mean, covariance, layout.scale, layout.terms), reference };
    },
  };
}

/** The collapsed gaussian: a dense metric for the scales. */
export function collapsedTarget(problem: Problem, density: CollapsedLayout): Target {
  const n = density.size;
  const { start, terms, scales } = problem;
  const first = new Float64Array(n);
  const analytic = new Float64Array(n * n);
  terms.forEach((term, t) => {
    first[t] = scaleCoordinate(scales[t]!, start.sd[t]!);
    analytic[t * n + t] = coordinateVariance(first[t]!, 2 * term.levels * start.shares[t]! ** 2);
  });
  first[density.logSigma] = Math.log(start.sigma);
  analytic[density.logSigma * n + density.logSigma] = 1 / (2 * problem.rows);
  // log omega of an uninformed scale mixture: about an inverse gamma(df / 2, df / 2)
  for (const m of density.mixtures) analytic[m.at * n + m.at] = Math.min(1, 2 / m.df);
  return {
    globals: n,
    initial: () => ({ metric: whitening(first, analytic.slice(), 0, terms.length) }),
    learn: (moments) => ({
      metric: whitening(
        moments.mean,
        pooledCovariance(moments, analytic, ANALYTIC_WEIGHT * n),
        0,
        terms.length,
      ),
    }),
  };
}
