import type { EnergyMoments } from "@bridgewise/core";
import type { EngineState, Geometry } from "../engine.ts";
import type { RunningEss } from "./running-ess.ts";
import type { StepSize } from "./step-size.ts";

/** What warm-up carries from one iteration to the next. */
export interface WarmupState {
  readonly phase: "warmup";
  /** In a learning window, or settling the step size. */
  readonly stage: "window" | "settle";
  /** Which window; which of the target acceptances. */
  readonly index: number;
  /** Iterations done in this stage. */
  readonly done: number;
  /** Divergent transitions since the last window or target began. */
  readonly divergent: number;
  readonly step: StepSize;
  /** Globals of the window's iterations, each [chains][globals]. */
  readonly history: readonly Float64Array[];
}

/** What sampling carries from one block to the next. */
export interface SamplingState {
  readonly phase: "sampling";
  /** Warm-up iterations that were run. */
  readonly warmup: number;
  readonly stepSize: number;
  /** Draws of each chain so far. */
  readonly done: number;
  readonly divergences: number;
  /** Sums over transitions: of acceptance over all chains, of gradients of one chain. */
  readonly acceptance: number;
  readonly gradients: number;
  /** [chains] of each chain's energies, where the engine tells them. */
  readonly energies: readonly EnergyMoments[] | undefined;
  readonly ess: RunningEss;
}

/**
 * Everything that the driver carries: plain data. Together with the engine's positions it is the whole fit; there is no other
 * memory, in the target or elsewhere, so that a fit taken up from a copy goes on to the bit.
 */
export interface DriverState {
  /** Iterations since the start of the fit: the counter of the random numbers. */
  readonly iteration: number;
  readonly geometry: Geometry;
  readonly at: WarmupState | SamplingState;
  /** Wall time spent in each phase. */
  readonly seconds: { readonly warmup: number; readonly sampling: number };
}

/** A fit between two steps: all that is needed to go on, with more draws if wanted. */
export interface Snapshot {
  readonly driver: DriverState;
  readonly engine: EngineState;
}
