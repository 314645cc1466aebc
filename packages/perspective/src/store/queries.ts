import { InputError } from "@bridgewise/core";
import { pragma, SCHEMA_VERSION } from "./schema.ts";
import type { ScoreKey, ScoreStore, StoredScore } from "./store.ts";
import { corrupt, storeError } from "./store-error.ts";

/** Columns of the table score, as `StoredScore` names them. */
export const scoreColumns = `lower(hex(text)) AS text, attribute, language, provider, score, api_attribute AS apiAttribute,
  detected_languages AS detectedLanguages, model, scored_at AS scoredAt, cut_to_bytes AS cutToBytes, spans`;

/** All scores of one provider and language, by text (its hash) and attribute; one row in memory at a time. */
export function* storedScores(store: ScoreStore, { provider, language }: ScoreKey): Generator<StoredScore> {
  const sql = `SELECT ${scoreColumns} FROM score WHERE provider = ? AND language = ? ORDER BY score.text, score.attribute`;
  try {
    for (const row of store.db.prepare(sql).iterate(provider, language)) yield row as unknown as StoredScore;
  } catch (error) {
    throw storeError(error, store.file);
  }
}

/** Whether any score of a provider and language has spans. */
export function hasSpans(store: ScoreStore, { provider, language }: ScoreKey): boolean {
  const sql = "SELECT 1 FROM score WHERE provider = ? AND language = ? AND spans IS NOT NULL LIMIT 1";
  return store.db.prepare(sql).get(provider, language) !== undefined;
}

/** Score of one text and attribute, null where there is none. */
export function storedScore(
  store: ScoreStore,
  { text, attribute, provider, language }: ScoreKey & { readonly text: string; readonly attribute: string },
): number | null {
  const sql = "SELECT score FROM score WHERE provider = ? AND language = ? AND text = ? AND attribute = ?";
  const row = store.db.prepare(sql).get(provider, language, Buffer.from(text, "hex"), attribute);
  return row === undefined ? null : (row["score"] as number);
}

export interface StoreStats {
  readonly file: string;
  readonly schema: number;
  /** By provider, language and attribute. */
  readonly scores: readonly (ScoreKey & {
    readonly attribute: string;
    readonly texts: number;
    readonly mean: number;
    readonly least: number;
    readonly greatest: number;
    readonly first: string;
    readonly last: string;
  })[];
  /** By provider, language and reason. */
  readonly failures: readonly (ScoreKey & {
    readonly reason: string;
    readonly texts: number;
    readonly example: string;
  })[];
}

export function storeStats(store: ScoreStore): StoreStats {
  const all = <T>(sql: string): T[] =>
    store.db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row })) as T[];
  try {
    return {
      file: store.file,
      schema: pragma(store.db, "user_version"),
      scores:
        all(`SELECT provider, language, attribute, count(*) AS texts, avg(score) AS mean, min(score) AS least,
        max(score) AS greatest, min(scored_at) AS first, max(scored_at) AS last
        FROM score GROUP BY provider, language, attribute ORDER BY provider, language, attribute`),
      failures: all(`SELECT provider, language, reason, count(DISTINCT text) AS texts, min(message) AS example
        FROM failure GROUP BY provider, language, reason ORDER BY provider, language, texts DESC, reason`),
    };
  } catch (error) {
    throw storeError(error, store.file);
  }
}

/**
 * The one provider and language whose scores are meant: those named, else the only ones there are. `howTo`: how a
 * provider is named; `file`: what the store is called in messages.
 */
export function chooseKey(
  store: ScoreStore,
  wanted: { readonly provider?: string | undefined; readonly language?: string | undefined },
  howTo = "--provider",
  file = store.file,
): ScoreKey {
  const keys = store.db
    .prepare("SELECT DISTINCT provider, language FROM score")
    .all() as unknown as ScoreKey[];
  const found = keys.filter(
    (key) =>
      (wanted.provider ?? key.provider) === key.provider &&
      (wanted.language ?? key.language) === key.language,
  );
  if (found.length === 1) return { provider: found[0]!.provider, language: found[0]!.language };
  const list = keys.map((key) => `${key.provider} (${key.language})`).join(", ");
  if (keys.length === 0) throw new InputError("holds no scores yet; score or import some first", { file });
  if (found.length === 0) throw new InputError(`has no such scores; it holds those of ${list}`, { file });
  throw new InputError(`holds scores of ${list}, which do not mix; say which with ${howTo} and --language`, {
    file,
  });
}

/** Reads the whole store and checks it; what is wrong, in one line each. */
export function verifyStore(store: ScoreStore): string[] {
  const { db, file } = store;
  const problems: string[] = [];
  try {
    for (const row of db.prepare("PRAGMA integrity_check(20)").all()) {
      const found = String(Object.values(row)[0]);
      if (found !== "ok") problems.push(`${file}: SQLite: ${found.replaceAll(/\s+/g, " ")}`);
    }
    const rows = (sql: string): number => Number(Object.values(db.prepare(sql).get() ?? {})[0]);
    const check = (sql: string, what: string): void => {
      const n = rows(sql);
      if (n > 0) problems.push(`${file}: ${n.toLocaleString("en")} ${what}`);
    };
    check("SELECT count(*) FROM score WHERE NOT (score >= 0 AND score <= 1)", "scores are not in [0, 1]");
    check("SELECT count(*) FROM score WHERE length(text) <> 32", "scores have no SHA-256 of a text");
    check(
      "SELECT count(*) FROM score WHERE scored_at <> '' AND julianday(scored_at) IS NULL",
      "scores have a time that is none",
    );
    check(
      `SELECT count(*) FROM failure f WHERE EXISTS (SELECT 1 FROM score s WHERE s.provider = f.provider
       AND s.language = f.language AND s.text = f.text AND s.attribute = f.attribute)`,
      "attributes of texts are both scored and failed",
    );
    if (pragma(db, "user_version") !== SCHEMA_VERSION)
      problems.push(`${file}: its schema is not this version's`);
  } catch (error) {
    const known = storeError(error, file);
    if (!(known instanceof InputError) || known.message !== corrupt(file).message) throw known;
    problems.push(known.message);
  }
  return problems;
}
