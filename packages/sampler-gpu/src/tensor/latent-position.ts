import { signedSd } from "../density/scale.ts";
import { whiten } from "../driver/metric.ts";
import type { Geometry } from "../engine.ts";
import type { Layout } from "../geometry/layout.ts";
import type { Problem } from "../problem.ts";
import type { Position } from "./position.ts";
import { unwhiten } from "./whitened.ts";

/** Mean and scale of each effect of one term by conditional transport, given theta and the effects of its parent, [levels]. */
function conditional(
  problem: Problem,
  layout: Layout,
  { reference }: Geometry,
  t: number,
  theta: Float64Array,
  effects: readonly (Float64Array | undefined)[],
): { mean: Float64Array; scale: Float64Array } {
  const { information, center, responseOf, responses } = reference!.transports[t]!;
  const { parent, parentOf, levels } = problem.terms[t]!;
  const tau = signedSd(problem.scales[t]!, theta[layout.scale + t]!);
  const mean = new Float64Array(levels);
  const scale = new Float64Array(levels);
  for (let j = 0; j < levels; j++) {
    const it2 = information[j]! * tau * tau;
    let m = center[j]!;
    const row = responseOf[j]!;
    for (let k = 0; row >= 0 && k < layout.linear; k++) {
      const g = layout.linearAt[k]!;
      m += responses[row * layout.linear + k]! * (theta[g]! - reference!.theta[g]!);
    }
    if (parent >= 0) {
      const above = parentOf![j]!;
      m -= effects[parent]![above]! - reference!.transports[parent]!.mode[above]!;
    }
    mean[j] = (it2 / (1 + it2)) * m;
    scale[j] = tau / Math.sqrt(1 + it2);
  }
  return { mean, scale };
}

/** Keeps sds (mirrored ones turn back), other globals and effects, and writes them anew in changed coordinates. */
export function moveLatents(
  problem: Problem,
  layout: Layout,
  from: Geometry,
  to: Geometry,
  position: Position,
): void {
  const n = layout.globals;
  const [w, ...latents] = position;
  const theta = new Float64Array(n);
  for (let c = 0; c < w!.length / n; c++) {
    unwhiten(from.metric, w!, c * n, theta);
    const effects: (Float64Array | undefined)[] = problem.terms.map(() => undefined);
    layout.transported.forEach((t, i) => {
      const { levels } = problem.terms[t]!;
      const { mean, scale } = conditional(problem, layout, from, t, theta, effects);
      const z = latents[i]!;
      effects[t] = mean.map((m, j) => m + scale[j]! * z[c * levels + j]!);
    });
    for (let k = layout.scale; k < layout.scale + layout.terms; k++) theta[k] = Math.abs(theta[k]!);
    whiten(to.metric, theta, 0, w!, c * n, 1);
    layout.transported.forEach((t, i) => {
      const { levels } = problem.terms[t]!;
      const { mean, scale } = conditional(problem, layout, to, t, theta, effects);
      for (let j = 0; j < levels; j++) latents[i]![c * levels + j] = (effects[t]![j]! - mean[j]!) / scale[j]!;
    });
  }
}
