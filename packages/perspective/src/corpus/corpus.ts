import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import {
  EMPTY_RESPONSE,
  InputError,
  lineBatches,
  oneLine,
  parseJsonLine,
  parseUtterance,
  TEXT_COLUMNS,
  type TextColumn,
  type TextName,
} from "@bridgewise/core";
import { readText } from "@bridgewise/core/node";
import { fileRecords } from "./records.ts";

/** One text of a corpus. */
export interface CorpusText {
  readonly text: string;
  /** SHA-256 of its UTF-8 bytes, hex. */
  readonly hash: string;
  /** Its name in scores files: by id where the corpus has ids, else by its hash. */
  readonly name: TextName;
  readonly line: number;
  /** PRISM's EMPTY STRING, or nothing but spaces: there is nothing to score. */
  readonly empty: boolean;
}

export interface Corpus {
  readonly source: string;
  /** Reads the texts from the start; memory holds a piece of the file. */
  texts(): AsyncGenerator<CorpusText>;
}

export interface CorpusOptions {
  /** Column (CSV) or field (JSONL) of the text; default `text`. */
  readonly textColumn?: string;
  /** Of PRISM's folder the prompts and responses of first turns alone, which are all that the analyses read. */
  readonly firstTurns?: boolean;
}

const WAY_OUT = "give a CSV or JSONL file with a column 'text', or a folder with PRISM's utterances.jsonl";

/**
 * A corpus of texts: a CSV or JSON Lines file with a column of texts, and column_id and text_id where they have
 * ids (as in scores files); or PRISM's folder: its prompts and responses.
 */
export async function openCorpus(path: string, options: CorpusOptions = {}): Promise<Corpus> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new InputError(`not found; ${WAY_OUT}`, { file: path });
  const { textColumn = "text", firstTurns = false } = options;
  if (!found.isDirectory()) {
    if (firstTurns) throw new InputError("has no turns; only PRISM's folder has first turns", { file: path });
    return { source: path, texts: () => fileTexts(path, textColumn) };
  }
  const file = join(path, "utterances.jsonl");
  if ((await stat(file).catch(() => undefined)) === undefined)
    throw new InputError(`holds no utterances.jsonl; ${WAY_OUT}`, { file: path });
  return { source: path, texts: () => prismTexts(file, firstTurns) };
}

/** Core's sha256Hex, by Node: several times as fast, and each text is hashed at both readings. */
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

async function* fileTexts(file: string, column: string): AsyncGenerator<CorpusText> {
  for await (const { line, fields } of fileRecords(readText(file, WAY_OUT), file)) {
    const text = fields[column];
    if (typeof text !== "string") {
      const names = Object.keys(fields).map(oneLine).join(", ");
      throw new InputError(
        text === undefined
          ? `there is no '${oneLine(column)}' among ${names}; name the texts' column with --text-column`
          : `'${oneLine(column)}' is no text: ${oneLine(JSON.stringify(text))}`,
        { file, line },
      );
    }
    const hash = hashOf(text);
    yield { text, hash, name: nameOf(fields, hash, file, line), line, empty: isEmpty(text) };
  }
}

/** PRISM's files, and so the tables that people make of them, write an empty response as EMPTY STRING. */
const isEmpty = (text: string): boolean => text === EMPTY_RESPONSE || text.trim() === "";

function nameOf(
  fields: Readonly<Record<string, unknown>>,
  hash: string,
  file: string,
  line: number,
): TextName {
  const { column_id: column, text_id: id } = fields;
  if (column === undefined || id === undefined) return { text_sha256: hash };
  if (typeof id !== "string" || id === "")
    throw new InputError("is empty or no text; every row names its text", { file, line, column: "text_id" });
  if (!isTextColumn(column))
    throw new InputError(`'${oneLine(String(column))}' is not ${TEXT_COLUMNS.join(" or ")}`, {
      file,
      line,
      column: "column_id",
    });
  return { column_id: column, text_id: id };
}

const isTextColumn = (column: unknown): column is TextColumn =>
  column === "model_response" || column === "user_prompt";

/** The response of each line, and the prompt before the first response of its turn. */
async function* prismTexts(file: string, firstTurns: boolean): AsyncGenerator<CorpusText> {
  let interaction: string | undefined;
  const named = (column: TextColumn, id: string, text: string, line: number): CorpusText => ({
    text,
    hash: hashOf(text),
    name: { column_id: column, text_id: id },
    line,
    empty: isEmpty(text),
  });
  for await (const { first, lines } of lineBatches(readText(file, WAY_OUT))) {
    for (const [i, json] of lines.entries()) {
      if (json.trim() === "") continue;
      const line = first + i;
      const place = { file, line };
      const utterance = parseUtterance(parseJsonLine(json, place), place);
      if (firstTurns && utterance.turn > 0) continue;
      if (utterance.interaction_id !== interaction) {
        interaction = utterance.interaction_id;
        yield named("user_prompt", interaction, utterance.user_prompt, line);
      }
      yield named("model_response", utterance.utterance_id, utterance.model_response, line);
    }
  }
}

export interface Survey {
  /** Rows. */
  readonly rows: number;
  /** Empty rows, which are left out. */
  readonly empty: number;
  /** Distinct texts that are not empty, by hash, in their order. */
  readonly hashes: readonly string[];
}

/** Reads a corpus once: counts, distinct texts; one id with two texts is an InputError. */
export async function surveyCorpus(corpus: Corpus): Promise<Survey> {
  const hashes = new Set<string>();
  const ids = new Map<string, { readonly hash: string; readonly line: number }>();
  let rows = 0;
  let empty = 0;
  for await (const text of corpus.texts()) {
    rows++;
    if ("text_id" in text.name) {
      const { column_id, text_id } = text.name;
      const id = `${column_id} ${text_id}`;
      const first = ids.get(id);
      if (first !== undefined && first.hash !== text.hash)
        throw new InputError(
          `${column_id} '${oneLine(text_id)}' is another text on line ${first.line}; an id names one text`,
          { file: corpus.source, line: text.line },
        );
      if (first === undefined) ids.set(id, { hash: text.hash, line: text.line });
    }
    if (text.empty) empty++;
    else hashes.add(text.hash);
  }
  if (rows === 0) throw new InputError(`has no texts; ${WAY_OUT}`, { file: corpus.source });
  return { rows, empty, hashes: [...hashes] };
}
