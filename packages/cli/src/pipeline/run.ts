import {
  diagnose,
  InputError,
  type RunDiagnostics,
  type RunManifest,
  type RunSummary,
} from "@bridgewise/core";
import {
  DrawsLost,
  DrawsWriter,
  discardUnfinished,
  finishRunFolder,
  makeRunFolder,
  partialDraws,
  saveCheckpoint,
  summarizeFile,
  takeUpDraws,
  writingTo,
} from "@bridgewise/core/node";
import {
  type FitInfo,
  type Progress,
  type Sampling,
  type SamplingStep,
  startSampling,
} from "@bridgewise/sampler-gpu/node";
import { Stopped } from "../failure.ts";
import { type FitCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { manifestOf } from "./manifest.ts";
import type { DataFile, Ratings } from "./ratings.ts";
import { type FitSettings, hashOf, reportedLevels } from "./settings.ts";

/** Work that is counted off: variables of the summary, rows, fits. */
export interface CountedProgress {
  readonly phase: "summary" | "rows" | "refits";
  readonly iteration: number;
  readonly total: number;
}

/** Progress of the sampler, then of the summary: variables done. */
export type FitProgress = Progress | CountedProgress;

/** Tells work to stop where it stands; an AbortSignal is one. */
export type StopSignal = Pick<AbortSignal, "aborted">;

/** How a fit is run, which does not touch its draws. */
export interface RunOptions {
  readonly out: string;
  readonly threads?: number | undefined;
  readonly onProgress?: (progress: FitProgress) => void;
  /** Ends the fit after its block, with a checkpoint. */
  readonly signal?: StopSignal;
}

export interface RunResult {
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
}

/** Seconds between checkpoints; BRIDGEWISE_CHECKPOINT_SECONDS sets it, as tests do. */
const CHECKPOINT_SECONDS = 60;

function checkpointSeconds(): number {
  const asked = process.env["BRIDGEWISE_CHECKPOINT_SECONDS"];
  if (asked === undefined) return CHECKPOINT_SECONDS;
  if (!(Number(asked) >= 0) || asked.trim() === "")
    throw new InputError(`BRIDGEWISE_CHECKPOINT_SECONDS must be a number of seconds: '${asked}'`);
  return Number(asked);
}

/** Samples into a run folder, from a checkpoint where one is given, and finishes the folder. `setup`: seconds spent so far. */
export async function runToFolder(
  { settings, data, ratings }: { settings: FitSettings; data: DataFile; ratings: Ratings },
  options: RunOptions,
  setup: number,
  from?: FitCheckpoint,
): Promise<RunResult> {
  const { out, threads, onProgress, signal } = options;
  const every = checkpointSeconds();
  const began = performance.now();
  const sampling = await startSampling(
    ratings.model,
    {
      ...settings,
      ...reportedLevels(settings),
      ...(threads !== undefined && { threads }),
      ...(onProgress && { onProgress }),
    },
    from?.snapshot,
  );
  const setupSeconds = setup + (performance.now() - began) / 1000 + (from?.setup ?? 0);
  const info = await sampleToFile(sampling, { settings, out, every, setup: setupSeconds, signal, from });

  const summaryBegan = performance.now();
  const variables = await summarizeFile(partialDraws(out), (iteration, total) => {
    onProgress?.({ phase: "summary", iteration, total });
    if (signal?.aborted)
      throw new Stopped({
        message: `stopped with all draws taken; go on with: bridgewise fit --resume ${out}`,
      });
  });
  const { warmup, sampling: sampled } = info.seconds;
  const seconds = {
    setup: setupSeconds,
    warmup,
    sampling: sampled,
    total: setupSeconds + warmup + sampled,
    summary: (performance.now() - summaryBegan) / 1000,
  };
  const { chains, draws } = settings;
  const summary: RunSummary = {
    variables,
    seconds,
    engine: info.engine,
    chains,
    warmup: info.warmup,
    draws,
    divergences: info.divergences,
  };
  const diagnostics = diagnose({
    summaries: variables,
    divergences: info.divergences,
    stepSize: info.stepSize,
    acceptance: info.acceptance,
    gradientsPerDraw: info.gradientsPerDraw,
    ebfmi: info.ebfmi,
    chains,
    drawsPerChain: draws,
  });
  const manifest = manifestOf(settings, data, ratings, info);
  await finishRunFolder(out, { manifest, summary, diagnostics });
  return { manifest, summary, diagnostics };
}

/** Writes the draws and the checkpoints under their partial names. */
async function sampleToFile(
  { steps, variables, close }: Sampling,
  {
    settings,
    out,
    every,
    setup,
    signal,
    from,
  }: {
    settings: FitSettings;
    out: string;
    /** Seconds between checkpoints. */
    every: number;
    setup: number;
    signal: StopSignal | undefined;
    from: FitCheckpoint | undefined;
  },
): Promise<FitInfo> {
  const hash = hashOf(settings);
  let writer: DrawsWriter | undefined;
  let saved = performance.now();
  /** Whether the draws under way were begun here, and whether a checkpoint vouches for them. */
  let begun = false;
  let kept = false;
  let phase: Progress["phase"] = from?.draws.draws ? "sampling" : "warmup";
  const save = (step: SamplingStep): Promise<void> =>
    writingTo(out, async () => {
      const draws = await writer!.mark();
      const checkpoint = { hash, settings, setup, draws, snapshot: await step.snapshot() };
      await saveCheckpoint(out, writeCheckpoint(checkpoint));
      saved = performance.now();
      kept = true;
    });
  try {
    if (from) {
      await writingTo(out, () => saveCheckpoint(out, writeCheckpoint({ ...from, hash, settings })));
      await takeUpDraws(out, "unfinished");
      writer = await openDraws(out, variables, settings.chains, from);
    }
    for (;;) {
      const { done, value: step } = await steps.next();
      if (done) {
        await writingTo(out, () => writer!.finish());
        writer = undefined;
        return step;
      }
      // not before the first iteration: a fit that cannot start leaves no folder behind
      if (writer === undefined) {
        await makeRunFolder(out);
        // what another fit left, if this one was to replace it: its checkpoint must not meet these draws
        await writingTo(out, () => discardUnfinished(out));
        begun = true;
        writer = await openDraws(out, variables, settings.chains);
      }
      const { block, progress } = step;
      const open = writer;
      if (block) await writingTo(out, () => open.append(block.values, block.draws));
      const last = progress.phase === "sampling" && progress.iteration === progress.total;
      const stop = signal?.aborted === true;
      if (stop || last || progress.phase !== phase || performance.now() - saved >= 1000 * every)
        await save(step);
      phase = progress.phase;
      if (stop && !last) throw stoppedAt(progress, out);
    }
  } finally {
    await close();
    await writer?.close();
    // draws without a checkpoint are of no use to anyone
    if (begun && !kept) await discardUnfinished(out);
  }
}

async function openDraws(
  out: string,
  variables: readonly string[],
  chains: number,
  from?: FitCheckpoint,
): Promise<DrawsWriter> {
  try {
    return await writingTo(out, () => DrawsWriter.open(partialDraws(out), variables, chains, from?.draws));
  } catch (error) {
    if (!(error instanceof DrawsLost)) throw error;
    throw new InputError("holds fewer draws than its checkpoint says; begin anew with fit --force", {
      file: partialDraws(out),
    });
  }
}

function stoppedAt({ phase, iteration, total }: Progress, out: string): Stopped {
  const figures = `${iteration.toLocaleString("en")} of ${phase === "warmup" ? "at most " : ""}${total.toLocaleString("en")}`;
  const where = phase === "warmup" ? `in warm-up, iteration ${figures}` : `after ${figures} draws a chain`;
  return new Stopped({ message: `stopped ${where}; go on with: bridgewise fit --resume ${out}` });
}
