import { variableNames } from "@bridgewise/core";
import type { Problem } from "../problem.ts";
import type { Seed } from "../random/philox.ts";
import { LaneEngine } from "../simd/lane-engine.ts";
import { blocksOf } from "../simd/lanes.ts";
import { uncentredIntercept } from "../variables.ts";
import { CollapsedDensity } from "./collapsed.ts";
import { CollapsedBlock } from "./collapsed-block.ts";
import { drawCollapsed } from "./collapsed-draws.ts";
import type { CollapsedPlan, CollapsedSums } from "./collapsed-plan.ts";

/** The collapsed gaussian: HMC over a few scales, everything linear drawn exactly afterwards. */
export async function createCollapsedEngine(
  problem: Problem,
  plan: CollapsedPlan,
  sums: CollapsedSums,
  chains: readonly number[],
  seed: Seed,
  reportedLevels: number,
): Promise<LaneEngine<CollapsedBlock>> {
  // blocks with as many lanes share one density: they move one after the other
  const densities = new Map<number, CollapsedDensity>();
  const blocks: CollapsedBlock[] = [];
  for (const group of blocksOf(chains, "float64")) {
    const lanes = group.length === 2 ? 2 : 4;
    const density = densities.get(lanes) ?? (await CollapsedDensity.create(problem, plan, sums, lanes));
    densities.set(lanes, density);
    blocks.push(new CollapsedBlock(density, group, seed));
  }
  return new LaneEngine(
    {
      shape: blocks[0]!.density.shape,
      variables: variableNames(problem.model, reportedLevels).length,
      useReference() {},
      report: (block, lane, iteration, out, offset) =>
        report(problem, block, lane, seed, iteration, reportedLevels, out, offset),
    },
    blocks,
    chains.length,
  );
}

function report(
  problem: Problem,
  block: CollapsedBlock,
  lane: number,
  seed: Seed,
  iteration: number,
  reportedLevels: number,
  out: Float64Array,
  offset: number,
): void {
  const { density } = block;
  const drawn = drawCollapsed(density, block, lane, seed, block.chains[lane]!, iteration, reportedLevels);
  let at = offset;
  for (let k = 0; k < problem.columns; k++) {
    out[at++] =
      k === 0 && problem.model.intercept
        ? uncentredIntercept(problem, (j) => drawn.linear[j]!) + density.sums.shift
        : drawn.linear[k]!;
  }
  for (let t = 0; t < problem.terms.length; t++) out[at++] = density.sd(block.theta, t, lane);
  out[at++] = Math.exp(block.theta[density.logSigma * density.lanes + lane]!);
  for (const effects of drawn.effects) for (const u of effects) out[at++] = u;
}
