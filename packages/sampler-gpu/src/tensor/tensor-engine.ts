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
import { philox, type Seed } from "../random/philox.ts";
import { type Arrays, disposeAll, integers, type Tensors, upload } from "./arrays.ts";
import { CONTROL, controlOf, DISPATCH, type Iteration, PLACING } from "./control.ts";
import { drawStart, type Position, packPosition, unpackPosition } from "./position.ts";
import type { Program, TensorRuntime, TensorSpec } from "./runtime.ts";
import type { Space, Spaces } from "./space.ts";
import { carriedSpecs, NO_NUMBER, STREAMS, transitionProgram } from "./transition.ts";
import { unwhiten } from "./whitened.ts";

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
  private keys: Tensors = {};
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

  /**
   * Where inputs travel to the device, positions alone do: the chains are placed anew in every dispatch. That costs a gradient, the whole
   * state, as large as all rows of all chains, would cost more. In the host's own memory it does not.
   */
  private get carried(): "state" | "position" {
    return this.runtime.holdsData ? "position" : "state";
  }

  /** Makes a geometry the current one: the space that suits it, its inputs on the device, its program ready. */
  private async enter(geometry: Geometry, variant = this.space?.variant): Promise<Space> {
    const { chains, runtime } = this;
    await runtime.activate();
    const space = this.spaces(geometry, variant);
    const keys = integers([STREAMS], streamKeys(this.seed));
    if (Object.keys(this.keys).length === 0) {
      this.keys = upload({ keys });
      this.data = upload(space.data);
    }
    const arrays = space.geometry(geometry);
    disposeAll(this.geometryInputs);
    this.geometryInputs = upload(arrays);
    this.space = space;
    this.geometry = geometry;
    if (this.programs.has(space.name)) return space;
    const inputs: Arrays = { ...(runtime.holdsData ? { keys } : { keys, ...space.data }), ...arrays };
    const specs: TensorSpec[] = [
      ...Object.values(CONTROL),
      ...Object.values(inputs).map(({ shape, dtype }) => ({ shape, dtype })),
      ...carriedSpecs(space.density, chains, this.carried),
    ];
    const body = transitionProgram(space.density, chains, {
      inputs: Object.keys(inputs),
      held: runtime.holdsData ? this.data : {},
      carried: this.carried,
    });
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
    const { blocks } = (await this.enter(geometry)).density;
    const { chains, seed } = this;
    const position = blocks.map((width) => new Float64Array(chains * width));
    let bad = Array.from({ length: chains }, (_, c) => c);
    for (let attempt = 0, spread = 1; ; attempt++, spread /= 2) {
      if (attempt === START_ATTEMPTS) throw noStart();
      for (const c of bad) drawStart(position, blocks, seed, c, attempt, spread);
      const values = this.place(position);
      bad = bad.filter((c) => !(Math.abs(values[c]!) < -NO_NUMBER));
      if (bad.length === 0) return;
    }
  }

  async setGeometry(geometry: Geometry): Promise<void> {
    const before = this.geometry;
    const space = await this.enter(geometry);
    const position = this.readPosition();
    space.move(before, geometry, position);
    this.place(position);
  }

  async restore(geometry: Geometry, { position, variant }: EngineState): Promise<void> {
    const { chains } = this;
    const numbers = variant && Array.from(variant.subarray(0, variant.length / chains));
    const { blocks } = (await this.enter(geometry, numbers)).density;
    this.place(unpackPosition(position!, blocks, chains));
  }

  async state(): Promise<EngineState> {
    await this.runtime.activate();
    const { chains } = this;
    const { density, variant } = this.inSpace;
    const position = packPosition(this.readPosition(), density.blocks, chains);
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
      energy: new Float64Array(iterations * chains),
      globals: new Float64Array(iterations * chains * globals),
      variables: new Float64Array(record ? iterations * chains * space.variables : 0),
    };
    for (let done = 0; done < iterations; done += DISPATCH) {
      const count = Math.min(DISPATCH, iterations - done);
      const own = Array.from({ length: count }, (_, i) => ({
        steps: steps[done + i]!,
        stepSize: stepSizes[done + i]!,
      }));
      const lead = this.carried === "state" ? [] : [PLACING];
      const { w, gain, energy, reported } = this.dispatch(first + done - lead.length, [...lead, ...own]);
      for (let i = 0; i < count * chains; i++) {
        const to = done * chains + i;
        const at = lead.length * chains + i;
        result.divergent[to] = gain[at]! > -DIVERGENCE ? 0 : 1;
        result.energy[to] = energy[at]!;
        result.acceptance[to] = result.divergent[to] === 1 ? 0 : Math.min(1, Math.exp(gain[at]!));
        const theta = result.globals.subarray(to * globals, (to + 1) * globals);
        unwhiten(this.geometry.metric, w, at * globals, theta);
        space.fold(theta);
        if (!record) continue;
        const draw = {
          theta,
          reported,
          from: at * space.density.reported,
          chain: i % chains,
          iteration: first + done + Math.floor(i / chains),
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
    disposeAll(this.keys);
    disposeAll(this.data);
    disposeAll(this.geometryInputs);
    tf.dispose([...this.current]);
    this.current = [];
    this.keys = {};
    this.data = {};
    this.geometryInputs = {};
  }

  /**
   * For tests, where the whole state is carried: [chains] log density up to a constant, and force by block [chains x width], at a position
   * in a geometry.
   */
  async probe(
    geometry: Geometry,
    position: Position,
  ): Promise<{ value: Float32Array; force: Float32Array[] }> {
    const { blocks } = (await this.enter(geometry)).density;
    const value = this.place(position);
    return {
      value,
      force: blocks.map((_, b) => this.current[blocks.length + b]!.dataSync() as Float32Array),
    };
  }

  /** For tests: what is carried from dispatch to dispatch. */
  get deviceState(): readonly Tensor[] {
    return this.current;
  }

  /** [blocks] copies. */
  private readPosition(): Float64Array[] {
    return this.inSpace.density.blocks.map((_, b) => Float64Array.from(this.current[b]!.dataSync()));
  }

  /** Puts the chains at these positions: [chains] log densities up to a constant. */
  private place(position: Position): Float32Array {
    tf.dispose([...this.current]);
    this.current = carriedSpecs(this.inSpace.density, this.chains, this.carried).map(({ shape }, k) => {
      const block = position[k];
      return block ? tf.tensor(Float32Array.from(block), [...shape]) : tf.zeros([...shape]);
    });
    return this.dispatch(0, [PLACING]).gain;
  }

  /** Runs some iterations; [iterations][chains] globals (whitened), gains, energies, reports. */
  private dispatch(
    first: number,
    iterations: readonly Iteration[],
  ): { w: Float32Array; gain: Float32Array; energy: Float32Array; reported: Float32Array } {
    const { name } = this.inSpace;
    const control = upload(controlOf(first, iterations));
    const given = this.runtime.holdsData ? {} : this.data;
    const inputs = [control, this.keys, given, this.geometryInputs].flatMap((t) => Object.values(t));
    let outputs: Tensor[];
    try {
      outputs = this.programs.get(name)!.run([...inputs, ...this.current]);
    } finally {
      disposeAll(control);
    }
    const size = this.current.length;
    tf.dispose([...this.current]);
    this.current = outputs.slice(0, size);
    const records = outputs.slice(size);
    const [w, gain, energy, reported] = records.map((t) => t.dataSync() as Float32Array);
    tf.dispose(records);
    return { w: w!, gain: gain!, energy: energy!, reported: reported ?? new Float32Array(0) };
  }
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
