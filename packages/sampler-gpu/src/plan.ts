import { checkProperPriors, type Model } from "@bridgewise/core";
import { createCollapsedEngine } from "./density/collapsed-engine.ts";
import { collapsedLayout } from "./density/collapsed-layout.ts";
import {
  type CollapsedPlan,
  type CollapsedSums,
  planCollapsed,
  sumCollapsed,
} from "./density/collapsed-plan.ts";
import type { Target } from "./driver/target.ts";
import type { Engine } from "./engine.ts";
import { createGeneralEngine } from "./general/general-engine.ts";
import { type GeneralLayout, generalLayout } from "./general/general-layout.ts";
import { type GeneralProblem, prepareGeneral } from "./general/general-problem.ts";
import { generalTarget } from "./general/general-target.ts";
import { needsGeneral } from "./general/needs-general.ts";
import { type Layout, layoutOf } from "./geometry/layout.ts";
import { collapsedTarget, latentTarget } from "./geometry/targets.ts";
import { type Problem, prepare } from "./problem.ts";
import type { Seed } from "./random/philox.ts";
import type { Parametrisation, Precision } from "./settings.ts";
import { createLatentEngine } from "./simd/latent-engine.ts";

/** Which density of the model is sampled: all of them have the same posterior. */
export type DensityName = "collapsed" | "latent" | "general";

/** A model laid out, its density chosen: plain data, so that it can be sent to worker threads. */
export type Plan = {
  readonly reportedLevels: number;
  readonly precision: Precision;
  readonly parametrisation: Parametrisation;
} & (
  | {
      readonly density: "collapsed";
      readonly problem: Problem;
      readonly collapsed: CollapsedPlan;
      readonly sums: CollapsedSums;
    }
  | { readonly density: "latent"; readonly problem: Problem; readonly layout: Layout }
  | { readonly density: "general"; readonly problem: GeneralProblem; readonly layout: GeneralLayout }
);

export interface PlanOptions {
  /** Force a density; all have the same posterior. */
  readonly density?: DensityName | "auto";
  /** Of the latent density's positions and gradients on the embedded engine, default float64. The collapsed and general densities are float64 always. */
  readonly precision?: Precision;
  /** How the latent density's group effects are written, default transport; all have the same posterior. */
  readonly parametrisation?: Parametrisation;
}

/**
 * Chooses collapsed where the model is gaussian and its groups allow it, general where the other densities do not take the model, unless
 * told otherwise. RangeError for a density or a parametrisation that the model does not have, InputError for flat priors where the prior alone
 * is asked for.
 */
export function planModel(
  model: Model,
  reportedLevels: number,
  { density = "auto", precision = "float64", parametrisation = "transport" }: PlanOptions = {},
): Plan {
  const wider = needsGeneral(model);
  if (wider !== undefined || density === "general") {
    if (density === "collapsed" || density === "latent")
      throw new RangeError(`the ${density} density does not take ${wider}: leave density out`);
    if (parametrisation === "centred")
      throw new RangeError("the general density writes effects by transport or noncentred, not centred");
    if (model.priorOnly) checkProperPriors(model);
    const problem = prepareGeneral(model);
    const common = { reportedLevels, precision, parametrisation };
    return { ...common, density: "general", problem, layout: generalLayout(problem) };
  }
  const problem = prepare(model);
  const collapsed = density === "latent" ? undefined : planCollapsed(problem);
  const sums = collapsed && sumCollapsed(problem, collapsed, reportedLevels);
  const common = { problem, reportedLevels, precision, parametrisation };
  if (collapsed && sums) return { ...common, density: "collapsed", collapsed, sums };
  return { ...common, density: "latent", layout: layoutOf(problem) };
}

/** What the driver asks of the plan's density. */
export function targetOf(plan: Plan): Target {
  if (plan.density === "general") return generalTarget(plan.problem, plan.layout, plan.parametrisation);
  return plan.density === "collapsed"
    ? collapsedTarget(plan.problem, collapsedLayout(plan.problem, plan.collapsed, plan.sums))
    : latentTarget(plan.problem, plan.layout, plan.parametrisation);
}

/** An engine for the chains with these numbers, in this thread. */
export async function createEngine(plan: Plan, chains: readonly number[], seed: Seed): Promise<Engine> {
  const { reportedLevels } = plan;
  if (plan.density === "general")
    return createGeneralEngine(plan.problem, plan.layout, chains, seed, reportedLevels);
  return plan.density === "collapsed"
    ? createCollapsedEngine(plan.problem, plan.collapsed, plan.sums, chains, seed, reportedLevels)
    : createLatentEngine(plan.problem, plan.layout, chains, seed, reportedLevels, plan.precision);
}
