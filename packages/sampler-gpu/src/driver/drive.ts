import { type EnergyMoments, NO_ENERGY, withEnergy } from "@bridgewise/core";
import type { Engine, TransitionResult } from "../engine.ts";
import type { DrawBlock } from "./draw-block.ts";
import { leastEss, startRunningEss, updateRunningEss } from "./running-ess.ts";
import { MOST_STEPS, warmupSchedule } from "./schedule.ts";
import type { DriverState, SamplingState, Snapshot, WarmupState } from "./state.ts";
import { averageStep, currentStep } from "./step-size.ts";
import type { Target } from "./target.ts";
import { trajectoryOf } from "./trajectory.ts";
import { meanOf, nextStage, startWarmup, warmOnce } from "./warmup.ts";

export interface Progress {
  readonly phase: "warmup" | "sampling";
  readonly chains: number;
  /** Iterations done in this phase, of each chain. */
  readonly iteration: number;
  /** Iterations of this phase; warm-up may end earlier. */
  readonly total: number;
  /** Rotation angle of a step, in radians. */
  readonly stepSize: number;
  /** Mean over chains, of the latest iteration or block. */
  readonly acceptance: number;
  /** Divergent transitions of all chains after warm-up. */
  readonly divergences: number;
  /** About the least effective sample size of b_*, sd_* and sigma so far, all chains together; absent until there is enough to tell. */
  readonly ess?: number;
}

export interface DriveOptions {
  /** Most warm-up iterations; it ends earlier where the chains agree on what they have learned. */
  readonly warmup: number;
  /** Draws of each chain. */
  readonly draws: number;
  readonly variables: readonly string[];
  readonly signal?: AbortSignal;
}

/** A step of the fit: a warm-up iteration, or a block of draws. The engine stands where `state` says until the next is asked for. */
export interface DriveStep {
  readonly state: DriverState;
  readonly progress: Progress;
  readonly block?: DrawBlock;
}

/** Sampling iterations asked of the engine in one go. */
const BLOCK = 25;

/** Warm-up, then sampling: one shared step size and number of steps for all chains. Goes on from a snapshot where one is given. */
export async function* drive(
  engine: Engine,
  target: Target,
  options: DriveOptions,
  from?: Snapshot,
): AsyncGenerator<DriveStep, DriverState> {
  const schedule = warmupSchedule(options.warmup);
  let began = performance.now();
  let state: DriverState;
  if (from) {
    state = from.driver;
    await engine.restore(state.geometry, from.engine);
  } else {
    const geometry = target.initial();
    await engine.init(geometry);
    state = { iteration: 0, geometry, at: startWarmup(schedule), seconds: { warmup: 0, sampling: 0 } };
  }
  const spent = (phase: "warmup" | "sampling"): DriverState["seconds"] => {
    const now = performance.now();
    const seconds = { ...state.seconds, [phase]: state.seconds[phase] + (now - began) / 1000 };
    began = now;
    return seconds;
  };

  while (state.at.phase === "warmup") {
    options.signal?.throwIfAborted();
    const at: WarmupState | undefined = nextStage(state.at, schedule, state.iteration, options.warmup);
    if (at === undefined) {
      state = { ...state, at: startSampling(state.at, state.iteration, engine.chains, options.variables) };
      break;
    }
    const warmed = await warmOnce(engine, target, schedule, {
      state: at,
      geometry: state.geometry,
      iteration: state.iteration,
    });
    const iteration = state.iteration + 1;
    state = { iteration, geometry: warmed.geometry, at: warmed.state, seconds: spent("warmup") };
    yield {
      state,
      progress: {
        phase: "warmup",
        chains: engine.chains,
        iteration,
        total: options.warmup,
        stepSize: currentStep(warmed.state.step),
        acceptance: warmed.acceptance,
        divergences: 0,
      },
    };
    // the time that a consumer takes for itself is not the sampler's
    began = performance.now();
  }
  while (state.at.phase === "sampling" && state.at.done < options.draws) {
    options.signal?.throwIfAborted();
    const { next, block, acceptance } = await sampleBlock(engine, state.at, state.iteration, options);
    state = {
      iteration: state.iteration + block.draws,
      geometry: state.geometry,
      at: next,
      seconds: spent("sampling"),
    };
    const ess = leastEss(next.ess);
    yield {
      state,
      block,
      progress: {
        phase: "sampling",
        chains: engine.chains,
        iteration: next.done,
        total: options.draws,
        stepSize: next.stepSize,
        acceptance,
        divergences: next.divergences,
        ...(ess !== undefined && { ess }),
      },
    };
    began = performance.now();
  }
  return state;
}

function startSampling(
  warm: WarmupState,
  iteration: number,
  chains: number,
  variables: readonly string[],
): SamplingState {
  const watched = variables.flatMap((name, v) => (/^(b_|sd_|sigma$)/.test(name) ? [v] : []));
  return {
    phase: "sampling",
    warmup: iteration,
    stepSize: averageStep(warm.step),
    done: 0,
    divergences: 0,
    acceptance: 0,
    gradients: 0,
    energies: Array.from({ length: chains }, () => NO_ENERGY),
    ess: startRunningEss(watched, chains),
  };
}

async function sampleBlock(
  engine: Engine,
  state: SamplingState,
  iteration: number,
  { draws, variables }: DriveOptions,
): Promise<{ next: SamplingState; block: DrawBlock; acceptance: number }> {
  const { chains } = engine;
  const count = Math.min(BLOCK, draws - state.done);
  const steps = new Int32Array(count);
  const stepSizes = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const trajectory = trajectoryOf(iteration + i, state.stepSize, MOST_STEPS);
    steps[i] = trajectory.steps;
    stepSizes[i] = trajectory.stepSize;
  }
  const result = await engine.transitions({ first: iteration, steps, stepSizes, record: true });
  const block: DrawBlock = {
    variables,
    chains,
    draws: count,
    values: byVariable(result, variables.length, chains, count),
    iteration: state.done,
  };
  let { gradients, divergences, acceptance } = state;
  for (const n of steps) gradients += n;
  for (const d of result.divergent) divergences += d;
  for (const a of result.acceptance) acceptance += a;
  return {
    block,
    acceptance: meanOf(result.acceptance),
    next: {
      ...state,
      done: state.done + count,
      gradients,
      divergences,
      acceptance,
      energies: withEnergies(state.energies, result.energy),
      ess: updateRunningEss(state.ess, block),
    },
  };
}

/** After another block's energies, [iterations][chains]; undefined where they have not been told from the first draw on. */
function withEnergies(
  moments: readonly EnergyMoments[] | undefined,
  energy: Float64Array | undefined,
): readonly EnergyMoments[] | undefined {
  if (moments === undefined || energy === undefined) return undefined;
  const chains = moments.length;
  return moments.map((before, c) => {
    let own = before;
    for (let i = c; i < energy.length; i += chains) own = withEnergy(own, energy[i]!);
    return own;
  });
}

/** [iterations][chains][variables] as [variables][chains][iterations]. */
function byVariable(
  result: TransitionResult,
  variables: number,
  chains: number,
  draws: number,
): Float64Array {
  const values = new Float64Array(variables * chains * draws);
  for (let i = 0; i < draws; i++)
    for (let c = 0; c < chains; c++)
      for (let v = 0; v < variables; v++)
        values[(v * chains + c) * draws + i] = result.variables[(i * chains + c) * variables + v]!;
  return values;
}
