import { InputError, oneLine, sha256Hex, TEXT_COLUMNS, type TextChunks } from "@bridgewise/core";
import { apiName, attributeName, PERSPECTIVE_ATTRIBUTES } from "../attributes.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { type FileRecord, fileRecords, openRecords } from "../corpus/records.ts";
import { readSpans } from "./spans.ts";
import { type ScoreConflict, Staging } from "./staging.ts";
import type { ScoreStore, StoredScore } from "./store.ts";

export interface ImportScoresRequest {
  readonly store: ScoreStore;
  /** A scores file, long or wide: CSV, JSON Lines or Parquet. */
  readonly file: string;
  /** Its text, where it is no file on the disk. */
  readonly text?: TextChunks | undefined;
  /** Who scored, where the file has no column `provider`. */
  readonly provider?: string | undefined;
  /** Language that was asked for, where the file has no column `languages`; default en. */
  readonly language?: string | undefined;
  /** Where a file that names texts by id has its texts. */
  readonly corpus?: Corpus | undefined;
  /** Instead of a corpus: what stands for the hash of a text that is named by id; undefined leaves it out. */
  readonly hashOfId?: ((column: string, id: string) => string | undefined) | undefined;
  /**
   * Takes the scores that differ from the store's (or from an earlier one of the file), to keep them elsewhere; the
   * store's stay. Without it they are an InputError.
   */
  readonly leaveOut?: ((conflicts: Iterable<ScoreConflict>) => Promise<void>) | undefined;
}

export interface ImportScoresResult {
  /** Scores that are new. */
  readonly imported: number;
  /** Scores that the store had, the same. */
  readonly known: number;
  /** Scores that differ from the store's, left out. */
  readonly conflicts: number;
  /** Rows whose id the corpus does not have, or has for an empty text. */
  readonly unmatched: number;
  /** Cells without a score. */
  readonly empty: number;
}

/** Takes a scores file into a store: all of it, or nothing where a line is wrong. Memory does not grow with its rows. */
export async function importScores(request: ImportScoresRequest): Promise<ImportScoresResult> {
  const { store, file, text: chunks } = request;
  const hashes = request.corpus && (await hashesById(request.corpus));
  const hashOfId =
    request.hashOfId ?? (hashes && ((column: string, id: string) => hashes.get(`${column} ${id}`)));
  const records =
    chunks === undefined
      ? openRecords(file, "give a scores file, CSV, JSONL or Parquet")
      : fileRecords(chunks, file);
  const count = { unmatched: 0, empty: 0 };
  let byRow = false;
  using staging = new Staging(store);
  for await (const record of records) {
    byRow = record.place.row !== undefined;
    const text = hashOf(record, hashOfId);
    if (text === undefined) {
      count.unmatched++;
      continue;
    }
    const common = provenanceOf(record, request);
    for (const [name, given, column] of scoresIn(record)) {
      const score = scoreOf(given, column, record);
      if (score === null) {
        count.empty++;
        continue;
      }
      const attribute = attributeName(name);
      const apiAttribute = textOf(record.fields["api_attribute"]) || apiName(attribute);
      staging.add({ ...common, text, attribute, apiAttribute, score }, 0, record.line);
    }
  }
  if (staging.staged + count.empty + count.unmatched === 0)
    throw new InputError("holds no scores; its format is in the README of @bridgewise/perspective", { file });
  if (request.corpus !== undefined && staging.staged + count.empty === 0)
    throw new InputError(
      `names no text that ${request.corpus.source} has; give the texts that it was made of with --input`,
      { file },
    );
  const { imported, known, conflicts } = await staging.commit({
    leaveOut: request.leaveOut,
    refuse: ({ text, attribute, provider, score, kept, line }, n) =>
      new InputError(
        `${attribute} of ${text.slice(0, 12)}... by ${provider} is ${score} here and ${kept} before (${n.toLocaleString("en")} such); nothing was imported: give it a --provider of its own, another store, or --conflicts FILE for what differs`,
        { file, [byRow ? "row" : "line"]: line },
      ),
  });
  return { imported, known, conflicts, ...count };
}

