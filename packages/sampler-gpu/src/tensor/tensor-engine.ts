import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import {
  DIVERGENCE,
  type Engine,
  type EngineState,
  type Geometry,
  noStart,
  START_ATTEMPTS,
  type TransitionResult,
  type Transitions,
} from "../engine.ts";
import { fillNormals, philox, type Seed, STREAM } from "../random/philox.ts";
import { type Arrays, disposeAll, floats, integers, type Tensors, upload } from "./arrays.ts";
import type { Program, TensorRuntime, TensorSpec } from "./runtime.ts";
import type { Position, Space, Spaces } from "./space.ts";
import { CONTROL, DISPATCH, STREAMS, stateSize, stateSpecs, transitionProgram } from "./transition.ts";
import { unwhiten } from "./whitened.ts";

interface Iteration {
  readonly steps: number;
  readonly stepSize: number;
}

/** Any space on any runtime: the chains' positions live on the device, and move there in dispatches of several transitions. */
export class TensorEngine implements Engine {
  readonly chains: number;
  private readonly spaces: Spaces;
  private readonly seed: Seed;
  private readonly runtime: TensorRuntime;
  /** By name of the space. */
  private readonly programs = new Map<string, Program>();
  private space: Space | undefined;
  private geometry!: Geometry;
  private data: Tensors = {};
  private geometryInputs: Tensors = {};
  private current: readonly Tensor[] = [];

  /** A program is made when the first geometry is known. */
  constructor(spaces: Spaces, chains: number, seed: Seed, runtime: TensorRuntime) {
    this.spaces = spaces;
    this.chains = chains;
    this.seed = seed;
    this.runtime = runtime;
  }

  /** The space of a geometry, its program ready and the runtime's backend current. */
  private async prepare(geometry: Geometry, variant = this.space?.variant): Promise<Space> {
    const { chains, runtime } = this;
    await runtime.activate();
    const space = this.spaces(geometry, variant);
    this.space = space;
    const { density } = space;
    const keys = integers([STREAMS], streamKeys(this.seed));
    if (Object.keys(this.data).length === 0) this.data = upload({ keys, ...space.data });
    if (this.programs.has(space.name)) return space;
    const inputs = space.geometry(geometry);
    const arrays: Arrays = { keys, ...space.data, ...inputs };
    const specs: TensorSpec[] = [
      ...Object.values(CONTROL),
      ...Object.values(arrays).map(({ shape, dtype }) => ({ shape, dtype })),
      ...stateSpecs(density, chains),
    ];
    const body = transitionProgram(density, chains, Object.keys(arrays));
    this.programs.set(space.name, await runtime.prepare(space.name, specs, body));
    await runtime.activate();
    return space;
  }

  /** The space that the chains are in. */
  private get inSpace(): Space {
    if (!this.space) throw new Error("the engine has no positions yet: init or restore comes first");
    return this.space;
  }

  async init(geometry: Geometry): Promise<void> {
    const space = await this.prepare(geometry);
    const { chains, seed } = this;
    const position = space.density.blocks.map((width) => new Float64Array(chains * width));
    let bad = Array.from({ length: chains }, (_, c) => c);
    for (let attempt = 0, spread = 1; ; attempt++, spread /= 2) {
      if (attempt === START_ATTEMPTS) throw noStart();
      for (const c of bad) drawStart(position, space.density.blocks, seed, c, attempt, spread);
      const values = this.place(geometry, position);
      bad = bad.filter((c) => !(Math.abs(values[c]!) < 1e30));
      if (bad.length === 0) return;
    }
  }

  async setGeometry(geometry: Geometry): Promise<void> {
    const space = await this.prepare(geometry);
    const position = this.readPosition();
    space.move(this.geometry, geometry, position);
    this.place(geometry, position);
  }

