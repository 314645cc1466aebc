import { fillNormals, type Seed, STREAM } from "../random/philox.ts";
import type { CollapsedDensity } from "./collapsed.ts";

/** Where a chain stands, and the conditional normal of its linear parameters there; chain `lane` of [.][lanes] arrays. */
export interface CollapsedPosition {
  /** [size][lanes] */
  readonly theta: Float64Array;
  /** [linear][lanes] mean. */
  readonly betaHat: Float64Array;
  /** [linear (linear + 1) / 2][lanes] inverse of the Cholesky factor L of the precision, lower. */
  readonly inverseFactor: Float64Array;
}

/**
 * Exact draws of what the collapsed density integrated out, given theta: the linear parameters [linear] (y shifted), and the effects
 * [terms][levels] of terms with at most `reportedLevels` levels.
 */
export function drawCollapsed(
  density: Pick<CollapsedDensity, "plan" | "sums" | "problem" | "lanes" | "logSigma" | "sd">,
  { theta, betaHat, inverseFactor }: CollapsedPosition,
  lane: number,
  seed: Seed,
  chain: number,
  iteration: number,
  reportedLevels: number,
): { linear: Float64Array; effects: Float64Array[] } {
  const { plan, sums, problem, lanes } = density;
  const q = plan.linear;
  const { terms } = problem;
  const reported = (t: number): boolean => t >= 0 && terms[t]!.levels <= reportedLevels;
  const parentLevels = reported(plan.parent) || reported(plan.child) ? (terms[plan.parent]?.levels ?? 0) : 0;
  const childLevels = reported(plan.child) ? terms[plan.child]!.levels : 0;
  const z = new Float64Array(q + parentLevels + childLevels);
  fillNormals(z, z.length, seed, chain, iteration, STREAM.generated);

  // beta = beta_hat + L'^-1 z
  const linear = Float64Array.from({ length: q }, (_, k) => betaHat[k * lanes + lane]!);
  for (let i = 0, row = lane; i < q; row += ++i * lanes)
    for (let k = 0; k <= i; k++) linear[k]! += inverseFactor[row + k * lanes]! * z[i]!;

  const d = sums.dimension;
  const s2 = Math.exp(2 * theta[density.logSigma * lanes + lane]!);
  const tc2 = plan.child < 0 ? 0 : density.sd(theta, plan.child, lane) ** 2;
  /** Sum of residuals of a stored sum of v = (y, x, indicators). */
  const residual = (sum: Float64Array, at: number): number => {
    let r = sum[at]!;
    for (let k = 0; k < q; k++) r -= sum[at + 1 + k]! * linear[k]!;
    return r;
  };
  const parentEffects = new Float64Array(parentLevels);
  if (parentLevels > 0) {
    const tp2 = density.sd(theta, plan.parent, lane) ** 2;
    const n = sums.sizes.length;
    for (let p = 0; p < parentLevels; p++) {
      let t = 0;
      let h = 0;
      for (let s = 0; s < n; s++) {
        const count = sums.parentCounts![p * n + s]!;
        if (count === 0) continue;
        const c = 1 / (s2 + sums.sizes[s]! * tc2);
        t += c * residual(sums.parentSums!, (p * n + s) * d);
        h += count * sums.sizes[s]! * c;
      }
      const shrink = tp2 / (1 + tp2 * h);
      parentEffects[p] = shrink * t + Math.sqrt(shrink) * z[q + p]!;
    }
  }
  const childEffects = new Float64Array(childLevels);
  for (let c = 0; c < childLevels; c++) {
    const n = sums.childRows[c]!;
    const above = plan.parent < 0 ? 0 : parentEffects[terms[plan.child]!.parentOf![c]!]!;
    const w = tc2 / (s2 + n * tc2);
    childEffects[c] =
      w * (residual(sums.childSums!, c * d) - n * above) + Math.sqrt(s2 * w) * z[q + parentLevels + c]!;
  }
  const effects: Float64Array[] = [];
  terms.forEach((term, t) => {
    if (!reported(t)) return;
    if (t === plan.child) effects.push(childEffects);
    else if (t === plan.parent) effects.push(parentEffects);
    else effects.push(linear.slice(plan.linearOf[t]!, plan.linearOf[t]! + term.levels));
  });
  return { linear, effects };
}
