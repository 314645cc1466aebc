import { betaPrior, type Problem } from "../problem.ts";
import type { CollapsedPlan, CollapsedSums } from "./collapsed-plan.ts";

/** A Student-t prior of a linear parameter, written as a scale mixture of normals: the position of log omega in theta. */
export interface Mixture {
  readonly parameter: number;
  readonly at: number;
  readonly df: number;
  readonly scale: number;
}

/** The collapsed density's coordinates: theta = (coordinates of the sds [terms], log sigma, log omega of each mixture). */
export interface CollapsedLayout {
  readonly size: number;
  readonly logSigma: number;
  readonly mixtures: readonly Mixture[];
  /** [linear] location of each linear parameter's prior, y shifted by the sums' shift. */
  readonly location: Float64Array;
  /** [linear] precisions of normal priors; 0 for flat ones, mixtures and dense effects. */
  readonly fixedPrecision: Float64Array;
}

export function collapsedLayout(problem: Problem, plan: CollapsedPlan, sums: CollapsedSums): CollapsedLayout {
  const { terms, columns, model } = problem;
  const location = new Float64Array(plan.linear);
  const fixedPrecision = new Float64Array(plan.linear);
  const mixtures: Mixture[] = [];
  for (let k = 0; k < columns; k++) {
    const prior = betaPrior(problem, k);
    const shift = model.intercept && k === 0 ? sums.shift : 0;
    if (prior.kind === "normal") {
      location[k] = prior.mean - shift;
      fixedPrecision[k] = 1 / prior.sd ** 2;
    } else if (prior.kind === "student_t" || prior.kind === "cauchy") {
      location[k] = prior.location - shift;
      mixtures.push({
        parameter: k,
        at: terms.length + 1 + mixtures.length,
        df: prior.kind === "cauchy" ? 1 : prior.df,
        scale: prior.scale,
      });
    }
  }
  return {
    size: terms.length + 1 + mixtures.length,
    logSigma: terms.length,
    mixtures,
    location,
    fixedPrecision,
  };
}
