import { type Draws, type Model, variableNames } from "@bridgewise/core";
import type { DrawBlock } from "./driver/draw-block.ts";
import {
  collectDraws,
  drawBlocks,
  type RunInfo,
  type RunOptions,
  runLengths,
  type Sampling as SamplingOf,
  type SamplingStep,
  samplingSteps,
} from "./driver/sampling.ts";
import type { Snapshot } from "./driver/state.ts";
import type { Target } from "./driver/target.ts";
import type { Engine } from "./engine.ts";
import { createEngine, type DensityName, type Plan, type PlanOptions, planModel, targetOf } from "./plan.ts";
import { type Seed, seedFrom } from "./random/philox.ts";
import { type EngineSettings, engineSettings } from "./settings.ts";
import type { TensorRuntime } from "./tensor/runtime.ts";
import { REPORTED_LEVELS } from "./variables.ts";

export type { SamplingStep } from "./driver/sampling.ts";

export interface SampleOptions extends RunOptions, Partial<EngineSettings>, PlanOptions {
  /** Effects of factors with at most this many levels are reported, default 100. */
  readonly reportedLevels?: number;
  /** Where the tensor program runs, and so the engine; without it, the embedded kernel. */
  readonly runtime?: TensorRuntime;
}

/** What is known of a fit but for its draws. */
export interface FitInfo extends RunInfo, EngineSettings {
  readonly density: DensityName;
  readonly threads: number;
}

export interface Fit extends FitInfo {
  readonly draws: Draws;
}

/** A fit of a model that is taken step by step. */
export type Sampling = SamplingOf<FitInfo>;

/** How to make the engine of a plan for all chains: in this thread, or over several. */
export type EngineMaker = (
  plan: Plan,
  chains: number,
  seed: Seed,
  settings: EngineSettings,
) => Promise<{
  readonly engine: Engine;
  readonly threads: number;
  /** Where the engine's density is not the one of `targetOf`. */
  readonly target?: Target;
}>;

export const inThisThread: EngineMaker = async (plan, chains, seed, { engine }) => {
  if (engine !== "simd")
    throw new RangeError(
      `engine '${engine}' needs a runtime here (option runtime); @bridgewise/sampler-gpu/node finds it by name`,
    );
  return { engine: await createEngine(plan, chainNumbers(chains), seed), threads: 1 };
};

/** The tensor program on a runtime, all chains at once. */
export const onRuntime =
  (runtime: TensorRuntime): EngineMaker =>
  async (plan, chains, seed) => {
    // who samples on the embedded kernel never loads tfjs
    const { createTensorEngine, tensorTarget } = await import("./tensor/create.ts");
    return {
      engine: await createTensorEngine(plan, chains, seed, plan.reportedLevels, runtime),
      threads: 1,
      target: tensorTarget(plan),
    };
  };

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
  return collectDraws(await startSampling(makeEngine, model, options));
}

/** `sampleStream` with a given way to make the engine. */
export async function* streamWith(
  makeEngine: EngineMaker,
  model: Model,
  options: SampleOptions,
): AsyncGenerator<DrawBlock, FitInfo, void> {
  return yield* drawBlocks(await startSampling(makeEngine, model, options));
}

/** Lays the model out and gives the fit's steps; from a snapshot of a fit with the same model and options, it goes on to the bit. */
export async function startSampling(
  makeEngine: EngineMaker,
  model: Model,
  options: SampleOptions,
  from?: Snapshot,
): Promise<Sampling> {
  const { chains, warmup, draws, seed } = runLengths(options);
  const { reportedLevels = REPORTED_LEVELS, runtime } = options;
  const settings = engineSettings({ ...options, ...(runtime && { engine: runtime.engine }) });
  const began = performance.now();
  const plan = planModel(model, reportedLevels, options);
  const variables = variableNames(plan.problem.model, reportedLevels);
  const make = runtime ? onRuntime(runtime) : makeEngine;
  const { engine, threads, target = targetOf(plan) } = await make(plan, chains, seedFrom(seed), settings);
  const setup = (performance.now() - began) / 1000;
  const run = async function* (): AsyncGenerator<SamplingStep, FitInfo> {
    const info = yield* samplingSteps(engine, target, { ...options, warmup, draws, variables }, setup, from);
    return { ...info, ...settings, density: plan.density, threads };
  };
  return { variables, chains, draws, steps: run(), close: () => engine.close() };
}
