import type { InputError } from "@bridgewise/core";
import { rollBack, type ScoreStore, type StoredFailure, type StoredScore } from "./store.ts";
import { StoreError, storeError } from "./store-error.ts";

/** A score on its way in that differs from the one that is kept for its text, attribute, provider and language. */
export interface ScoreConflict extends StoredScore {
  /** The store's, else the first that came. */
  readonly kept: number;
  /** Where it comes from: number of its source, and its line or row there. */
  readonly source: number;
  readonly line: number;
}

/** A failure with the text and the attribute that it is of. */
export interface StagedFailure extends StoredFailure {
  readonly text: string;
  readonly attribute: string;
  readonly provider: string;
  readonly language: string;
}

/** What became of the rows that were staged. */
export interface StagedCounts {
  /** Scores that are new. */
  readonly imported: number;
  /** Scores that the store had, the same. */
  readonly known: number;
  /** Scores that differ from those kept, and were left out. */
  readonly conflicts: number;
  /** Failures of attributes that have no score. */
  readonly failures: number;
}

/** Rows of one transaction in the temporary database. */
const BATCH = 4096;
const KEY = ["provider", "language", "text", "attribute"] as const;
const COLUMNS = `text, attribute, language, provider, score, api_attribute, detected_languages, model, scored_at,
  cut_to_bytes, spans`;
const FAILURE = "text, attribute, language, provider, reason, message, permanent, failed_at";
const same = (a: string, b: string): string => KEY.map((k) => `${a}.${k} = ${b}.${k}`).join(" AND ");
let numbers = 0;

/**
 * Rows on their way into a store. They wait in SQLite's temporary database, which is a file of its own and not
 * memory, and go in by one transaction: all, or none. A store keeps the score that it has; what differs is a conflict.
 */
export class Staging {
  readonly #store: ScoreStore;
  readonly #scores = `temp.incoming_${++numbers}`;
  readonly #failures = `temp.incoming_failure_${numbers}`;
  readonly #waiting: (() => void)[] = [];
  #staged = 0;
  #addScore: ReturnType<ScoreStore["db"]["prepare"]>;
  #addFailure: ReturnType<ScoreStore["db"]["prepare"]>;

  constructor(store: ScoreStore) {
    this.#store = store;
    store.db.exec(`
      CREATE TABLE ${this.#scores} (
        text BLOB NOT NULL, attribute TEXT NOT NULL, language TEXT NOT NULL, provider TEXT NOT NULL,
        score REAL NOT NULL, api_attribute TEXT NOT NULL, detected_languages TEXT NOT NULL, model TEXT,
        scored_at TEXT NOT NULL, cut_to_bytes INTEGER, spans TEXT,
        number INTEGER NOT NULL, source INTEGER NOT NULL, line INTEGER NOT NULL,
        PRIMARY KEY (${KEY.join(", ")}, number)
      ) WITHOUT ROWID;
      CREATE TABLE ${this.#failures} (
        text BLOB NOT NULL, attribute TEXT NOT NULL, language TEXT NOT NULL, provider TEXT NOT NULL,
        reason TEXT NOT NULL, message TEXT NOT NULL, permanent INTEGER NOT NULL, failed_at TEXT NOT NULL
      );`);
    this.#addScore = store.db.prepare(`INSERT INTO ${this.#scores} VALUES (${"?, ".repeat(13)}?)`);
    this.#addFailure = store.db.prepare(`INSERT INTO ${this.#failures} VALUES (${"?, ".repeat(7)}?)`);
  }

  /** Scores staged so far. */
  get staged(): number {
    return this.#staged;
  }

