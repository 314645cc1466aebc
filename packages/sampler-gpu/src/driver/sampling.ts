import { type Draws, ebfmiOf } from "@bridgewise/core";
import type { Engine } from "../engine.ts";
import type { DrawBlock } from "./draw-block.ts";
import { type DriveOptions, drive, type Progress } from "./drive.ts";
import type { DriverState, Snapshot } from "./state.ts";
import type { Target } from "./target.ts";

/** How much to sample, and how to watch and end it. */
export interface RunOptions {
  /** Default 4. */
  readonly chains?: number;
  /** Most warm-up iterations, default 1,000: warm-up ends earlier where the chains agree on what they have learned. */
  readonly warmup?: number;
  /** Draws of each chain after warm-up, default 1,000. */
  readonly draws?: number;
  /** A non-negative integer, default 1. */
  readonly seed?: number;
  /** Called about ten times a second, and at the end of each phase. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the sampling between two blocks with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The lengths with their defaults; RangeError for one that makes no sense. */
export function runLengths({ chains = 4, warmup = 1000, draws = 1000, seed = 1 }: RunOptions): {
  chains: number;
  warmup: number;
  draws: number;
  seed: number;
} {
  requireInteger("chains", chains, 1);
  requireInteger("warmup", warmup, 0);
  requireInteger("draws", draws, 1);
  requireInteger("seed", seed, 0);
  return { chains, warmup, draws, seed };
}

export function requireInteger(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`${name} must be a whole number of at least ${least}: ${value}`);
}

/** How the sampling went. */
export interface RunInfo {
  /** Wall time: laying out and compiling, warm-up, sampling. */
  readonly seconds: { readonly setup: number; readonly warmup: number; readonly sampling: number };
  readonly chains: number;
  /** Warm-up iterations that were run. */
  readonly warmup: number;
  readonly divergences: number;
  /** Rotation angle of a step, in radians. */
  readonly stepSize: number;
  readonly acceptance: number;
  readonly gradientsPerDraw: number;
  /** [chains] estimated Bayesian fraction of missing information; absent where the engine does not tell energies, or for one draw. */
  readonly ebfmi?: readonly number[];
}

/** A step of a fit under way: a warm-up iteration, or a block of draws. */
export interface SamplingStep {
  readonly progress: Progress;
  readonly block?: DrawBlock;
  /** A copy of all that is needed to go on from here, to be taken before the next step is asked for. */
  snapshot(): Promise<Snapshot>;
}

/** A fit that is taken step by step. */
export interface Sampling<Info extends RunInfo> {
  readonly variables: readonly string[];
  readonly chains: number;
  /** Draws of each chain that it will have. */
  readonly draws: number;
  readonly steps: AsyncGenerator<SamplingStep, Info>;
  /** Lets the engine go, where the steps were not all taken or none was. */
  close(): Promise<void>;
}

/** Milliseconds between reports of progress. */
const REPORT_EVERY = 100;

/** Lets timers, signals and the terminal have their turn. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** The steps of a fit on an engine, which is closed at the end; from a snapshot, it goes on to the bit. `setup`: seconds spent already. */
export async function* samplingSteps(
  engine: Engine,
  target: Target,
  options: DriveOptions & Pick<RunOptions, "onProgress">,
  setup: number,
  from: Snapshot | undefined,
): AsyncGenerator<SamplingStep, RunInfo> {
  const { onProgress } = options;
  let reported = { at: 0, phase: "" };
  try {
    const steps = drive(engine, target, options, from);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return infoOf(value, setup, engine.chains);
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
    await engine.close();
  }
}

/** All draws at once. */
export async function collectDraws<Info extends RunInfo>({
  variables,
  chains,
  draws,
  steps,
}: Sampling<Info>): Promise<Info & { readonly draws: Draws }> {
  const values = new Float64Array(variables.length * chains * draws);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return { ...value, draws: { variables: [...variables], chains, draws, values } };
    const { block } = value;
    if (block === undefined) continue;
    for (let s = 0; s < variables.length * chains; s++)
      values.set(block.values.subarray(s * block.draws, (s + 1) * block.draws), s * draws + block.iteration);
  }
}

/** The draws block by block. */
export async function* drawBlocks<Info extends RunInfo>({
  steps,
}: Sampling<Info>): AsyncGenerator<DrawBlock, Info, void> {
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

function infoOf({ at, seconds }: DriverState, setup: number, chains: number): RunInfo {
  if (at.phase !== "sampling") throw new Error("the fit ended inside its warm-up");
  const ebfmi = at.energies?.map(ebfmiOf);
  return {
    seconds: { setup, ...seconds },
    chains,
    warmup: at.warmup,
    divergences: at.divergences,
    stepSize: at.stepSize,
    acceptance: at.acceptance / (at.done * chains),
    gradientsPerDraw: at.gradients / at.done,
    ...(ebfmi?.every(Number.isFinite) && { ebfmi }),
  };
}
