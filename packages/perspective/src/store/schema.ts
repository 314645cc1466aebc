import { InputError } from "@bridgewise/core";
import type { Database } from "./sqlite.ts";

/** "BwSc": marks the file as a store of scores (PRAGMA application_id). */
const APPLICATION = 0x42775363;

/**
 * What brings a store from version k to k + 1. A published one never changes; a new version is a new entry.
 * `text` is the SHA-256 of the text's UTF-8 bytes; texts themselves are not kept.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE score (
    text BLOB NOT NULL CHECK (length(text) = 32),
    attribute TEXT NOT NULL,       -- our name (NUANCE)
    language TEXT NOT NULL,        -- asked for
    provider TEXT NOT NULL,
    score REAL NOT NULL CHECK (score >= 0 AND score <= 1),
    api_attribute TEXT NOT NULL,   -- the service's name (NUANCE_EXPERIMENTAL)
    detected_languages TEXT NOT NULL,
    model TEXT,                    -- version, where known
    scored_at TEXT NOT NULL,       -- ISO 8601; empty where an imported file does not tell
    cut_to_bytes INTEGER,          -- where the text was too long and cut
    spans TEXT,                    -- JSON [[begin, end, score]], where asked for
    PRIMARY KEY (provider, language, text, attribute)
  ) WITHOUT ROWID;
  CREATE TABLE failure (
    text BLOB NOT NULL CHECK (length(text) = 32),
    attribute TEXT NOT NULL,
    language TEXT NOT NULL,
    provider TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    permanent INTEGER NOT NULL,
    failed_at TEXT NOT NULL,
    PRIMARY KEY (provider, language, text, attribute)
  ) WITHOUT ROWID;
  CREATE TABLE claim (             -- texts that a process is scoring now
    text BLOB NOT NULL,
    language TEXT NOT NULL,
    provider TEXT NOT NULL,
    owner TEXT NOT NULL,           -- host:pid:number
    expires INTEGER NOT NULL,      -- ms since 1970
    PRIMARY KEY (provider, language, text)
  ) WITHOUT ROWID;
  CREATE VIEW scores AS
    SELECT lower(hex(text)) AS text_sha256, attribute, score, api_attribute, provider, language,
           detected_languages, model, scored_at, cut_to_bytes, spans
    FROM score;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** The version of a store's schema, 0 for an empty file; a newer one, and a database of another program, is an InputError. */
export function schemaVersion(db: Database, file: string): number {
  const application = pragma(db, "application_id");
  const version = pragma(db, "user_version");
  const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema").get() as { n: number };
  if (application !== APPLICATION && (application !== 0 || version !== 0 || tables.n > 0))
    throw new InputError("is a database of another program, not a store of scores; name another file", {
      file,
    });
  if (version > SCHEMA_VERSION)
    throw new InputError(
      `has schema ${version}, this version of bridgewise knows up to ${SCHEMA_VERSION}; update bridgewise, nothing was changed`,
      { file },
    );
  return version;
}

/** Brings the store to this version; see `schemaVersion` for what cannot be. */
export function migrate(db: Database, file: string): void {
  const version = schemaVersion(db, file);
  for (let from = version; from < SCHEMA_VERSION; from++) {
    db.exec("BEGIN IMMEDIATE");
    try {
      // another process may have done it meanwhile
      if (pragma(db, "user_version") === from) {
        db.exec(MIGRATIONS[from]!);
        db.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${from + 1}`);
      }
      db.exec("COMMIT");
    } catch (error) {
      db.exec("ROLLBACK");
      throw error;
    }
  }
}

export function pragma(db: Database, name: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}
