import { variableNames } from "@bridgewise/core";
import type { Seed } from "../random/philox.ts";
import { LaneEngine } from "../simd/lane-engine.ts";
import { blocksOf } from "../simd/lanes.ts";
import { GeneralBlock } from "./general-block.ts";
import type { GeneralLayout } from "./general-layout.ts";
import type { GeneralProblem } from "./general-problem.ts";
import { foldScales, reportGeneral } from "./general-report.ts";
import { layOutPasses } from "./row-pass.ts";

/** The general density for the chains with these numbers. */
export async function createGeneralEngine(
  problem: GeneralProblem,
  layout: GeneralLayout,
  chains: readonly number[],
  seed: Seed,
  reportedLevels: number,
): Promise<LaneEngine<GeneralBlock>> {
  const groups = blocksOf(chains, "float64");
  const passes = await layOutPasses(
    problem,
    layout,
    groups.map((group) => group.length),
  );
  return new LaneEngine(
    {
      shape: layout,
      variables: variableNames(problem.model, reportedLevels).length,
      useReference() {},
      report: (block, lane, _, out, offset) => {
        const theta = Float64Array.from(
          { length: layout.globals },
          (_, k) => block.theta[k * block.lanes + lane]!,
        );
        foldScales(problem, layout, theta, 0, 1);
        const effect = (t: number, j: number, a: number): number => block.effect(t, j, a, lane);
        reportGeneral(problem, layout, theta, effect, reportedLevels, out, offset);
      },
    },
    groups.map((group, i) => new GeneralBlock(problem, layout, group, seed, passes[i])),
    chains.length,
  );
}
