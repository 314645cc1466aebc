import { variableNames } from "@bridgewise/core";
import type { Layout } from "../geometry/layout.ts";
import { reportModel } from "../model-report.ts";
import type { Problem } from "../problem.ts";
import type { Seed } from "../random/philox.ts";
import type { Precision } from "../settings.ts";
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
      variables: variableNames(problem.model, reportedLevels).length,
      useReference: ({ reference }) => writeReference(data, reference!),
      report: (block, lane, _, out, offset) =>
        reportModel(
          problem,
          layout,
          reportedLevels,
          (k) => block.theta[k * block.lanes + lane]!,
          (t, j) => block.effect(t, j, lane),
          out,
          offset,
        ),
    },
    blocks,
    chains.length,
  );
}
