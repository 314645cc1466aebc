import type { Draws, Model } from "@bridgewise/core";
import type { DrawBlock } from "./driver/draw-block.ts";
import { drive, type Progress } from "./driver/drive.ts";
import type { DriverState, Snapshot } from "./driver/state.ts";
import type { Engine } from "./engine.ts";
import { createEngine, type DensityName, type Plan, type PlanOptions, planModel, targetOf } from "./plan.ts";
import { type Seed, seedFrom } from "./random/philox.ts";
import { type EngineSettings, engineSettings } from "./settings.ts";
import { REPORTED_LEVELS, variableNames } from "./variables.ts";

export interface SampleOptions extends Partial<EngineSettings>, PlanOptions {
  /** Default 4. */
  readonly chains?: number;
  /** Most warm-up iterations, default 1,000: warm-up ends earlier where the chains agree on what they have learned. */
  readonly warmup?: number;
  /** Draws of each chain after warm-up, default 1,000. */
  readonly draws?: number;
  /** A non-negative integer, default 1. */
  readonly seed?: number;
  /** Effects of factors with at most this many levels are reported, default 100. */
  readonly reportedLevels?: number;
  /** Called about ten times a second, and at the end of each phase. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the sampling between two blocks with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What is known of a fit but for its draws. */
export interface FitInfo extends EngineSettings {
  /** Wall time: laying out and compiling, warm-up, sampling. */
  readonly seconds: { readonly setup: number; readonly warmup: number; readonly sampling: number };
  readonly density: DensityName;
  readonly chains: number;
  /** Warm-up iterations that were run. */
  readonly warmup: number;
  readonly threads: number;
  readonly divergences: number;
  /** Rotation angle of a step, in radians. */
  readonly stepSize: number;
  readonly acceptance: number;
  readonly gradientsPerDraw: number;
}

export interface Fit extends FitInfo {
  readonly draws: Draws;
}

/** A step of a fit under way: a warm-up iteration, or a block of draws. */
export interface SamplingStep {
  readonly progress: Progress;
  readonly block?: DrawBlock;
  /** A copy of all that is needed to go on from here, to be taken before the next step is asked for. */
  snapshot(): Promise<Snapshot>;
}

/** A fit that is taken step by step. */
export interface Sampling {
  readonly variables: readonly string[];
  readonly chains: number;
  /** Draws of each chain that it will have. */
  readonly draws: number;
  readonly steps: AsyncGenerator<SamplingStep, FitInfo>;
  /** Lets the engine go, where the steps were not all taken or none was. */
  close(): Promise<void>;
}

/** How to make the engine of a plan for all chains: in this thread, or over several. */
export type EngineMaker = (
  plan: Plan,
  chains: number,
  seed: Seed,
  settings: EngineSettings,
) => Promise<{ engine: Engine; threads: number }>;

export const inThisThread: EngineMaker = async (plan, chains, seed) => ({
  engine: await createEngine(plan, chainNumbers(chains), seed),
  threads: 1,
});

/** Chains are numbered from 0. */
export const chainNumbers = (chains: number): number[] => Array.from({ length: chains }, (_, c) => c);

/**
 * Draws from the posterior of a model, in this thread (`@bridgewise/sampler-gpu/node` spreads chains over threads).
 * Throws RangeError for options out of range, SamplingError where no chain can start; divergences are counted in the result.
 */
export function sample(model: Model, options: SampleOptions = {}): Promise<Fit> {
  return sampleWith(inThisThread, model, options);
}

/**
 * The same draws as they come, block by block, in bounded memory: an async iterable of blocks of some draws of every chain. Sampling
 * waits while the loop's body works; leaving the loop ends it. Throws as `sample`, the signal's reason where it was aborted.
 */
export function sampleStream(
  model: Model,
  options: SampleOptions = {},
): AsyncGenerator<DrawBlock, FitInfo, void> {
  return streamWith(inThisThread, model, options);
}

/** `sample` with a given way to make the engine. */
export async function sampleWith(
  makeEngine: EngineMaker,
  model: Model,
  options: SampleOptions,
): Promise<Fit> {
  const { variables, chains, draws, steps } = await startSampling(makeEngine, model, options);
  const values = new Float64Array(variables.length * chains * draws);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { ...value, draws: { variables, chains, draws, values } };
    const { block } = value;
    if (block === undefined) continue;
    for (let s = 0; s < variables.length * chains; s++)
      values.set(block.values.subarray(s * block.draws, (s + 1) * block.draws), s * draws + block.iteration);
  }
}

/** `sampleStream` with a given way to make the engine. */
export async function* streamWith(
  makeEngine: EngineMaker,
  model: Model,
  options: SampleOptions,
): AsyncGenerator<DrawBlock, FitInfo, void> {
  const { steps } = await startSampling(makeEngine, model, options);
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
      if (value.block) yield value.block;
    }
  } finally {
    await steps.return(undefined as never);
  }
}

/** Lays the model out and gives the fit's steps; from a snapshot of a fit with the same model and options, it goes on to the bit. */
export async function startSampling(
  makeEngine: EngineMaker,
  model: Model,
  options: SampleOptions,
  from?: Snapshot,
): Promise<Sampling> {
  const {
    chains = 4,
    warmup = 1000,
    draws = 1000,
    seed = 1,
    reportedLevels = REPORTED_LEVELS,
    onProgress,
    signal,
  } = options;
  requireInteger("chains", chains, 1);
  requireInteger("warmup", warmup, 0);
  requireInteger("draws", draws, 1);
  requireInteger("seed", seed, 0);
  const settings = engineSettings(options);
  const began = performance.now();
  const plan = planModel(model, reportedLevels, options);
  const variables = variableNames(plan.problem, reportedLevels);
  const { engine, threads } = await makeEngine(plan, chains, seedFrom(seed), settings);
  const setup = (performance.now() - began) / 1000;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= engine.close();
    return closed;
  };

  async function* run(): AsyncGenerator<SamplingStep, FitInfo> {
    let reported = { at: 0, phase: "" };
    try {
      const steps = drive(
        engine,
        targetOf(plan),
        { warmup, draws, variables, ...(signal && { signal }) },
        from,
      );
      for (;;) {
        const { done, value } = await steps.next();
        if (done)
          return { ...infoOf(value, setup, chains), ...settings, density: plan.density, chains, threads };
        const { state, progress, block } = value;
        const now = performance.now();
        if (
          now - reported.at > REPORT_EVERY ||
          progress.phase !== reported.phase ||
          progress.iteration === progress.total
        ) {
          reported = { at: now, phase: progress.phase };
          onProgress?.(progress);
          await breathe();
        }
        yield {
          progress,
          ...(block && { block }),
          snapshot: async () => ({ driver: state, engine: await engine.state() }),
        };
      }
    } finally {
      await close();
    }
  }
  return { variables, chains, draws, steps: run(), close };
}

/** Milliseconds between reports of progress. */
const REPORT_EVERY = 100;

/** Lets timers, signals and the terminal have their turn. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function infoOf(
  { at, seconds }: DriverState,
  setup: number,
  chains: number,
): Pick<FitInfo, "seconds" | "warmup" | "divergences" | "stepSize" | "acceptance" | "gradientsPerDraw"> {
  if (at.phase !== "sampling") throw new Error("the fit ended inside its warm-up");
  return {
    seconds: { setup, ...seconds },
    warmup: at.warmup,
    divergences: at.divergences,
    stepSize: at.stepSize,
    acceptance: at.acceptance / (at.done * chains),
    gradientsPerDraw: at.gradients / at.done,
  };
}

function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} must be a whole number of at least ${least}: ${value}`);
}
