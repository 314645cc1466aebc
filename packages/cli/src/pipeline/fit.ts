import { access, constants, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Contrasts, type DeclaredLevels, type Family, InputError } from "@bridgewise/core";
import {
  finishedCheckpoint,
  isFinished,
  readRunFolder,
  saveCheckpoint,
  takeUpDraws,
  unfinishedCheckpoint,
  writeManifest,
  writingTo,
} from "@bridgewise/core/node";
import { chooseEngine, type EngineSettings, engineSettings } from "@bridgewise/sampler-gpu/node";
import { type FitCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { type DataFile, readData, readRatings } from "./ratings.ts";
import { type RunOptions, type RunResult, runToFolder } from "./run.ts";
import { checkData, type FitSettings, hashOf, type KeptEffects, pathFrom, settingsOf } from "./settings.ts";

export interface FitRequest extends RunOptions {
  /** Default auto: by the size of the problem and what is usable here. */
  readonly engine?: EngineSettings["engine"] | "auto" | undefined;
  readonly precision?: EngineSettings["precision"] | undefined;
  readonly parametrisation?: EngineSettings["parametrisation"] | undefined;
  readonly formula: string;
  readonly family: Family;
  /** CSV file; or the file, where it was read before. */
  readonly data: string | DataFile;
  readonly priors: readonly string[];
  readonly where?: FitSettings["where"];
  readonly rename?: FitSettings["rename"];
  readonly derive?: NonNullable<FitSettings["derive"]>;
  readonly conditions?: readonly string[];
  readonly contrasts?: Contrasts | undefined;
  readonly levels?: DeclaredLevels | undefined;
  readonly priorOnly?: boolean;
  readonly effects?: KeptEffects | undefined;
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  readonly seed: number;
  readonly label?: string | undefined;
  /** Fit again what is there unchanged, and throw away what another fit left unfinished. */
  readonly force?: boolean;
  /** How another fit that is unfinished in the folder is met, default `refuse`. */
  readonly unfinished?: "refuse" | "replace";
  /** Told what is done instead of a fit from the start. */
  readonly onNote?: (note: string) => void;
}

export interface FitResult extends RunResult {
  /** What a person should know about the model: rows that were left out, and why. */
  readonly notes: readonly string[];
  /** True where the folder held this very run already. */
  readonly unchanged: boolean;
}

/** What can be said when a folder is gone on with: where its data are now, and how to run. */
export interface ResumeRequest extends RunOptions {
  /** Where the data file is, if it was moved. */
  readonly data?: string | undefined;
}

/**
 * From a CSV file to a run folder. A folder that holds the very same fit is left as it is, one that holds its beginning is gone on
 * with. `began`: performance.now() when the clock of `seconds.total` started.
 */
export async function runFit(request: FitRequest, began = performance.now()): Promise<FitResult> {
  const { out, force = false, unfinished = "refuse", onNote } = request;
  await checkWritable(out);
  const data = typeof request.data === "string" ? await readData(request.data) : request.data;
  const { precision, parametrisation, contrasts, levels, priorOnly, effects, ...rest } = request;
  const settings = settingsOf(
    {
      ...rest,
      ...(contrasts !== undefined && { contrasts }),
      ...(levels !== undefined && { levels }),
      ...(priorOnly && { priorOnly }),
      ...(effects !== undefined && effects !== "auto" && { effects }),
      ...engineSettings({
        engine: await engineOf(request, data),
        ...(precision && { precision }),
        ...(parametrisation && { parametrisation }),
      }),
      where: request.where ?? null,
      rename: request.rename ?? [],
      label: request.label ?? basename(resolve(out)),
    },
    data,
    out,
  );
  const hash = hashOf(settings);
  const there = force ? undefined : await sameRun(out, hash, request.label);
  if (there) return there;
  const bytes = force ? undefined : await unfinishedCheckpoint(out);
  const found = bytes && readCheckpoint(bytes, out);
  const same = found?.hash === hash;
  if (found && !same && unfinished === "refuse")
    throw new InputError(
      `another fit is unfinished in this folder (${found.settings.formula}); go on with it: bridgewise fit --resume ${out}, or replace it with --force`,
      { file: out },
    );
  if (found)
    onNote?.(
      same
        ? `Going on with the unfinished fit in ${out}: ${placeOf(found)}`
        : `Beginning anew in ${out}: the unfinished fit there has other settings or data`,
    );
  return begin({ settings, data }, request, began, same ? found : undefined);
}

/** The engine that was asked for, or the one for a file of this size; settings that only the embedded engine has decide for it. */
async function engineOf(
  { engine = "auto", precision, parametrisation, chains, priorOnly = false }: FitRequest,
  { bytes, table }: DataFile,
): Promise<EngineSettings["engine"]> {
  if (engine !== "auto") return engine;
  if (precision === "float64" || parametrisation === "centred") return "simd";
  if (priorOnly) return "simd";
  let rows = table?.rows ?? 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) rows++;
  return chooseEngine({ rows, chains });
}

