import { signedSd } from "../density/scale.ts";
import type { Layout } from "../geometry/layout.ts";
import type { Problem } from "../problem.ts";
import type { Seed } from "../random/philox.ts";
import type { Precision } from "../settings.ts";
import { uncentredIntercept, variableNames } from "../variables.ts";
import { LaneEngine } from "./lane-engine.ts";
import { blocksOf } from "./lanes.ts";
import { LatentBlock } from "./latent-block.ts";
import { layOutLatent, writeReference } from "./latent-memory.ts";

/** The full latent space on the fused SIMD kernel. */
export async function createLatentEngine(
  problem: Problem,
  layout: Layout,
  chains: readonly number[],
  seed: Seed,
  reportedLevels: number,
  precision: Precision,
): Promise<LaneEngine<LatentBlock>> {
  const groups = blocksOf(chains, precision);
  const data = await layOutLatent(
    problem,
    layout,
    groups.map((g) => g.length),
    precision,
  );
  const blocks = groups.map((g, i) => new LatentBlock(problem, layout, data, data.states[i]!, g, seed));
  return new LaneEngine(
    {
      shape: layout,
      variables: variableNames(problem, reportedLevels).length,
      useReference: ({ reference }) => writeReference(data, reference!),
      report: (block, lane, _, out, offset) =>
        report(problem, layout, block, lane, reportedLevels, out, offset),
    },
    blocks,
    chains.length,
  );
}

function report(
  problem: Problem,
  layout: Layout,
  block: LatentBlock,
  lane: number,
  reportedLevels: number,
  out: Float64Array,
  offset: number,
): void {
  const theta = (k: number): number => block.theta[k * block.lanes + lane]!;
  let at = offset;
  for (let k = 0; k < layout.columns; k++) {
    out[at++] = k === 0 && problem.model.intercept ? uncentredIntercept(problem, theta) : theta(k);
  }
  for (let t = 0; t < layout.terms; t++)
    out[at++] = Math.abs(signedSd(problem.scales[t]!, theta(layout.scale + t)));
  if (problem.gaussian) out[at++] = Math.exp(theta(layout.logSigma));
  for (let t = 0; t < layout.terms; t++) {
    const { levels } = problem.terms[t]!;
    if (levels > reportedLevels) continue;
    for (let j = 0; j < levels; j++) out[at++] = block.effect(t, j, lane);
  }
}
