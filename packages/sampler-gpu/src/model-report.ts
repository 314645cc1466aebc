import { signedSd } from "./density/scale.ts";
import type { Layout } from "./geometry/layout.ts";
import type { Problem } from "./problem.ts";
import { uncentredIntercept } from "./variables.ts";

/**
 * The reported variables of a model in their order (variables.ts) into out[offset], …: `theta(k)` of the globals; `effect(t, j)` of a term
 * that is not among them.
 */
export function reportModel(
  problem: Problem,
  layout: Layout,
  reportedLevels: number,
  theta: (k: number) => number,
  effect: (t: number, j: number) => number,
  out: Float64Array,
  offset: number,
): void {
  let at = offset;
  for (let k = 0; k < layout.columns; k++)
    out[at++] = k === 0 && problem.model.intercept ? uncentredIntercept(problem, theta) : theta(k);
  problem.scales.forEach((c, t) => {
    out[at++] = Math.abs(signedSd(c, theta(layout.scale + t)));
  });
  if (problem.gaussian) out[at++] = Math.exp(theta(layout.logSigma));
  problem.terms.forEach(({ levels }, t) => {
    if (levels > reportedLevels) return;
    const dense = layout.denseAt[t]!;
    for (let j = 0; j < levels; j++) out[at++] = dense >= 0 ? theta(dense + j) : effect(t, j);
  });
}