/** Goes on with the fit that was interrupted in a folder. */
export async function resumeFit(request: ResumeRequest, began = performance.now()): Promise<FitResult> {
  const { out } = request;
  const bytes = await unfinishedCheckpoint(out);
  if (bytes === undefined) {
    if (await isFinished(out)) return finishedRun(out);
    throw new InputError(
      "no unfinished fit is here; a fit keeps its first checkpoint after a minute, or when its warm-up ends: start it anew",
      { file: out },
    );
  }
  const from = readCheckpoint(bytes, out);
  return begin({ settings: from.settings, data: await dataOf(from, request) }, request, began, from);
}

/** Adds draws to a finished run: it is then as if it had been asked for them from the start. */
export async function extendFit(
  request: ResumeRequest & { readonly draws: number },
  began = performance.now(),
): Promise<FitResult> {
  const { out, draws } = request;
  if (!(Number.isSafeInteger(draws) && draws >= 1))
    throw new RangeError(`draws must be a whole number of at least 1: ${draws}`);
  const under = await unfinishedCheckpoint(out);
  if (under)
    throw new InputError(
      `a fit is unfinished in this folder (${placeOf(readCheckpoint(under, out))}); finish it first: bridgewise fit --resume ${out}`,
      { file: out },
    );
  const { manifest, openDraws } = await readRunFolder(out);
  const bytes = await finishedCheckpoint(out);
  const last = bytes && readCheckpoint(bytes, out);
  if (last === undefined || last.hash !== manifest.hash)
    throw new InputError(
      "the run's checkpoint.bin is missing or another run's, so draws cannot be added; fit again with more --draws",
      { file: out },
    );
  const settings = { ...last.settings, draws: last.settings.draws + draws };
  const data = await dataOf(last, request);
  await checkWritable(out);
  // draws that are cut off are refused before anything is written
  await (await openDraws()).close();
  await writingTo(out, async () => {
    await takeUpDraws(out, "finished");
    await saveCheckpoint(out, writeCheckpoint({ ...last, settings, hash: hashOf(settings) }));
  });
  return begin({ settings, data }, request, began, last);
}

async function begin(
  { settings: wanted, data }: { settings: FitSettings; data: DataFile },
  options: RunOptions,
  began: number,
  from?: FitCheckpoint,
): Promise<FitResult> {
  const settings = { ...wanted, data: { ...wanted.data, path: pathFrom(options.out, data) } };
  const ratings = readRatings(data, settings);
  const setup = (performance.now() - began) / 1000;
  const result = await runToFolder({ settings, data, ratings }, options, setup, from);
  return { ...result, notes: ratings.notes, unchanged: false };
}

async function dataOf({ settings }: FitCheckpoint, { data, out }: ResumeRequest): Promise<DataFile> {
  const found = await readData(data ?? resolve(out, settings.data.path));
  checkData(found, settings);
  return found;
}

/** In words, how far a fit got. */
function placeOf({ settings, snapshot }: FitCheckpoint): string {
  const { at, iteration } = snapshot.driver;
  const whole = (n: number): string => n.toLocaleString("en");
  return at.phase === "warmup"
    ? `warm-up, iteration ${whole(iteration)} of at most ${whole(settings.warmup)}`
    : `${whole(at.done)} of ${whole(settings.draws)} draws a chain`;
}

/** The finished run in a folder, if it is the one with this hash; with another label it gets that. */
async function sameRun(out: string, hash: string, label: string | undefined): Promise<FitResult | undefined> {
  if (!(await isFinished(out))) return undefined;
  let found: FitResult;
  try {
    found = await finishedRun(out);
    await access(join(out, "draws.arrow"));
  } catch (error) {
    // a run that is damaged or lacks its draws is not this run
    if (error instanceof InputError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  if (found.manifest.hash !== hash) return undefined;
  if (label === undefined || label === found.manifest.label) return found;
  const manifest = { ...found.manifest, label };
  await writeManifest(out, manifest);
  return { ...found, manifest };
}

async function finishedRun(out: string): Promise<FitResult> {
  const { manifest, summary, diagnostics } = await readRunFolder(out);
  return { manifest, summary, diagnostics, notes: manifest.notes ?? [], unchanged: true };
}

/** Finds out that a run folder cannot be made before an hour has been spent on the fit; creates nothing. */
export async function checkWritable(out: string): Promise<void> {
  let at = resolve(out);
  for (;;) {
    try {
      if (!(await stat(at)).isDirectory())
        throw new InputError(
          "the run folder is not a folder, or lies below a file; choose another place for it",
          { file: out },
        );
      await access(at, constants.W_OK);
      return;
    } catch (error) {
      if (error instanceof InputError) throw error;
      const code = (error as NodeJS.ErrnoException).code;
      if ((code === "ENOENT" || code === "ENOTDIR") && dirname(at) !== at) {
        at = dirname(at);
        continue;
      }
      throw new InputError(`the run folder cannot be written (${code}); choose another place for it`, {
        file: out,
      });
    }
  }
}