  async restore(geometry: Geometry, { position, variant }: EngineState): Promise<void> {
    const { chains } = this;
    const numbers = variant && Array.from(variant.subarray(0, variant.length / chains));
    const space = await this.prepare(geometry, numbers);
    const { blocks } = space.density;
    const all = blocks.reduce((sum, width) => sum + width, 0);
    let from = 0;
    const parts = blocks.map((width) => {
      const part = new Float64Array(chains * width);
      for (let c = 0; c < chains; c++)
        part.set(position!.subarray(c * all + from, c * all + from + width), c * width);
      from += width;
      return part;
    });
    this.place(geometry, parts);
  }

  async state(): Promise<EngineState> {
    await this.runtime.activate();
    const { chains } = this;
    const { density, variant } = this.inSpace;
    const all = density.blocks.reduce((sum, width) => sum + width, 0);
    const position = new Float64Array(chains * all);
    let from = 0;
    this.readPosition().forEach((block, b) => {
      const width = density.blocks[b]!;
      for (let c = 0; c < chains; c++)
        position.set(block.subarray(c * width, (c + 1) * width), c * all + from);
      from += width;
    });
    if (variant.length === 0) return { position };
    return { position, variant: Float64Array.from(Array.from({ length: chains }, () => variant).flat()) };
  }

  async transitions({ first, steps, stepSizes, record }: Transitions): Promise<TransitionResult> {
    const { chains } = this;
    const space = this.inSpace;
    await this.runtime.activate();
    const iterations = steps.length;
    const globals = space.density.blocks[0]!;
    const result = {
      acceptance: new Float64Array(iterations * chains),
      divergent: new Uint8Array(iterations * chains),
      globals: new Float64Array(iterations * chains * globals),
      variables: new Float64Array(record ? iterations * chains * space.variables : 0),
    };
    for (let done = 0; done < iterations; done += DISPATCH) {
      const count = Math.min(DISPATCH, iterations - done);
      const own = Array.from(
        { length: count },
        (_, i): Iteration => ({
          steps: steps[done + i]!,
          stepSize: stepSizes[done + i]!,
        }),
      );
      const { w, gain, reported } = this.dispatch(first + done, own, false);
      for (let at = 0; at < count * chains; at++) {
        const to = done * chains + at;
        result.divergent[to] = gain[at]! > -DIVERGENCE ? 0 : 1;
        result.acceptance[to] = result.divergent[to] === 1 ? 0 : Math.min(1, Math.exp(gain[at]!));
        const theta = result.globals.subarray(to * globals, (to + 1) * globals);
        unwhiten(this.geometry.metric, w, at * globals, theta);
        for (const k of space.freeSigns) theta[k] = Math.abs(theta[k]!);
        if (!record) continue;
        const draw = {
          theta,
          reported,
          from: at * space.density.reported,
          chain: at % chains,
          iteration: first + done + Math.floor(at / chains),
        };
        space.report(draw, result.variables, to * space.variables);
      }
    }
    return result;
  }

  async close(): Promise<void> {
    await this.runtime.activate();
    for (const program of this.programs.values()) program.dispose();
    this.programs.clear();
    disposeAll(this.data);
    disposeAll(this.geometryInputs);
    tf.dispose([...this.current]);
    this.current = [];
    this.data = {};
    this.geometryInputs = {};
  }

  /** For tests: [chains] log density up to a constant, and force by block [chains x width], at a position in a geometry. */
  async probe(
    geometry: Geometry,
    position: Position,
  ): Promise<{ value: Float32Array; force: Float32Array[] }> {
    await this.prepare(geometry);
    const value = this.place(geometry, position);
    const { blocks } = this.inSpace.density;
    return {
      value,
      force: blocks.map((_, b) => this.current[blocks.length + b]!.dataSync() as Float32Array),
    };
  }

  /** For tests: position and force by block, then the pieces, as the device holds them. */
  get deviceState(): readonly Tensor[] {
    return this.current;
  }

  /** [blocks] copies. */
  private readPosition(): Float64Array[] {
    return this.inSpace.density.blocks.map((_, b) => Float64Array.from(this.current[b]!.dataSync()));
  }

