import { CollapsedDensity } from "../density/collapsed.ts";
import { drawCollapsed } from "../density/collapsed-draws.ts";
import type { CollapsedPlan, CollapsedSums } from "../density/collapsed-plan.ts";
import { whiten } from "../driver/metric.ts";
import { type Layout, layoutOf } from "../geometry/layout.ts";
import type { Problem } from "../problem.ts";
import type { Seed } from "../random/philox.ts";
import { variableNames } from "../variables.ts";
import { collapsedData, collapsedGeometry } from "./collapsed-data.ts";
import { CollapsedTensorDensity } from "./collapsed-density.ts";
import { GlobalBlock } from "./globals.ts";
import { reportModel } from "./model-report.ts";
import type { Space } from "./space.ts";
import { unwhiten } from "./whitened.ts";

/** The problem with every term outside the integrated chain among the globals. */
export function collapsedProblem(problem: Problem, plan: CollapsedPlan): { problem: Problem; layout: Layout } {
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
  const exact = new CollapsedDensity(problem, plan, sums);
  const theta = new Float64Array(exact.size);
  const { intercept } = problem.model;
  const reported = problem.terms.flatMap((term, t) => (term.levels <= reportedLevels ? [t] : []));
  const integrated = reported.some((t) => t === plan.child || t === plan.parent);
  return {
    name: "collapsed",
    density: new CollapsedTensorDensity(problem, plan, sums, globals),
    data: collapsedData(plan, sums),
    geometry: (g) => ({ ...globals.geometry(g), ...collapsedGeometry(layout, sums, intercept, g) }),
    move: (from, to, [w]) => {
      const n = layout.globals;
      const at = new Float64Array(n);
      for (let c = 0; c < w!.length / n; c++) {
        unwhiten(from.metric, w!, c * n, at);
        for (let k = layout.scale; k < layout.scale + layout.terms; k++) at[k] = Math.abs(at[k]!);
        whiten(to.metric, at, 0, w!, c * n, 1);
      }
    },
    freeSigns: problem.terms.map((_, t) => layout.scale + t),
    variables: variableNames(problem, reportedLevels).length,
    report(draw, out, offset) {
      let effects: Float64Array[] = [];
      if (integrated) {
        // the linear parameters are drawn already: their conditional mean, without its spread
        layout.linearAt.forEach((at, k) => {
          exact.betaHat[k] = draw.theta[at]!;
        });
        if (intercept) exact.betaHat[0]! -= sums.shift;
        exact.inverseFactor.fill(0);
        theta.set(draw.theta.subarray(layout.scale, layout.scale + layout.terms));
        theta[exact.logSigma] = draw.theta[layout.logSigma]!;
        effects = drawCollapsed(exact, theta, seed, draw.chain, draw.iteration, reportedLevels).effects;
      }
      reportModel(
        problem,
        layout,
        reportedLevels,
        draw.theta,
        (t, j) => effects[reported.indexOf(t)]![j]!,
        out,
        offset,
      );
    },
  };
}
