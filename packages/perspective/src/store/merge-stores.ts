import { realpathSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { InputError } from "@bridgewise/core";
import { scoreColumns } from "./queries.ts";
import { schemaVersion } from "./schema.ts";
import { type Database, sqlite } from "./sqlite.ts";
import { type ScoreConflict, type StagedCounts, type StagedFailure, Staging } from "./staging.ts";
import { requireFile, type StoredScore, withStore } from "./store.ts";
import { storeError } from "./store-error.ts";

export interface MergeStoresRequest {
  /** File of the store that takes; made where it does not exist. */
  readonly into: string;
  /** Files of stores, which are only read. */
  readonly from: readonly string[];
  /** As in `importScores`; `source` of a conflict indexes `from`. */
  readonly leaveOut?: ((conflicts: Iterable<ScoreConflict>) => Promise<void>) | undefined;
  /** Rows read, of those there are. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Once aborted, nothing is taken. */
  readonly signal?: AbortSignal | undefined;
}

export interface MergeStoresResult extends StagedCounts {
  /** Failures left out: their attributes have scores, or later failures. */
  readonly failuresLeft: number;
}

/** Rows between two turns of the event loop. */
const BATCH = 4096;
const FAILURES =
  "SELECT lower(hex(text)) AS text, attribute, language, provider, reason, message, permanent, failed_at AS failedAt FROM failure";

/**
 * Takes the scores and failures of other stores into one, all in one transaction. A score that is there stays, and
 * takes no failure; of two failures the later stays. Done again it changes nothing, so it can be repeated at will.
 */
export async function mergeStores(request: MergeStoresRequest): Promise<MergeStoresResult> {
  const { into, from, signal } = request;
  const sources: { readonly file: string; readonly db: Database }[] = [];
  try {
    // all are looked at before anything is made or written
    for (const file of from) {
      requireFile(file);
      if (isSame(file, into))
        throw new InputError("is the store that takes; name others to take from", { file });
      sources.push({ file, db: openSource(file) });
    }
    const total = sources.reduce((sum, source) => sum + rowsOf(source), 0);
    return await withStore(into, async (store) => {
      using staging = new Staging(store);
      let done = 0;
      let failures = 0;
      const step = async (): Promise<void> => {
        if (++done % BATCH !== 0) return;
        request.onProgress?.(done, total);
        await turn();
        signal?.throwIfAborted();
      };
      for (const [k, source] of sources.entries()) {
        for (const row of rows<StoredScore>(source, `SELECT ${scoreColumns} FROM score`)) {
          checkScore(row, source.file);
          staging.add(row, k, 0);
          await step();
        }
        for (const row of rows<StagedFailure>(source, FAILURES)) {
          staging.addFailure(row);
          failures++;
          await step();
        }
      }
      const counts = await staging.commit({
        leaveOut: request.leaveOut,
        refuse: ({ text, attribute, provider, score, kept, source }, n) =>
          new InputError(
            `${attribute} of ${text.slice(0, 12)}... by ${provider} is ${score} here and ${kept} before (${n.toLocaleString("en")} such); nothing was merged: --conflicts FILE keeps what is there and writes the others to FILE`,
            { file: from[source]! },
          ),
      });
      return { ...counts, failuresLeft: failures - counts.failures };
    });
  } finally {
    for (const { db } of sources) db.close();
  }
}

/** Opens a store to read from; it is not brought to this version, and nothing in it changes. */
function openSource(file: string): Database {
  const { DatabaseSync } = sqlite();
  let db: Database | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    db.exec("PRAGMA busy_timeout = 30000");
    if (schemaVersion(db, file) === 0) throw new InputError("is empty; name a store of scores", { file });
    // one moment of it, whatever others write meanwhile
    db.exec("BEGIN");
    return db;
  } catch (error) {
    db?.close();
    throw storeError(error, file);
  }
}

function rowsOf({ db, file }: { readonly db: Database; readonly file: string }): number {
  try {
    const sql = "SELECT (SELECT count(*) FROM score) + (SELECT count(*) FROM failure) AS n";
    return Number(db.prepare(sql).get()!["n"]);
  } catch (error) {
    throw storeError(error, file);
  }
}

function* rows<T>({ db, file }: { readonly db: Database; readonly file: string }, sql: string): Generator<T> {
  try {
    for (const row of db.prepare(sql).iterate()) yield row as T;
  } catch (error) {
    throw storeError(error, file);
  }
}

/** Damage that SQLite does not see. */
function checkScore({ text, attribute, score }: StoredScore, file: string): void {
  if (score >= 0 && score <= 1 && text.length === 64) return;
  throw new InputError(
    `holds ${attribute} ${score} of text ${text.slice(0, 12)}, which is no score; see: bridgewise scores verify ${file}`,
    { file },
  );
}

function isSame(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
