import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { summarizeSource } from "../posterior/summarize.ts";
import type { VariableSummary } from "../run/run.ts";
import { DrawsReader } from "./draws-reader.ts";
import { readAhead } from "./read-ahead.ts";

/** What a thread is asked: which variables of which file. */
export interface SummaryRequest {
  readonly file: string;
  readonly variables: readonly number[];
}

/** What it says: how many of them are done, at last their summaries by name. */
export type SummaryAnswer =
  | { readonly done: number }
  | { readonly summaries: Readonly<Record<string, VariableSummary>> };

/** Values below which a thread does not pay for its start … */
const FEW_VALUES = 1_000_000;
/** … and draws that all threads together may hold the working memory of, about 235 bytes each with what the collector has not taken. */
const MOST_DRAWS = 2_500_000;

/**
 * `summarize` for a file of draws, variable by variable, over threads where the file is large: the figures do not depend on them.
 * `each` is called now and then with how many variables are done; what it throws ends the work.
 */
export async function summarizeFile(
  file: string,
  each?: (done: number, total: number) => void,
  most: number = availableParallelism(),
): Promise<Record<string, VariableSummary>> {
  const reader = await DrawsReader.open(file);
  const { variables, chains, draws } = reader;
  const size = chains * draws;
  const worthwhile = Math.min(
    most,
    Math.floor((variables.length * size) / FEW_VALUES),
    Math.floor(MOST_DRAWS / size),
  );
  try {
    if (worthwhile < 2)
      return await summarizeSource(readAhead(reader), (done) => each?.(done, variables.length));
  } finally {
    await reader.close();
  }
  // neighbours together: they are read at once
  const perShare = Math.ceil(variables.length / worthwhile);
  const shares = Array.from({ length: worthwhile }, (_, k) =>
    Array.from(variables.keys()).slice(k * perShare, (k + 1) * perShare),
  );
  const counts = shares.map(() => 0);
  const workers: Worker[] = [];
  try {
    const parts = await Promise.all(
      shares.map((share, k) => {
        const worker = startWorker({ file, variables: share });
        workers.push(worker);
        return summariesOf(worker, (done) => {
          counts[k] = done;
          each?.(
            counts.reduce((a, b) => a + b),
            variables.length,
          );
        });
      }),
    );
    return Object.fromEntries(variables.map((name, v) => [name, parts[Math.floor(v / perShare)]![name]!]));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function startWorker(request: SummaryRequest): Worker {
  // run from source, the worker is TypeScript too
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return new Worker(new URL(`./summary-worker.${extension}`, import.meta.url), { workerData: request });
}

function summariesOf(
  worker: Worker,
  onDone: (done: number) => void,
): Promise<Readonly<Record<string, VariableSummary>>> {
  return new Promise((resolve, reject) => {
    worker.on("message", (answer: SummaryAnswer) => {
      try {
        if ("summaries" in answer) resolve(answer.summaries);
        else onDone(answer.done);
      } catch (error) {
        reject(error);
      }
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a summarising thread ended early (code ${code})`)));
  });
}
