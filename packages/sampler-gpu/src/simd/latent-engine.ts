import { signedSd } from "../density/scale.ts";
import type { Engine, EngineState, Geometry, TransitionResult, Transitions } from "../engine.ts";
import { noStart, START_ATTEMPTS } from "../engine.ts";
import type { Layout } from "../geometry/layout.ts";
import type { Problem } from "../problem.ts";
import type { Seed } from "../random/philox.ts";
import { uncentredIntercept, variableNames } from "../variables.ts";
import type { Precision } from "./kernel.ts";
import { blocksOf } from "./lanes.ts";
import { LatentBlock } from "./latent-block.ts";
import { type LatentData, layOutLatent, writeReference } from "./latent-memory.ts";

export async function createLatentEngine(
  problem: Problem,
  layout: Layout,
  chains: readonly number[],
  seed: Seed,
  reportedLevels: number,
  precision: Precision,
): Promise<LatentEngine> {
  const groups = blocksOf(chains, precision);
  const data = await layOutLatent(
    problem,
    layout,
    groups.map((g) => g.length),
    precision,
  );
  const blocks = groups.map((g, i) => new LatentBlock(problem, layout, data, data.states[i]!, g, seed));
  return new LatentEngine(problem, layout, data, blocks, chains.length, reportedLevels);
}

/** The full latent space on the fused SIMD kernel. */
export class LatentEngine implements Engine {
  readonly chains: number;
  private readonly problem: Problem;
  private readonly layout: Layout;
  private readonly data: LatentData;
  readonly blocks: readonly LatentBlock[];
  private readonly variables: number;
  private readonly reportedLevels: number;

  constructor(
    problem: Problem,
    layout: Layout,
    data: LatentData,
    blocks: readonly LatentBlock[],
    chains: number,
    reportedLevels: number,
  ) {
    this.problem = problem;
    this.layout = layout;
    this.data = data;
    this.blocks = blocks;
    this.chains = chains;
    this.reportedLevels = reportedLevels;
    this.variables = variableNames(problem, reportedLevels).length;
  }

  async init(geometry: Geometry): Promise<void> {
    writeReference(this.data, geometry.reference!);
    for (const block of this.blocks) {
      let spread = 1;
      let attempt = 0;
      while (!block.start(geometry, attempt, spread)) {
        spread /= 2;
        if (++attempt === START_ATTEMPTS) throw noStart();
      }
    }
  }

  async setGeometry(geometry: Geometry): Promise<void> {
    writeReference(this.data, geometry.reference!);
    for (const block of this.blocks) block.setGeometry(geometry);
  }

  async state(): Promise<EngineState> {
    const { chains, layout } = this;
    const w = new Float64Array(chains * layout.globals);
    const z = new Float64Array(chains * layout.latents);
    this.eachChain((block, lane, chain) => {
      block.readPosition(lane, part(w, chain, layout.globals), part(z, chain, layout.latents));
    });
    return { w, z };
  }

  async restore(geometry: Geometry, { w, z }: EngineState): Promise<void> {
    const { layout } = this;
    writeReference(this.data, geometry.reference!);
    this.eachChain((block, lane, chain) => {
      block.writePosition(lane, part(w!, chain, layout.globals), part(z!, chain, layout.latents));
    });
    for (const block of this.blocks) block.restore(geometry);
  }

  private eachChain(act: (block: LatentBlock, lane: number, chain: number) => void): void {
    let chain = 0;
    for (const block of this.blocks)
      for (let c = 0; c < block.chains.length && chain < this.chains; c++) act(block, c, chain++);
  }

  async transitions({ first, stepSizes, steps, record }: Transitions): Promise<TransitionResult> {
    const { chains, layout, variables } = this;
    const n = layout.globals;
    const acceptance = new Float64Array(steps.length * chains);
    const divergent = new Uint8Array(steps.length * chains);
    const globals = new Float64Array(steps.length * chains * n);
    const out = new Float64Array(record ? steps.length * chains * variables : 0);
    const a = new Float64Array(4);
    const d = new Uint8Array(4);
    for (let i = 0; i < steps.length; i++) {
      let chain = 0;
      for (const block of this.blocks) {
        block.transition(first + i, stepSizes[i]!, steps[i]!, a, d);
        const lanes = block.chains.length;
        for (let c = 0; c < lanes && chain < chains; c++, chain++) {
          const at = i * chains + chain;
          acceptance[at] = a[c]!;
          divergent[at] = d[c]!;
          for (let k = 0; k < n; k++) globals[at * n + k] = block.theta[k * lanes + c]!;
          for (let k = layout.scale; k < layout.scale + layout.terms; k++)
            globals[at * n + k] = Math.abs(globals[at * n + k]!);
          if (record) this.report(block, c, out, at * variables);
        }
      }
    }
    return { acceptance, divergent, globals, variables: out };
  }

  private report(block: LatentBlock, c: number, out: Float64Array, offset: number): void {
    const { problem, layout } = this;
    const lanes = block.chains.length;
    const theta = (k: number): number => block.theta[k * lanes + c]!;
    let at = offset;
    for (let k = 0; k < layout.columns; k++) {
      out[at++] = k === 0 && problem.model.intercept ? uncentredIntercept(problem, theta) : theta(k);
    }
    for (let t = 0; t < layout.terms; t++)
      out[at++] = Math.abs(signedSd(problem.scales[t]!, theta(layout.scale + t)));
    if (problem.gaussian) out[at++] = Math.exp(theta(layout.logSigma));
    for (let t = 0; t < layout.terms; t++) {
      const { levels } = problem.terms[t]!;
      if (levels > this.reportedLevels) continue;
      for (let j = 0; j < levels; j++) out[at++] = block.effect(t, j, c);
    }
  }

  async close(): Promise<void> {}
}

const part = (values: Float64Array, chain: number, size: number): Float64Array =>
  values.subarray(chain * size, (chain + 1) * size);
