import { logScalePriorDensity, priorDensity } from "../density/prior.ts";
import { logSdSlope, scalePriorDensity } from "../density/scale.ts";
import type { Layout } from "../geometry/layout.ts";
import { betaPrior, type Problem } from "../problem.ts";
import type { BlockViews } from "./block-views.ts";
import type { LatentData } from "./latent-memory.ts";

/** A padded row's log likelihood: y = 0 and eta = 0. */
const PADDED_BERNOULLI = -Math.LN2;

/**
 * Adds what is not in the kernel, the globals' priors and the dense effects, to lane c's gradient `grad` [globals][lanes] in theta
 * [globals][lanes]; its whole log density up to a constant, meaningful where the kernel's passes were told that it is the last step.
 */
export function globalsDensity(
  problem: Problem,
  layout: Layout,
  data: LatentData,
  { tau, transportTau, out, likelihood, gradTotal }: BlockViews,
  lanes: number,
  c: number,
  theta: Float64Array,
  grad: Float64Array,
): number {
  const { priors } = problem.model;
  let lp = 0;
  for (let k = 0; k < layout.columns; k++) {
    const prior = betaPrior(problem, k);
    if (prior.kind === "flat") continue;
    const d = priorDensity(prior, theta[k * lanes + c]!);
    lp += d.value;
    grad[k * lanes + c]! += d.slope;
  }
  for (let t = 0; t < problem.terms.length; t++) {
    const term = problem.terms[t]!;
    const at = (layout.scale + t) * lanes + c;
    const x = theta[at]!;
    const d = scalePriorDensity(priors.sd[t]![0]!, problem.scales[t]!, x);
    lp += d.value;
    grad[at]! += d.slope;
    const sd = tau[t * lanes + c]!;
    if (term.mode === "transport") {
      // log |transport's tau / sd| is 0 but where the transport stands still
      lp += out[3 * t * lanes + c]! + term.levels * Math.log(Math.abs(transportTau[t * lanes + c]! / sd));
      grad[at]! += out[(3 * t + 1) * lanes + c]! * logSdSlope(x);
      continue;
    }
    for (let j = 0; j < term.levels; j++) {
      const i = (layout.denseAt[t]! + j) * lanes + c;
      const s = theta[i]! / sd;
      lp -= 0.5 * s * s + Math.log(Math.abs(sd));
      grad[at]! += (s * s - 1) * logSdSlope(x);
      grad[i]! += gradTotal[(data.denseRow[t]! + j) * lanes + c]! - s / sd;
    }
  }
  if (problem.gaussian) {
    const at = layout.logSigma * lanes + c;
    const d = logScalePriorDensity(priors.sigma, theta[at]!);
    const squares = likelihood[c]! * Math.exp(-2 * theta[at]!);
    lp += d.value - 0.5 * squares - problem.rows * theta[at]!;
    grad[at]! += d.slope + squares - problem.rows;
  } else lp += likelihood[c]! - data.padding * PADDED_BERNOULLI;
  return lp;
}
