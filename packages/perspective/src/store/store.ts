import { hostname } from "node:os";
import { InputError } from "@bridgewise/core";
import { attributeName } from "../attributes.ts";
import type { TextScores } from "../scorer.ts";
import { migrate } from "./schema.ts";
import { writeSpans } from "./spans.ts";
import { type Database, sqlite } from "./sqlite.ts";
import { storeError } from "./store-error.ts";

/** Which scores of a text: those of one provider and one language asked for. */
export interface ScoreKey {
  readonly provider: string;
  readonly language: string;
}

/** One score as the store keeps it. */
export interface StoredScore extends ScoreKey {
  /** SHA-256 of the text, hex. */
  readonly text: string;
  readonly attribute: string;
  readonly score: number;
  readonly apiAttribute: string;
  readonly detectedLanguages: string;
  readonly model: string | null;
  readonly scoredAt: string;
  readonly cutToBytes: number | null;
  /** JSON `[[begin, end, score]]` */
  readonly spans: string | null;
}

export interface StoredFailure {
  readonly reason: string;
  /** One line. */
  readonly message: string;
  readonly permanent: boolean;
  readonly failedAt: string;
}

export interface KnownAttributes {
  readonly scored: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

/** Milliseconds after which another process may take over a text that is claimed and not scored. */
const CLAIM = 60 * 60_000;
/** Milliseconds that a process waits for another's transaction. */
const BUSY = 30_000;
let numbers = 0;

/** A store of scores: SQLite in WAL mode, which several processes may share. Every method is one transaction. */
export class ScoreStore {
  readonly file: string;
  readonly db: Database;
  readonly #owner = `${hostname()}:${process.pid}:${++numbers}`;
  readonly #statements = new Map<string, ReturnType<Database["prepare"]>>();

  /** Opens a store, or makes one; `create: false` makes none. What cannot be used is an InputError. */
  constructor(file: string, { create = true }: { readonly create?: boolean } = {}) {
    this.file = file;
    const { DatabaseSync } = sqlite();
    if (!create) requireFile(file);
    let db: Database | undefined;
    try {
      db = new DatabaseSync(file);
      db.exec(`PRAGMA busy_timeout = ${BUSY}`);
      // FULL: a score that is paid for survives a power cut, too
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      migrate(db, file);
      this.db = db;
    } catch (error) {
      db?.close();
      throw storeError(error, file);
    }
  }

  close(): void {
    try {
      this.db.prepare("DELETE FROM claim WHERE owner = ?").run(this.#owner);
    } catch {
      // damaged, or the disk is full, which the work has met itself; the claims are free once this process ends
    }
    this.#statements.clear();
    this.db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Runs `work` in one transaction; nothing of it stays where it throws. */
  transaction<T>(work: () => T): T {
    try {
      this.db.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.db.exec("COMMIT");
        return result;
      } catch (error) {
        rollBack(this.db);
        throw error;
      }
    } catch (error) {
      throw storeError(error, this.file);
    }
  }

  /** Which of a text's attributes (our names) are scored, and which have failed. */
  known(text: string, { provider, language }: ScoreKey): KnownAttributes {
    const hash = Buffer.from(text, "hex");
    const names = (table: string): Set<string> =>
      new Set(
        this.#prepare(`SELECT attribute FROM ${table} WHERE provider = ? AND language = ? AND text = ?`)
          .all(provider, language, hash)
          .map((row) => String(row["attribute"])),
      );
    try {
      return { scored: names("score"), failed: names("failure") };
    } catch (error) {
      throw storeError(error, this.file);
    }
  }

  /** Takes the text for this process, unless another one is at it. What a process that has died had taken is free. */
  claim(text: string, { provider, language }: ScoreKey, now: number): boolean {
    const hash = Buffer.from(text, "hex");
    // a claim need not survive a power cut: no wait for the disk
    return this.#unsynced(() => {
      const found = this.#prepare(
        "SELECT owner, expires FROM claim WHERE provider = ? AND language = ? AND text = ?",
      ).get(provider, language, hash) as { owner: string; expires: number } | undefined;
      if (found && found.owner !== this.#owner && found.expires > now && isAlive(found.owner)) return false;
      this.#prepare(
        "INSERT OR REPLACE INTO claim (text, language, provider, owner, expires) VALUES (?, ?, ?, ?, ?)",
      ).run(hash, language, provider, this.#owner, now + CLAIM);
      return true;
    });
  }

