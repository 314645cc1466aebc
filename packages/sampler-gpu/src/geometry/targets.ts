import type { CollapsedDensity } from "../density/collapsed.ts";
import type { Target } from "../driver/drive.ts";
import { factorOrDiagonal, type Moments, pooledMetric } from "../driver/metric.ts";
import type { Geometry } from "../engine.ts";
import { inverse } from "../linear/cholesky.ts";
import type { Problem } from "../problem.ts";
import type { Layout } from "./layout.ts";
import { type Reference, solveReference } from "./transport.ts";

/** A log sd that the data say nothing about still has its prior: its sd there is about this. */
const VAGUE_LOG_SD = 1;
/** The analytic covariance counts as this many draws for each global. */
const ANALYTIC_WEIGHT = 2;

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
    const at = layout.logSd + t;
    out[at * n + at] = 1 / (reference.sdInformation[t]! + 1 / VAGUE_LOG_SD ** 2);
  }
  if (layout.logSigma >= 0) out[layout.logSigma * n + layout.logSigma] = 1 / (2 * problem.rows);
  return out;
}

/** The full latent space: a dense metric for the globals, conditional transport for the effects. */
export function latentTarget(problem: Problem, layout: Layout): Target {
  const { start } = problem;
  let effects = start.effects;
  const referenceAt = (theta: Float64Array): Reference => {
    const reference = solveReference(problem, layout, theta, effects);
    effects = reference.transports.map((t) => t?.mode ?? new Float64Array(0));
    return reference;
  };
  return {
    globals: layout.globals,
    initial(): Geometry {
      const theta = new Float64Array(layout.globals);
      theta.set(start.beta);
      for (let t = 0; t < layout.terms; t++) theta[layout.logSd + t] = Math.log(start.sd[t]!);
      if (layout.logSigma >= 0) theta[layout.logSigma] = Math.log(start.sigma);
      problem.terms.forEach((term, t) => {
        if (term.mode === "dense") theta.set(start.effects[t]!, layout.denseAt[t]!);
      });
      const reference = referenceAt(theta);
      return {
        metric: {
          mean: theta,
          factor: factorOrDiagonal(analyticCovariance(problem, layout, reference), layout.globals),
        },
        reference,
      };
    },
    learn(moments: Moments): Geometry {
      const reference = referenceAt(moments.mean);
      const analytic = analyticCovariance(problem, layout, reference);
      return { metric: pooledMetric(moments, analytic, ANALYTIC_WEIGHT * layout.globals), reference };
    },
  };
}

/** The collapsed gaussian: a dense metric for the scales. */
export function collapsedTarget(problem: Problem, density: CollapsedDensity): Target {
  const n = density.size;
  const { start, terms } = problem;
  const analytic = new Float64Array(n * n);
  terms.forEach((term, t) => {
    analytic[t * n + t] = 1 / (2 * term.levels * start.shares[t]! ** 2 + 1 / VAGUE_LOG_SD ** 2);
  });
  analytic[density.logSigma * n + density.logSigma] = 1 / (2 * problem.rows);
  // log omega of an uninformed scale mixture: about an inverse gamma(df / 2, df / 2)
  for (const m of density.mixtures) analytic[m.at * n + m.at] = Math.min(1, 2 / m.df);
  return {
    globals: n,
    initial(): Geometry {
      const mean = new Float64Array(n);
      for (let t = 0; t < terms.length; t++) mean[t] = Math.log(start.sd[t]!);
      mean[density.logSigma] = Math.log(start.sigma);
      return { metric: { mean, factor: factorOrDiagonal(analytic, n) } };
    },
    learn(moments: Moments): Geometry {
      return { metric: pooledMetric(moments, analytic, ANALYTIC_WEIGHT * n) };
    },
  };
}