  /** Stages a score, of a line (row) of a source; earlier ones come first where two differ. */
  add(row: StoredScore, source: number, line: number): void {
    const number = this.#staged++;
    this.#wait(() =>
      this.#addScore.run(
        ...[Buffer.from(row.text, "hex"), row.attribute, row.language, row.provider, row.score],
        ...[row.apiAttribute, row.detectedLanguages, row.model, row.scoredAt, row.cutToBytes, row.spans],
        ...[number, source, line],
      ),
    );
  }

  addFailure(row: StagedFailure): void {
    this.#wait(() =>
      this.#addFailure.run(
        ...[Buffer.from(row.text, "hex"), row.attribute, row.language, row.provider],
        ...[row.reason, row.message, row.permanent ? 1 : 0, row.failedAt],
      ),
    );
  }

  #wait(write: () => void): void {
    this.#waiting.push(write);
    if (this.#waiting.length >= BATCH) this.#flush();
  }

  /** In one go, as other work on the same connection must not come in between; the store's file is not touched. */
  #flush(): void {
    const { db, file } = this.#store;
    try {
      db.exec("BEGIN");
      for (const write of this.#waiting) write();
      db.exec("COMMIT");
    } catch (error) {
      rollBack(db);
      throw storeError(error, file);
    }
    this.#waiting.length = 0;
  }

  /** Rows with the score that is kept for each (`kept`) and whether the store has one (`had`). */
  get #marked(): string {
    return `SELECT i.*, s.score IS NOT NULL AS had, coalesce(s.score,
        (SELECT f.score FROM ${this.#scores} f WHERE ${same("f", "i")} ORDER BY f.number LIMIT 1)) AS kept,
        i.number = (SELECT min(f.number) FROM ${this.#scores} f WHERE ${same("f", "i")}) AS first
      FROM ${this.#scores} i LEFT JOIN main.score s ON ${same("s", "i")}`;
  }

  #count(): Omit<StagedCounts, "failures"> {
    const row = this.#store.db
      .prepare(
        `SELECT count(*) AS total, coalesce(sum(score <> kept), 0) AS conflicts,
          coalesce(sum(score = kept AND (had OR NOT first)), 0) AS known FROM (${this.#marked})`,
      )
      .get() as { total: number; conflicts: number; known: number };
    const { total, conflicts, known } = row;
    return { imported: total - conflicts - known, known, conflicts };
  }

  /** Scores that differ from those that are kept, in the order in which they came; one in memory at a time. */
  *conflicts(): Generator<ScoreConflict> {
    if (this.#waiting.length > 0) this.#flush();
    const sql = `SELECT lower(hex(text)) AS text, attribute, language, provider, score, api_attribute AS apiAttribute,
      detected_languages AS detectedLanguages, model, scored_at AS scoredAt, cut_to_bytes AS cutToBytes, spans, kept,
      source, line FROM (${this.#marked}) WHERE score <> kept ORDER BY number`;
    for (const row of this.#store.db.prepare(sql).iterate()) yield { ...row } as unknown as ScoreConflict;
  }

  /**
   * Takes everything into the store. Where scores differ, `leaveOut` is given them first, to keep them elsewhere;
   * without it the first is an InputError, by `refuse`, and nothing is taken.
   */
  async commit(options: {
    readonly leaveOut?: ((conflicts: Iterable<ScoreConflict>) => Promise<void>) | undefined;
    readonly refuse: (first: ScoreConflict, count: number) => InputError;
  }): Promise<StagedCounts> {
    const { leaveOut, refuse } = options;
    if (this.#waiting.length > 0) this.#flush();
    const { conflicts } = this.#count();
    if (conflicts > 0 && leaveOut !== undefined) await leaveOut(this.conflicts());
    return this.#store.transaction(() => {
      const counts = this.#count();
      if (counts.conflicts > 0 && leaveOut === undefined)
        for (const first of this.conflicts()) throw refuse(first, counts.conflicts);
      if (counts.conflicts !== conflicts)
        throw new StoreError(
          `${this.#store.file}: another process wrote to it meanwhile; nothing was taken, run it again`,
        );
      return { ...counts, failures: this.#take() };
    });
  }

  /** Number of failures taken. What a score that stays does not tell, one of the same value may. */
  #take(): number {
    const { db } = this.#store;
    db.exec(`
      INSERT INTO main.score (${COLUMNS}) SELECT ${COLUMNS} FROM ${this.#scores} WHERE true
        ORDER BY ${KEY.join(", ")}, number
      ON CONFLICT (${KEY.join(", ")}) DO UPDATE SET
        model = coalesce(model, excluded.model), spans = coalesce(spans, excluded.spans),
        scored_at = CASE scored_at WHEN '' THEN excluded.scored_at ELSE scored_at END
      WHERE score = excluded.score AND (
        (model IS NULL AND excluded.model IS NOT NULL) OR (spans IS NULL AND excluded.spans IS NOT NULL) OR
        (scored_at = '' AND excluded.scored_at <> ''));
      DELETE FROM main.failure WHERE EXISTS (SELECT 1 FROM ${this.#scores} i WHERE ${same("i", "failure")});`);
    const { changes } = db
      .prepare(
        `INSERT INTO main.failure (${FAILURE}) SELECT ${FAILURE} FROM ${this.#failures} i
          WHERE NOT EXISTS (SELECT 1 FROM main.score s WHERE ${same("s", "i")})
        ON CONFLICT (${KEY.join(", ")}) DO UPDATE SET reason = excluded.reason, message = excluded.message,
          permanent = excluded.permanent, failed_at = excluded.failed_at
        WHERE excluded.failed_at > failed_at`,
      )
      .run();
    return Number(changes);
  }

  [Symbol.dispose](): void {
    this.#store.db.exec(`DROP TABLE ${this.#scores}; DROP TABLE ${this.#failures}`);
  }
}
