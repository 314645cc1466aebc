import { createHash } from "node:crypto";
import { access, constants, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  buildModel,
  describePriors,
  diagnose,
  type Family,
  type Frame,
  InputError,
  parseCsv,
  type RunDiagnostics,
  type RunManifest,
  type RunSummary,
  selectRows,
  summarize,
} from "@bridgewise/core";
import { writeRunFolder } from "@bridgewise/core/node";
import { type Progress, sample } from "@bridgewise/sampler-gpu/node";
import { version } from "../version.ts";

export interface FitRequest {
  readonly formula: string;
  readonly family: Family;
  /** CSV file. */
  readonly data: string;
  readonly priors: readonly string[];
  /** Keep only rows where the column has this value. */
  readonly where?: { readonly column: string; readonly value: string } | undefined;
  /** New name for a column: [new, old]. */
  readonly rename?: readonly (readonly [string, string])[];
  readonly chains: number;
  readonly warmup: number;
  readonly draws: number;
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly out: string;
  readonly label?: string | undefined;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface FitResult {
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
  /** Rows that were left out, and why, in words; empty where all were used. */
  readonly notes: readonly string[];
}

/** From a CSV file to a run folder. `began`: performance.now() when the clock of `seconds.total` started. */
export async function runFit(request: FitRequest, began = performance.now()): Promise<FitResult> {
  const { formula, family, data, out } = request;
  await checkWritable(out);
  const bytes = await readData(data);
  const rename = Object.fromEntries(request.rename ?? []);
  const all = parseCsv(bytes, { source: data, rename });
  const frame = request.where ? keepRows(all, request.where.column, request.where.value) : all;
  const { model, dropped } = buildModel({ formula, family, frame, priors: request.priors });
  const simulated = await readSimulated(data, model.response);
  const readSeconds = (performance.now() - began) / 1000;

  const fit = await sample(model, {
    chains: request.chains,
    warmup: request.warmup,
    draws: request.draws,
    seed: request.seed,
    ...(request.threads !== undefined && { threads: request.threads }),
    ...(request.onProgress && { onProgress: request.onProgress }),
    ...(request.signal && { signal: request.signal }),
  });
  const setup = readSeconds + fit.seconds.setup;
  const { warmup, sampling } = fit.seconds;
  const variables = summarize(fit.draws);
  const summary: RunSummary = {
    variables,
    seconds: { setup, warmup, sampling, total: setup + warmup + sampling },
    engine: fit.engine,
    chains: fit.chains,
    warmup: fit.warmup,
    draws: request.draws,
    divergences: fit.divergences,
  };
  const diagnostics = diagnose({
    summaries: variables,
    divergences: fit.divergences,
    stepSize: fit.stepSize,
    acceptance: fit.acceptance,
    gradientsPerDraw: fit.gradientsPerDraw,
    chains: fit.chains,
    drawsPerChain: request.draws,
  });
  const manifest: RunManifest = {
    format: "bridgewise-run/1",
    bridgewise: version,
    label: request.label ?? basename(resolve(out)),
    formula,
    family,
    data: {
      file: basename(data),
      sha256: createHash("sha256").update(bytes).digest("hex"),
      rows: all.rows,
      rows_used: model.rows,
    },
    simulated: simulated !== undefined,
    ...(simulated?.truth && { truth: simulated.truth }),
    priors: describePriors(model),
    groups: model.groups.map((g) => ({ name: g.name, levels: g.levels.length })),
    chains: fit.chains,
    warmup: fit.warmup,
    draws: request.draws,
    seed: request.seed,
    threads: fit.threads,
    engine: fit.engine,
    density: fit.density,
    node: process.version,
    created: new Date().toISOString(),
  };
  await writeRunFolder(out, { manifest, summary, diagnostics, draws: fit.draws });
  const notes = Object.entries(dropped.byColumn).map(
    ([column, rows]) => `${rows} rows left out: '${column}' is missing`,
  );
  return { manifest, summary, diagnostics, notes };
}

async function readData(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT"
        ? "no such file"
        : code === "EISDIR"
          ? "is a folder, not a CSV file"
          : `cannot be read (${code})`;
    throw new InputError(`${why}: give the CSV file with --data`, { file });
  }
}

function keepRows(frame: Frame, column: string, value: string): Frame {
  const c = frame.columns.get(column);
  if (c === undefined)
    throw new InputError(
      `--where names an unknown column; there are ${[...frame.columns.keys()].join(", ")}`,
      { file: frame.source, column },
    );
  const wanted = c.type === "factor" ? c.levels.indexOf(value) : Number(value);
  const codes = c.type === "factor" ? c.codes : c.values;
  const rows: number[] = [];
  for (let i = 0; i < frame.rows; i++) if (codes[i] === wanted) rows.push(i);
  if (rows.length === 0) {
    const levels = c.type === "factor" ? `; its levels are ${c.levels.slice(0, 8).join(", ")}` : "";
    throw new InputError(`no row has the value '${value}'${levels}`, { file: frame.source, column });
  }
  return selectRows(frame, Int32Array.from(rows));
}

/** Finds out that a run folder cannot be made before an hour has been spent on the fit; creates nothing. */
async function checkWritable(out: string): Promise<void> {
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

/** What `bridgewise simulate` left beside the data: that they are simulated, and the true values for this response. */
async function readSimulated(
  data: string,
  response: string,
): Promise<{ truth?: Record<string, number> } | undefined> {
  let text: string;
  try {
    text = await readFile(join(dirname(data), "SIMULATED.json"), "utf8");
  } catch {
    return undefined;
  }
  const { truth } = JSON.parse(text) as { truth?: Record<string, Record<string, number>> };
  return truth?.[response] ? { truth: truth[response] } : {};
}
