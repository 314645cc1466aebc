import type { Layout } from "../geometry/layout.ts";
import type { RealArray } from "./kernel.ts";
import { type BlockMemory, type LatentData, reals } from "./latent-memory.ts";

/** Typed arrays over one block's memory, made once: each [index][lanes]. */
export interface BlockViews {
  readonly beta: RealArray;
  readonly gradBeta: RealArray;
  readonly dtheta: RealArray;
  readonly gradLinear: RealArray;
  readonly tau: RealArray;
  readonly transportTau: RealArray;
  readonly weight: RealArray;
  readonly likelihood: Float64Array;
  readonly out: Float64Array;
  readonly kinetic: Float64Array;
  readonly mask: Int32Array;
  readonly z: RealArray;
  readonly force: RealArray;
  readonly u: RealArray;
  /** z, force and u in one. */
  readonly state: RealArray;
  readonly kept: RealArray;
  readonly p: RealArray;
  readonly total: RealArray;
  readonly gradTotal: RealArray;
  /** [.][4] of the float32 forces; empty where there are none. */
  readonly steering: {
    readonly beta: Float32Array;
    readonly gradBeta: Float32Array;
    readonly gradTotal: Float32Array;
  };
}

/** Byte offsets of the three stretches of the state. */
export interface Stretches {
  readonly z: number;
  readonly force: number;
  readonly u: number;
}

export function stretchesOf(memory: BlockMemory, layout: Layout): Stretches {
  const stretch = 16 * layout.latents * memory.vectors;
  return { z: memory.state, force: memory.state + stretch, u: memory.state + 2 * stretch };
}

export function viewsOf(data: LatentData, memory: BlockMemory, layout: Layout): BlockViews {
  const { lanes } = memory;
  const real = (at: number, n: number): RealArray => reals(data.precision, data.buffer, at, n * lanes);
  const wide = (at: number, n: number): Float64Array => new Float64Array(data.buffer, at, n * lanes);
  const steering = (at: number, n: number): Float32Array =>
    new Float32Array(data.buffer, at, data.steering ? 4 * n : 0);
  const { z, force, u } = stretchesOf(memory, layout);
  return {
    beta: real(memory.beta, layout.columns),
    gradBeta: real(memory.gradBeta, layout.columns),
    dtheta: real(memory.dtheta, layout.linear),
    gradLinear: real(memory.gradTheta, layout.linear),
    tau: real(memory.tau, layout.terms),
    transportTau: real(memory.transportTau, layout.terms),
    weight: real(memory.weight, 1),
    likelihood: wide(memory.likelihood, 1),
    out: wide(memory.out, 3 * layout.terms),
    kinetic: wide(memory.kinetic, 1),
    mask: new Int32Array(data.buffer, memory.mask, 4 * memory.vectors),
    z: real(z, layout.latents),
    force: real(force, layout.latents),
    u: real(u, layout.latents),
    state: real(memory.state, 3 * layout.latents),
    kept: real(memory.kept, 3 * layout.latents),
    p: real(memory.p, layout.latents),
    total: real(memory.total, data.rowLevels),
    gradTotal: real(memory.gradTotal, data.rowLevels),
    steering: {
      beta: steering(memory.steering.beta, layout.columns),
      gradBeta: steering(memory.steering.gradBeta, layout.columns),
      gradTotal: steering(memory.steering.gradTotal, data.rowLevels),
    },
  };
}