  /**
   * Puts the chains at these positions in this geometry: [chains] log densities up to a constant. Their forces and pieces are computed by one
   * transition by an angle of 0 that is always taken, so by the code that computes all later ones: what follows is, to the bit, what
   * would have followed had the chains come here on their own.
   */
  private place(geometry: Geometry, position: Position): Float32Array {
    const { chains } = this;
    const space = this.inSpace;
    disposeAll(this.geometryInputs);
    this.geometry = geometry;
    this.geometryInputs = upload(space.geometry(geometry));
    tf.dispose([...this.current]);
    this.current = stateSpecs(space.density, chains).map(({ shape }, k) => {
      const block = position[k];
      return block ? tf.tensor(Float32Array.from(block), [...shape]) : tf.zeros([...shape]);
    });
    return this.dispatch(0, [{ steps: 1, stepSize: 0 }], true).gain;
  }

  /** Runs up to DISPATCH iterations; [iterations][chains] globals (whitened), gains, reports. */
  private dispatch(
    first: number,
    iterations: readonly Iteration[],
    forced: boolean,
  ): { w: Float32Array; gain: Float32Array; reported: Float32Array } {
    const space = this.inSpace;
    const fill = (of: (it: Iteration) => number): Float64Array => {
      const out = new Float64Array(DISPATCH);
      iterations.forEach((it, i) => {
        out[i] = of(it);
      });
      return out;
    };
    const control = upload({
      count: integers([], [iterations.length]),
      first: integers([1], [first]),
      steps: integers(
        [DISPATCH],
        fill((it) => it.steps),
      ),
      half: floats(
        [DISPATCH],
        fill((it) => 0.5 * it.stepSize),
      ),
      tangent: floats(
        [DISPATCH],
        fill((it) => Math.tan(0.5 * it.stepSize)),
      ),
      sine: floats(
        [DISPATCH],
        fill((it) => Math.sin(it.stepSize)),
      ),
      forced: floats(
        [DISPATCH],
        fill(() => (forced ? 1 : 0)),
      ),
    });
    const outputs = this.programs
      .get(space.name)!
      .run([
        ...Object.values(control),
        ...Object.values(this.data),
        ...Object.values(this.geometryInputs),
        ...this.current,
      ]);
    disposeAll(control);
    tf.dispose([...this.current]);
    const size = stateSize(space.density);
    this.current = outputs.slice(0, size);
    const records = outputs.slice(size);
    const [w, gain, reported] = records.map((t) => t.dataSync() as Float32Array);
    tf.dispose(records);
    return { w: w!, gain: gain!, reported: reported ?? new Float32Array(0) };
  }
}

/** A starting point of one chain: standard normal in the whitened space, times `spread`; the same numbers as the other engines'. */
function drawStart(
  position: Position,
  blocks: readonly number[],
  seed: Seed,
  chain: number,
  attempt: number,
  spread: number,
): void {
  const latents = new Float64Array(blocks.slice(1).reduce((sum, width) => sum + width, 0));
  const w = new Float64Array(blocks[0]!);
  fillNormals(w, w.length, seed, chain, attempt, STREAM.globalStart);
  fillNormals(latents, latents.length, seed, chain, attempt, STREAM.latentStart);
  let from = 0;
  blocks.forEach((width, b) => {
    const values = b === 0 ? w : latents.subarray(from, from + width);
    if (b > 0) from += width;
    position[b]!.set(
      values.map((v) => v * spread),
      chain * width,
    );
  });
}

/** Keys of the program's streams of random numbers: independent of each other, and of what STREAM names. */
function streamKeys(seed: Seed): Int32Array {
  const words = new Uint32Array(4);
  return Int32Array.from({ length: STREAMS }, (_, s) => {
    philox(s, 0, 0, TENSOR_STREAM, seed.low, seed.high, words);
    return words[0]! | 0;
  });
}
/** Far from the numbers in STREAM. */
const TENSOR_STREAM = 1000;
