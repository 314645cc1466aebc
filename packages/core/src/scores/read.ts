import { InputError } from "../input-error.ts";
import { ScoreCollector } from "./collector.ts";
import { readScoresCsv } from "./read-csv.ts";
import { readScoresJsonl } from "./read-jsonl.ts";
import { ScoreRecords } from "./score-records.ts";
import type { Scores } from "./scores.ts";
import type { TextChunks } from "./text-chunks.ts";

/**
 * Reads a scores file, CSV or JSON Lines by its first character, in its long or wide shape. Scores out
 * of range or not numeric, and different scores of the same text and attribute, are an InputError
 * that counts them; what can be left out is counted in `issues`.
 */
export async function readScores(chunks: TextChunks, source: string): Promise<Scores> {
  const into = new ScoreCollector(source);
  const { format, text } = await detectFormat(chunks, source);
  const key = await (format === "jsonl" ? readScoresJsonl : readScoresCsv)(text, into);
  into.tally.throwErrors();
  return into.scores(key);
}

/** One row of a table without lines, as Parquet is. */
export interface TableRecord {
  /** From 1. */
  readonly row: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Reads the rows of a scores file that is a table (Parquet): the same columns and checks as `readScores`, with row numbers. */
export async function readScoreRecords(rows: AsyncIterable<TableRecord>, source: string): Promise<Scores> {
  const into = new ScoreCollector(source, "row");
  const records = new ScoreRecords(into);
  for await (const { row, fields } of rows) records.add(fields, row);
  if (records.key === null) throw new InputError("holds no rows", { file: source });
  into.tally.throwErrors();
  return into.scores(records.key);
}

async function detectFormat(
  chunks: TextChunks,
  file: string,
): Promise<{ format: "csv" | "jsonl"; text: AsyncIterable<string> }> {
  const iterator = (async function* () {
    yield* chunks;
  })();
  let head = "";
  while (head.trim() === "") {
    const next = await iterator.next();
    if (next.done) break;
    head += next.value;
  }
  if (head.startsWith("PAR1")) {
    throw new InputError("is a Parquet file, which is read from its path, not as text", { file });
  }
  const text = (async function* () {
    yield head;
    yield* iterator;
  })();
  // trimStart drops a byte order mark, too.
  return { format: head.trimStart().startsWith("{") ? "jsonl" : "csv", text };
}
