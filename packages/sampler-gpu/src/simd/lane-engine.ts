import {
  type Engine,
  type EngineState,
  type Geometry,
  noStart,
  START_ATTEMPTS,
  type TransitionResult,
  type Transitions,
} from "../engine.ts";
import type { LaneBlock, LaneShape } from "./lane-block.ts";

/** What an engine of lanes needs to know of its density. */
export interface LaneDensity<Block extends LaneBlock> {
  readonly shape: LaneShape;
  /** Number of reported variables. */
  readonly variables: number;
  /** Takes up a geometry's reference, before the blocks do. */
  useReference(geometry: Geometry): void;
  /** Writes the reported variables of a block's lane after an iteration into out[offset], … */
  report(block: Block, lane: number, iteration: number, out: Float64Array, offset: number): void;
}

/** Chains in blocks of lanes, moved one block after the other in this thread. */
export class LaneEngine<Block extends LaneBlock> implements Engine {
  readonly chains: number;
  readonly blocks: readonly Block[];
  private readonly density: LaneDensity<Block>;

  /** chains: how many of the blocks' lanes, in order, are chains. */
  constructor(density: LaneDensity<Block>, blocks: readonly Block[], chains: number) {
    this.density = density;
    this.blocks = blocks;
    this.chains = chains;
  }

  async init(geometry: Geometry): Promise<void> {
    this.density.useReference(geometry);
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
    this.density.useReference(geometry);
    for (const block of this.blocks) block.setGeometry(geometry);
  }

  async state(): Promise<EngineState> {
    const { globals, latents } = this.density.shape;
    const w = new Float64Array(this.chains * globals);
    const z = new Float64Array(this.chains * latents);
    this.eachChain((block, lane, chain) => {
      block.readPosition(lane, part(w, chain, globals), part(z, chain, latents));
    });
    return { w, z };
  }

  async restore(geometry: Geometry, { w, z }: EngineState): Promise<void> {
    const { globals, latents } = this.density.shape;
    this.density.useReference(geometry);
    this.eachChain((block, lane, chain) => {
      block.writePosition(lane, part(w!, chain, globals), part(z!, chain, latents));
    });
    for (const block of this.blocks) block.restore(geometry);
  }

  private eachChain(act: (block: Block, lane: number, chain: number) => void): void {
    let chain = 0;
    for (const block of this.blocks)
      for (let c = 0; c < block.lanes && chain < this.chains; c++) act(block, c, chain++);
  }

  async transitions({ first, stepSizes, steps, record }: Transitions): Promise<TransitionResult> {
    const { chains } = this;
    const { shape, variables } = this.density;
    const n = shape.globals;
    const acceptance = new Float64Array(steps.length * chains);
    const divergent = new Uint8Array(steps.length * chains);
    const energy = new Float64Array(steps.length * chains);
    const globals = new Float64Array(steps.length * chains * n);
    const out = new Float64Array(record ? steps.length * chains * variables : 0);
    const a = new Float64Array(4);
    const d = new Uint8Array(4);
    for (let i = 0; i < steps.length; i++) {
      let chain = 0;
      for (const block of this.blocks) {
        block.transition(first + i, stepSizes[i]!, steps[i]!, a, d);
        for (let c = 0; c < block.lanes && chain < chains; c++, chain++) {
          const at = i * chains + chain;
          acceptance[at] = a[c]!;
          divergent[at] = d[c]!;
          energy[at] = block.energy[c]!;
          for (let k = 0; k < n; k++) globals[at * n + k] = block.theta[k * block.lanes + c]!;
          block.fold(globals, at * n, 1);
          if (record) this.density.report(block, c, first + i, out, at * variables);
        }
      }
    }
    return { acceptance, divergent, energy, globals, variables: out };
  }

  async close(): Promise<void> {}
}

const part = (values: Float64Array, chain: number, size: number): Float64Array =>
  values.subarray(chain * size, (chain + 1) * size);
