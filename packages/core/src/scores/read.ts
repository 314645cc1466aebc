import { InputError } from "../input-error.ts";
import { ScoreCollector } from "./collector.ts";
import { readScoresCsv } from "./read-csv.ts";
import { readScoresJsonl } from "./read-jsonl.ts";
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
    throw new InputError("is a Parquet file; convert it to CSV or JSON Lines first", { file });
  }
  const text = (async function* () {
    yield head;
    yield* iterator;
  })();
  // trimStart drops a byte order mark, too.
  return { format: head.trimStart().startsWith("{") ? "jsonl" : "csv", text };
}
