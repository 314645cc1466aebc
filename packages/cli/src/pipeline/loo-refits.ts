import {
  checkPredictors,
  type DrawColumns,
  heldOutDensity,
  heldOutVariables,
  type Model,
  modelOfRows,
  randomStream,
} from "@bridgewise/core";
import { discardRefits, readRefits, writeRefits } from "@bridgewise/core/node";
import { type EngineSettings, engineSettings, startSampling } from "@bridgewise/sampler-gpu/node";
import { Stopped } from "../failure.ts";
import type { OpenedRun } from "./open-run.ts";
import type { CountedProgress, StopSignal } from "./run.ts";
import { DEFAULTS } from "./settings.ts";

/** A fit that is wanted: without some rows. */
export interface Refit {
  /** Its name in the file of those done, and what was left out in words. */
  readonly key: string;
  readonly what: string;
  readonly kept: readonly number[];
  readonly held: readonly number[];
  readonly seed: number;
}

export interface RefitOptions {
  readonly work: "loo" | "kfold";
  /** What decides the densities beside the run and each fit's key. */
  readonly settings: unknown;
  readonly threads?: number | undefined;
  readonly onProgress?: (progress: CountedProgress) => void;
  readonly signal?: StopSignal | undefined;
  /** How to go on after a stop. */
  readonly command: string;
}

/**
 * Log predictive densities of rows held out, from a fit of the others for each request: same priors, chains and draws as the run's. What is done
 * is kept in the run folder, so that stopped work goes on where it was; `discard` throws it away once the results are kept otherwise.
 */
export async function refitAll(
  run: OpenedRun,
  refits: readonly Refit[],
  { work, settings, threads, onProgress, signal, command }: RefitOptions,
): Promise<{ readonly densities: Float64Array[]; readonly discard: () => Promise<void> }> {
  const { dir, model, manifest } = run;
  const key = JSON.stringify([manifest.bridgewise, manifest.hash ?? manifest.created, settings]);
  const before = await readRefits(dir, work).catch(() => undefined);
  const done: Record<string, readonly number[]> = { ...(before?.key === key && before.done) };
  const densities: Float64Array[] = [];
  for (const [i, refit] of refits.entries()) {
    onProgress?.({ phase: "refits", iteration: i, total: refits.length });
    if (done[refit.key]?.length !== refit.held.length) {
      done[refit.key] = Array.from(await densityOf(run, model, refit, threads, signal, command));
      await writeRefits(dir, work, { format: "bridgewise-refits/1", key, done });
    }
    densities.push(Float64Array.from(done[refit.key]!));
  }
  onProgress?.({ phase: "refits", iteration: refits.length, total: refits.length });
  return { densities, discard: () => discardRefits(dir, work) };
}

async function densityOf(
  { manifest }: OpenedRun,
  model: Model,
  { what, kept, held, seed }: Refit,
  threads: number | undefined,
  signal: StopSignal | undefined,
  command: string,
): Promise<Float64Array> {
  const fitted = modelOfRows(model, kept);
  checkPredictors(fitted, what);
  const left = modelOfRows(model, held);
  const { engine, precision, parametrisation } = manifest as Partial<EngineSettings>;
  const sampling = await startSampling(fitted, {
    ...engineSettings({ engine, precision, parametrisation } as Partial<EngineSettings>),
    chains: manifest.chains,
    draws: manifest.draws,
    warmup: DEFAULTS.warmup,
    seed,
    reportedLevels: Infinity,
    ...(threads !== undefined && { threads }),
  });
  const wanted = heldOutVariables(left);
  const { chains, draws, variables } = sampling;
  const columns = new Map<string, Float64Array>();
  const places: (readonly [number, Float64Array])[] = [];
  variables.forEach((name, v) => {
    if (!wanted.has(name)) return;
    const values = new Float64Array(chains * draws);
    columns.set(name, values);
    places.push([v, values]);
  });
  try {
    for await (const { block } of sampling.steps) {
      if (signal?.aborted)
        throw new Stopped({ message: `stopped; what was fitted is kept, go on with: ${command}` });
      if (block === undefined) continue;
      for (const [v, values] of places)
        for (let c = 0; c < chains; c++) {
          const from = (v * chains + c) * block.draws;
          values.set(block.values.subarray(from, from + block.draws), c * draws + block.iteration);
        }
    }
  } finally {
    await sampling.close();
  }
  const drawn: DrawColumns = { draws: chains * draws, column: (name) => columns.get(name) };
  return heldOutDensity(left, fitted, drawn, randomStream(seed, "new levels"));
}
