import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { InputError } from "../input-error.ts";
import { type LooPointwise, type LooRules, logLikelihoodOf, pointwiseLoo } from "../loo/index.ts";
import type { Model } from "../model/model.ts";
import { type DrawColumns, predictorVariables } from "../predict/index.ts";

/** What a thread is asked. */
export interface LooShare {
  readonly model: Model;
  readonly draws: number;
  readonly chains: number;
  /** [draws] each, in shared memory. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly rules: LooRules;
  readonly rows: readonly number[];
}

/** What it says: how many of its rows are done, at last their figures; or an error of the input. */
export type LooAnswer =
  | { readonly done: number }
  | { readonly pointwise: LooPointwise }
  | { readonly inputError: string };

export interface LooThreadOptions {
  readonly rules: LooRules;
  /** Default: one, or as many as there are processors where the work is large. */
  readonly threads?: number | undefined;
  /** Called after each block of rows; what it throws ends the work. */
  readonly onRows?: (done: number, total: number) => void;
}

/** Values (rows x draws) from which on a thread pays for its start. */
const FEW_VALUES = 20_000_000;
/** Rows between reports, after which timers and signals have their turn. */
export const BLOCK = 64;

/** An array in memory that threads share. */
export const sharedArray = (length: number): Float64Array =>
  new Float64Array(new SharedArrayBuffer(8 * length));

/**
 * The pointwise part of `loo` for a model's rows in its draws, in blocks of rows, over threads where asked for: the figures do not depend on
 * them. Columns that are not in shared memory are copied into it for more than one thread.
 */
export async function looOfDraws(
  model: Model,
  columns: DrawColumns,
  chains: number,
  { rules, threads, onRows }: LooThreadOptions,
): Promise<LooPointwise> {
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1))
    throw new RangeError(`threads must be a whole number of at least 1: ${threads}`);
  const { rows } = model;
  const worthwhile = Math.max(1, Math.floor((rows * columns.draws) / FEW_VALUES));
  const count = Math.min(threads ?? Math.min(availableParallelism(), worthwhile), rows);
  const every = Array.from({ length: rows }, (_, row) => row);
  if (count === 1) {
    const logLikelihood = logLikelihoodOf(model, columns, chains);
    return inBlocks(
      every,
      (block) => pointwiseLoo(logLikelihood, block, { rules }),
      (done) => onRows?.(done, rows),
    );
  }
  // what is missing is noticed here, where the error is the caller's
  logLikelihoodOf(model, columns, chains);
  const shared = shareColumns(model, columns);
  const shares = Array.from({ length: count }, (_, t) => every.filter((row) => row % count === t));
  const done = shares.map(() => 0);
  const workers: Worker[] = [];
  try {
    const parts = await Promise.all(
      shares.map((share, t) => {
        const worker = startWorker({
          model,
          draws: columns.draws,
          chains,
          columns: shared,
          rules,
          rows: share,
        });
        workers.push(worker);
        return pointwiseOf(worker, (own) => {
          done[t] = own;
          onRows?.(
            done.reduce((a, b) => a + b),
            rows,
          );
        });
      }),
    );
    return interleave(parts, rows);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Works through rows block by block; between them the event loop has its turn. */
export async function inBlocks(
  rows: readonly number[],
  work: (block: readonly number[]) => LooPointwise,
  onDone: (done: number) => void,
): Promise<LooPointwise> {
  const parts: LooPointwise[] = [];
  for (let from = 0; from < rows.length; from += BLOCK) {
    parts.push(work(rows.slice(from, from + BLOCK)));
    onDone(Math.min(from + BLOCK, rows.length));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return mapColumns(parts[0]!, (name) => {
    const all = new Float64Array(rows.length);
    parts.forEach((part, b) => {
      all.set(part[name], b * BLOCK);
    });
    return all;
  });
}

/** Row r of the whole is row r / parts of the part r % parts. */
function interleave(parts: readonly LooPointwise[], rows: number): LooPointwise {
  return mapColumns(parts[0]!, (name) =>
    Float64Array.from(
      { length: rows },
      (_, row) => parts[row % parts.length]![name][Math.floor(row / parts.length)]!,
    ),
  );
}

function mapColumns(like: LooPointwise, column: (name: keyof LooPointwise) => Float64Array): LooPointwise {
  const names = Object.keys(like) as (keyof LooPointwise)[];
  return Object.fromEntries(names.map((name) => [name, column(name)])) as unknown as LooPointwise;
}

function shareColumns(model: Model, columns: DrawColumns): Map<string, Float64Array> {
  const shared = new Map<string, Float64Array>();
  for (const name of predictorVariables(model)) {
    const values = columns.column(name)!;
    const own = values.buffer instanceof SharedArrayBuffer ? values : sharedArray(values.length);
    if (own !== values) own.set(values);
    shared.set(name, own);
  }
  return shared;
}

function startWorker(share: LooShare): Worker {
  // run from source, the worker is TypeScript too
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new Worker(new URL(`./loo-worker.${extension}`, import.meta.url), { workerData: share });
}

function pointwiseOf(worker: Worker, onDone: (done: number) => void): Promise<LooPointwise> {
  return new Promise((resolve, reject) => {
    worker.on("message", (answer: LooAnswer) => {
      try {
        if ("pointwise" in answer) resolve(answer.pointwise);
        else if ("inputError" in answer) reject(new InputError(answer.inputError));
        else onDone(answer.done);
      } catch (error) {
        reject(error);
      }
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a thread of leave-one-out ended early (code ${code})`)));
  });
}
