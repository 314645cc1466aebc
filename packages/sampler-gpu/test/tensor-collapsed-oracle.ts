import { logScalePriorDensity, priorDensity } from "../src/density/prior.ts";
import { scalePriorDensity, signedSd } from "../src/density/scale.ts";
import type { Geometry } from "../src/engine.ts";
import type { Layout } from "../src/geometry/layout.ts";
import type { Plan } from "../src/plan.ts";
import { betaPrior, type Problem } from "../src/problem.ts";
import { unwhiten } from "../src/tensor/whitened.ts";

/**
 * The collapsed density with its linear parameters in float64, row by row, for at most two nested terms: each conversation's and user's
 * effect integrated by the matrix determinant lemma (DESIGN 4.2), with none of the summed matrices.
 */
export function exactCollapsed(
  problem: Problem,
  layout: Layout,
  plan: Extract<Plan, { density: "collapsed" }>,
  geometry: Geometry,
  w: Float64Array,
  chains: number,
): Float64Array {
  const { child, parent } = plan.collapsed;
  const { terms, rows, columns, x, y, model, scales } = problem;
  const n = layout.globals;
  const theta = new Float64Array(n);
  return Float64Array.from({ length: chains }, (_, c) => {
    unwhiten(geometry.metric, w, c * n, theta);
    const lambda = theta[layout.logSigma]!;
    const s2 = Math.exp(2 * lambda);
    const sd = (t: number): number => Math.abs(signedSd(scales[t]!, theta[layout.scale + t]!));
    const tc2 = sd(child) ** 2;
    const tp2 = sd(parent) ** 2;
    const size = new Float64Array(terms[child]!.levels);
    const sum = new Float64Array(terms[child]!.levels);
    let lp = -rows * lambda;
    for (let i = 0; i < rows; i++) {
      let r = y[i]!;
      for (let k = 0; k < columns; k++) r -= x[i * columns + k]! * theta[k]!;
      terms.forEach((term, t) => {
        if (layout.denseAt[t]! >= 0) r -= theta[layout.denseAt[t]! + term.index[i]!]!;
      });
      lp -= (0.5 * r * r) / s2;
      size[terms[child]!.index[i]!]!++;
      sum[terms[child]!.index[i]!]! += r;
    }
    const t = new Float64Array(terms[parent]!.levels);
    const h = new Float64Array(terms[parent]!.levels);
    for (let j = 0; j < size.length; j++) {
      const cn = 1 / (s2 + size[j]! * tc2);
      const up = terms[child]!.parentOf![j]!;
      lp += (0.5 * tc2 * cn * sum[j]! ** 2) / s2 - 0.5 * Math.log1p((size[j]! * tc2) / s2);
      t[up]! += cn * sum[j]!;
      h[up]! += cn * size[j]!;
    }
    for (let p = 0; p < t.length; p++) {
      const e = 1 + tp2 * h[p]!;
      lp += (0.5 * tp2 * t[p]! ** 2) / e - 0.5 * Math.log(e);
    }
    for (let k = 0; k < columns; k++) lp += priorDensity(betaPrior(problem, k), theta[k]!).value;
    terms.forEach((term, q) => {
      lp += scalePriorDensity(model.priors.sd[q]![0]!, scales[q]!, theta[layout.scale + q]!).value;
      const at = layout.denseAt[q]!;
      for (let j = 0; at >= 0 && j < term.levels; j++)
        lp -= 0.5 * (theta[at + j]! / sd(q)) ** 2 + Math.log(sd(q));
    });
    return lp + logScalePriorDensity(model.priors.sigma, lambda).value;
  });
}
