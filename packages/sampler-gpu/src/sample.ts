import type { Draws, Model } from "@bridgewise/core";
import { type Driven, drive, type Progress } from "./driver/drive.ts";
import type { Engine } from "./engine.ts";
import { createEngine, type DensityName, type Plan, type PlanOptions, planModel, targetOf } from "./plan.ts";
import { type Seed, seedFrom } from "./random/philox.ts";
import { REPORTED_LEVELS, variableNames } from "./variables.ts";

export interface SampleOptions extends PlanOptions {
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
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface Fit {
  readonly draws: Draws;
  /** Wall time: laying out and compiling, warm-up, sampling. */
  readonly seconds: { readonly setup: number; readonly warmup: number; readonly sampling: number };
  readonly engine: "simd";
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

/** How to make the engine of a plan for all chains: in this thread, or over several. */
export type EngineMaker = (
  plan: Plan,
  chains: number,
  seed: Seed,
) => Promise<{ engine: Engine; threads: number }>;

const inThisThread: EngineMaker = async (plan, chains, seed) => ({
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

/** The same with a given way to make the engine. */
export async function sampleWith(
  makeEngine: EngineMaker,
  model: Model,
  options: SampleOptions,
): Promise<Fit> {
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
  const began = performance.now();
  const plan = planModel(model, reportedLevels, options);
  const variables = variableNames(plan.problem, reportedLevels);
  const { engine, threads } = await makeEngine(plan, chains, seedFrom(seed));
  try {
    const setup = (performance.now() - began) / 1000;
    const driven: Driven = await drive(engine, targetOf(plan), {
      chains,
      warmup,
      draws,
      variables: variables.length,
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
    const { values, seconds, ...info } = driven;
    return {
      ...info,
      draws: { variables, chains, draws, values },
      seconds: { setup, ...seconds },
      engine: "simd",
      density: plan.density,
      chains,
      threads,
    };
  } finally {
    await engine.close();
  }
}

function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} must be a whole number of at least ${least}: ${value}`);
}