async function hashesById(corpus: Corpus): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  // empty texts have no scores here: those of the words EMPTY STRING say nothing of a response
  for await (const { name, hash, empty } of corpus.texts())
    if ("text_id" in name && !empty) hashes.set(`${name.column_id} ${name.text_id}`, hash);
  return hashes;
}

function hashOf(
  { place, fields }: FileRecord,
  hashOfId: ImportScoresRequest["hashOfId"],
): string | undefined {
  const given = fields["text_sha256"];
  if (typeof given === "string") {
    if (/^[0-9a-f]{64}$/i.test(given)) return given.toLowerCase();
    throw new InputError(`'${oneLine(given)}' is no SHA-256, which has 64 hexadecimal digits`, {
      ...place,
      column: "text_sha256",
    });
  }
  if (typeof fields["text"] === "string" && fields["text_id"] === undefined) return sha256Hex(fields["text"]);
  const { column_id: column, text_id: id } = fields;
  if (typeof column !== "string" || typeof id !== "string")
    throw new InputError("names no text: a scores file has text_sha256, or column_id and text_id", place);
  if (!(TEXT_COLUMNS as readonly string[]).includes(column)) return undefined;
  if (hashOfId === undefined)
    throw new InputError(
      "names its texts by id, the store by content: give the texts with --input PRISM-DIR (or a CSV, JSONL file)",
      place,
    );
  return hashOfId(column, id);
}

type Common = Omit<StoredScore, "text" | "attribute" | "apiAttribute" | "score">;

function provenanceOf({ place, fields }: FileRecord, request: ImportScoresRequest): Common {
  const provider = textOf(fields["provider"]) || request.provider;
  if (!provider)
    throw new InputError("does not tell who scored; say so with --provider, such as perspective", place);
  const languages = textOf(fields["languages"]).split(" ").filter(Boolean);
  const scoredAt = textOf(fields["scored_at"]);
  if (scoredAt !== "" && Number.isNaN(Date.parse(scoredAt)))
    throw new InputError(`'${oneLine(scoredAt)}' is no time, expected as 2025-11-20T09:30:00Z`, {
      ...place,
      column: "scored_at",
    });
  const cut = Number(fields["cut_to_bytes"]);
  return {
    provider,
    language: languages[0] ?? request.language ?? "en",
    detectedLanguages: textOf(fields["detected_languages"]),
    model: textOf(fields["model"]) || null,
    scoredAt,
    cutToBytes: cut > 0 ? cut : null,
    // of a wide row nobody could tell which attribute's they are
    spans: fields["attribute"] === undefined ? null : readSpans(fields["spans"], place),
  };
}

const KNOWN = new Set(PERSPECTIVE_ATTRIBUTES.flatMap(({ name, api }) => [name, api]));

/** [attribute, score as given, its column] of a row: one of a long file, one a column of a wide one. */
function scoresIn({ place, fields }: FileRecord): (readonly [string, unknown, string])[] {
  if (fields["attribute"] !== undefined) {
    const name = fields["attribute"];
    if (typeof name === "string" && name.trim() !== "") return [[name, fields["score"], "score"]];
    throw new InputError("is empty; every row names its attribute", { ...place, column: "attribute" });
  }
  const wide = Object.entries(fields).flatMap(([name, given]) =>
    KNOWN.has(name) ? [[name, given, name] as const] : [],
  );
  if (wide.length > 0) return wide;
  throw new InputError(
    "there is no score: neither columns attribute, score nor one with an attribute's name",
    place,
  );
}

/** null where there is none. */
function scoreOf(given: unknown, column: string, { place }: FileRecord): number | null {
  if (given === null || given === undefined || (typeof given === "string" && given.trim() === ""))
    return null;
  const number = typeof given === "string" && !/^\s*0[xbo]/i.test(given) ? Number(given) : given;
  if (typeof number === "number" && number >= 0 && number <= 1) return number;
  throw new InputError(`${oneLine(String(given))} is no probability in [0, 1]`, { ...place, column });
}

const textOf = (value: unknown): string => (typeof value === "string" ? value.trim() : "");