  #unsynced<T>(work: () => T): T {
    this.db.exec("PRAGMA synchronous = NORMAL");
    try {
      return this.transaction(work);
    } finally {
      this.db.exec("PRAGMA synchronous = FULL");
    }
  }

  release(text: string, { provider, language }: ScoreKey): void {
    this.#prepare("DELETE FROM claim WHERE provider = ? AND language = ? AND text = ? AND owner = ?").run(
      provider,
      language,
      Buffer.from(text, "hex"),
      this.#owner,
    );
  }

  /** Keeps a text's scores; earlier failures of the same attributes go. Within a transaction of the caller's. */
  put(text: string, key: ScoreKey, found: TextScores): void {
    for (const { attribute, apiAttribute, score, spans } of found.scores) {
      this.putScore({
        ...key,
        text,
        attribute,
        score,
        apiAttribute,
        detectedLanguages: found.detectedLanguages.join(" "),
        model: found.model ?? null,
        scoredAt: found.scoredAt,
        cutToBytes: found.cutToBytes ?? null,
        spans: spans === undefined ? null : writeSpans(spans),
      });
    }
    const message = "the answer has no score of this attribute";
    const failure = { reason: "missing", message, permanent: true, failedAt: found.scoredAt };
    this.putFailure(text, found.missing, key, failure);
    for (const { attribute, reason, message: why } of found.failed ?? [])
      this.putFailure(text, [attribute], key, { ...failure, reason, message: why });
  }

  putScore(row: StoredScore): void {
    const hash = Buffer.from(row.text, "hex");
    this.#prepare("INSERT OR REPLACE INTO score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").run(
      hash,
      row.attribute,
      row.language,
      row.provider,
      row.score,
      row.apiAttribute,
      row.detectedLanguages,
      row.model,
      row.scoredAt,
      row.cutToBytes,
      row.spans,
    );
    this.#prepare(
      "DELETE FROM failure WHERE provider = ? AND language = ? AND text = ? AND attribute = ?",
    ).run(row.provider, row.language, hash, row.attribute);
  }

  /** Keeps why attributes of a text have no score. A score that is there stays. Within a transaction of the caller's. */
  putFailure(
    text: string,
    attributes: readonly string[],
    { provider, language }: ScoreKey,
    { reason, message, permanent, failedAt }: StoredFailure,
  ): void {
    const hash = Buffer.from(text, "hex");
    for (const attribute of attributes.map(attributeName)) {
      this.#prepare(
        `INSERT OR REPLACE INTO failure SELECT ?, ?, ?, ?, ?, ?, ?, ?
         WHERE NOT EXISTS (SELECT 1 FROM score WHERE provider = ? AND language = ? AND text = ? AND attribute = ?)`,
      ).run(
        ...[hash, attribute, language, provider, reason, message, permanent ? 1 : 0, failedAt],
        ...[provider, language, hash, attribute],
      );
    }
  }

  #prepare(sql: string): ReturnType<Database["prepare"]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

export function rollBack(db: Database): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // after a full disk SQLite has done so itself (Node 22.13 cannot tell whether: isTransaction is newer)
  }
}

/** Opens a store for some work, and closes it; what SQLite throws on the way has a way out. */
export async function withStore<T>(
  file: string,
  work: (store: ScoreStore) => Promise<T>,
  options: { readonly create?: boolean } = {},
): Promise<T> {
  const store = new ScoreStore(file, options);
  try {
    return await work(store);
  } catch (error) {
    throw storeError(error, file);
  } finally {
    store.close();
  }
}

export function requireFile(file: string): void {
  const { existsSync } = process.getBuiltinModule("node:fs");
  if (!existsSync(file))
    throw new InputError("not found; name the store that 'bridgewise score' or 'scores import' made", {
      file,
    });
}

/** Whether the process of a claim may still be at it: on another machine nobody can tell. */
function isAlive(owner: string): boolean {
  const [host, pid] = owner.split(":");
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
