import {
  type Engine,
  type EngineState,
  type Geometry,
  noStart,
  START_ATTEMPTS,
  type TransitionResult,
  type Transitions,
} from "../engine.ts";
import type { Problem } from "../problem.ts";
import type { Seed } from "../random/philox.ts";
import { blocksOf } from "../simd/lanes.ts";
import { uncentredIntercept, variableNames } from "../variables.ts";
import { CollapsedDensity } from "./collapsed.ts";
import { CollapsedBlock } from "./collapsed-block.ts";
import { drawCollapsed } from "./collapsed-draws.ts";
import type { CollapsedPlan, CollapsedSums } from "./collapsed-plan.ts";

export async function createCollapsedEngine(
  problem: Problem,
  plan: CollapsedPlan,
  sums: CollapsedSums,
  chains: readonly number[],
  seed: Seed,
  reportedLevels: number,
): Promise<CollapsedEngine> {
  const groups = blocksOf(chains, "float64");
  // blocks with as many lanes share one density: they move one after the other
  const densities = new Map<number, CollapsedDensity>();
  const blocks: CollapsedBlock[] = [];
  for (const group of groups) {
    const lanes = group.length === 2 ? 2 : 4;
    const density = densities.get(lanes) ?? (await CollapsedDensity.create(problem, plan, sums, lanes));
    densities.set(lanes, density);
    blocks.push(new CollapsedBlock(density, group, seed));
  }
  return new CollapsedEngine(
    blocks.map((block) => ({ block, density: densities.get(block.chains.length)! })),
    chains.length,
    seed,
    reportedLevels,
  );
}

/** The collapsed gaussian: HMC over a few scales, everything linear drawn exactly afterwards. */
export class CollapsedEngine implements Engine {
  readonly chains: number;
  private readonly blocks: readonly { readonly block: CollapsedBlock; readonly density: CollapsedDensity }[];
  private readonly problem: Problem;
  private readonly size: number;
  private readonly seed: Seed;
  private readonly variables: number;
  private readonly reportedLevels: number;

  constructor(
    blocks: readonly { readonly block: CollapsedBlock; readonly density: CollapsedDensity }[],
    chains: number,
    seed: Seed,
    reportedLevels: number,
  ) {
    const { problem, size } = blocks[0]!.density;
    this.blocks = blocks;
    this.chains = chains;
    this.problem = problem;
    this.size = size;
    this.seed = seed;
    this.reportedLevels = reportedLevels;
    this.variables = variableNames(problem, reportedLevels).length;
  }

  async init({ metric }: Geometry): Promise<void> {
    for (const { block } of this.blocks) {
      let spread = 1;
      let attempt = 0;
      while (!block.start(metric, attempt, spread)) {
        spread /= 2;
        if (++attempt === START_ATTEMPTS) throw noStart();
      }
    }
  }

  async setGeometry({ metric }: Geometry): Promise<void> {
    for (const { block } of this.blocks) block.setMetric(metric);
  }

  async state(): Promise<EngineState> {
    const { size } = this;
    const w = new Float64Array(this.chains * size);
    this.eachChain((block, lane, chain) => {
      block.readPosition(lane, w.subarray(chain * size, (chain + 1) * size));
    });
    return { w };
  }

  async restore({ metric }: Geometry, { w }: EngineState): Promise<void> {
    const { size } = this;
    this.eachChain((block, lane, chain) => {
      block.writePosition(lane, w!.subarray(chain * size, (chain + 1) * size));
    });
    for (const { block } of this.blocks) block.restore(metric);
  }

  private eachChain(act: (block: CollapsedBlock, lane: number, chain: number) => void): void {
    let chain = 0;
    for (const { block } of this.blocks)
      for (let c = 0; c < block.chains.length && chain < this.chains; c++) act(block, c, chain++);
  }

  async transitions({ first, stepSizes, steps, record }: Transitions): Promise<TransitionResult> {
    const { chains, variables, size: n } = this;
    const terms = this.problem.terms.length;
    const acceptance = new Float64Array(steps.length * chains);
    const divergent = new Uint8Array(steps.length * chains);
    const globals = new Float64Array(steps.length * chains * n);
    const out = new Float64Array(record ? steps.length * chains * variables : 0);
    const a = new Float64Array(4);
    const d = new Uint8Array(4);
    for (let i = 0; i < steps.length; i++) {
      let chain = 0;
      for (const { block, density } of this.blocks) {
        block.transition(first + i, stepSizes[i]!, steps[i]!, a, d);
        const { lanes } = density;
        for (let c = 0; c < lanes && chain < chains; c++, chain++) {
          const at = i * chains + chain;
          acceptance[at] = a[c]!;
          divergent[at] = d[c]!;
          for (let k = 0; k < n; k++) globals[at * n + k] = block.theta[k * lanes + c]!;
          for (let t = 0; t < terms; t++) globals[at * n + t] = Math.abs(globals[at * n + t]!);
          if (record) this.report(density, block, c, first + i, out, at * variables);
        }
      }
    }
    return { acceptance, divergent, globals, variables: out };
  }

  private report(
    density: CollapsedDensity,
    block: CollapsedBlock,
    lane: number,
    iteration: number,
    out: Float64Array,
    offset: number,
  ): void {
    const { problem, reportedLevels, seed } = this;
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

  async close(): Promise<void> {}
}
