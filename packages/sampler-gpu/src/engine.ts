import type { Metric } from "./driver/metric.ts";
import type { GeneralReference } from "./general/general-reference.ts";
import type { Reference } from "./geometry/transport.ts";

/** What an engine needs to know of the target's shape. */
export interface Geometry {
  readonly metric: Metric;
  /** For densities with latents. */
  readonly reference?: Reference;
  /** For the general density. */
  readonly general?: GeneralReference;
}

/** Several transitions in one go. */
export interface Transitions {
  /** Number of the first iteration since the start of the fit, warm-up included: the random numbers' counter. */
  readonly first: number;
  /** [iterations] integration steps of each, and their size as an angle. */
  readonly steps: Int32Array;
  readonly stepSizes: Float64Array;
  /** Whether to return the reported variables. */
  readonly record: boolean;
}

export interface TransitionResult {
  /** [iterations][chains] acceptance probability, 0 where divergent. */
  readonly acceptance: Float64Array;
  /** [iterations][chains] 1 where the energy error was above 1,000 or not finite. */
  readonly divergent: Uint8Array;
  /**
   * [iterations][chains] Hamiltonian at the start of each transition, after the fresh momentum: minus the log density in whitened
   * coordinates, up to a constant of the geometry, plus half the momentum's square. Engines may leave it out.
   */
  readonly energy?: Float64Array;
  /** [iterations][chains][globals] after the transition, coordinates of sds without their sign. */
  readonly globals: Float64Array;
  /** [iterations][chains][variables], if asked for. */
  readonly variables: Float64Array;
}

/** Chains that could not be started are an error with this message, not NaN in a summary. */
export class SamplingError extends Error {
  override readonly name = "SamplingError";
}

/** Starting points that are tried for a chain, each nearer to the geometry's centre. */
export const START_ATTEMPTS = 20;

export const noStart = (): SamplingError =>
  new SamplingError(
    `no starting point with a finite density was found in ${START_ATTEMPTS} attempts: check the scale of the response and the predictors, and the priors`,
  );

/**
 * The seam between driver and engine: an engine holds the model's data and some chains' positions, and moves them. It knows
 * nothing of adaptation; the driver knows nothing of latents. Engines run in this thread, in workers, or on another device.
 */
export interface Engine {
  readonly chains: number;
  /** Sets the geometry and draws starting points in it; chains whose density is not finite are drawn again, nearer to its centre. */
  init(geometry: Geometry): Promise<void>;
  /** Changes the geometry and keeps the positions. */
  setGeometry(geometry: Geometry): Promise<void>;
  transitions(request: Transitions): Promise<TransitionResult>;
  /** A copy of the positions after the latest transition. */
  state(): Promise<EngineState>;
  /** Takes up positions in the geometry they were left in: what follows is what would have followed then. */
  restore(geometry: Geometry, state: EngineState): Promise<void>;
  /** May be called more than once. */
  close(): Promise<void>;
}

/** Engines by name: the embedded kernel; the tensor program on tfjs-wasm, on TensorFlow's CPU kernels, on a GPU. */
export const ENGINES = ["simd", "wasm", "native", "cuda"] as const;
export type EngineName = (typeof ENGINES)[number];

/**
 * The chains' positions, enough to go on to the bit: named arrays, each [chains][size] in the order of the chains, so that the
 * states of engines that hold some of the chains each can be joined and parted.
 */
export type EngineState = Readonly<Record<string, Float64Array>>;

/** An energy error above this is a divergence (Stan's rule). */
export const DIVERGENCE = 1000;
