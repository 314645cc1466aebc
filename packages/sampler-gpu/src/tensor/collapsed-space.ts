import { variableNames } from "@bridgewise/core";
import { drawCollapsed } from "../density/collapsed-draws.ts";
import type { CollapsedPlan, CollapsedSums } from "../density/collapsed-plan.ts";
import { signedSd } from "../density/scale.ts";
import { type Layout, layoutOf } from "../geometry/layout.ts";
import { reportModel } from "../model-report.ts";
import type { Problem } from "../problem.ts";
import type { Seed } from "../random/philox.ts";
import { collapsedData, collapsedGeometry } from "./collapsed-data.ts";
import { CollapsedTensorDensity } from "./collapsed-density.ts";
import { GlobalBlock } from "./globals.ts";
import type { Space } from "./space.ts";
import { rewhiten } from "./whitened.ts";

/** The problem with every term outside the integrated chain among the globals. */
export function collapsedProblem(
  problem: Problem,
  plan: CollapsedPlan,
): { problem: Problem; layout: Layout } {
  const terms = problem.terms.map((term, t) => ({
    ...term,
    mode: plan.dense.includes(t) ? ("dense" as const) : ("transport" as const),
  }));
  const changed = { ...problem, terms };
  return { problem: changed, layout: layoutOf(changed) };
}

/** The collapsed gaussian of `collapsedProblem`; effects of reported levels are drawn exactly, given everything else. */
export function collapsedSpace(
  problem: Problem,
  layout: Layout,
  plan: CollapsedPlan,
  sums: CollapsedSums,
  seed: Seed,
  reportedLevels: number,
): Space {
  const globals = new GlobalBlock(problem, layout);
  // what `drawCollapsed` asks of a density of one lane whose linear parameters are known
  const logSigma = problem.terms.length;
  const given = {
    problem,
    plan,
    sums,
    lanes: 1,
    logSigma,
    sd: (at: Float64Array, t: number): number => Math.abs(signedSd(problem.scales[t]!, at[t]!)),
  };
  const known = {
    theta: new Float64Array(logSigma + 1),
    betaHat: new Float64Array(plan.linear),
    inverseFactor: new Float64Array((plan.linear * (plan.linear + 1)) / 2),
  };
  const { intercept } = problem.model;
  const freeSigns = problem.terms.map((_, t) => layout.scale + t);
  const reported = problem.terms.flatMap((term, t) => (term.levels <= reportedLevels ? [t] : []));
  const integrated = reported.some((t) => t === plan.child || t === plan.parent);
  return {
    name: "collapsed",
    variant: [],
    density: new CollapsedTensorDensity(problem, plan, sums, globals),
    data: collapsedData(plan, sums),
    geometry: (g) => ({ ...globals.geometry(g), ...collapsedGeometry(layout, sums, intercept, g) }),
    move: (from, to, [w]) => rewhiten(from.metric, to.metric, w!, freeSigns),
    fold: (theta) => {
      for (const k of freeSigns) theta[k] = Math.abs(theta[k]!);
    },
    variables: variableNames(problem.model, reportedLevels).length,
    report(draw, out, offset) {
      let effects: Float64Array[] = [];
      if (integrated) {
        layout.linearAt.forEach((at, k) => {
          known.betaHat[k] = draw.theta[at]!;
        });
        if (intercept) known.betaHat[0]! -= sums.shift;
        known.theta.set(draw.theta.subarray(layout.scale, layout.scale + layout.terms));
        known.theta[logSigma] = draw.theta[layout.logSigma]!;
        const { chain, iteration } = draw;
        effects = drawCollapsed(given, known, 0, seed, chain, iteration, reportedLevels).effects;
      }
      reportModel(
        problem,
        layout,
        reportedLevels,
        (k) => draw.theta[k]!,
        (t, j) => effects[reported.indexOf(t)]![j]!,
        out,
        offset,
      );
    },
  };
}
