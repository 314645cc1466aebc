import { InputError } from "../input-error.ts";
import type { ScoreCollector } from "./collector.ts";
import { parseJsonLine } from "./json-line.ts";
import { ScoreRecords } from "./score-records.ts";
import type { Scores } from "./scores.ts";
import { lineBatches, type TextChunks } from "./text-chunks.ts";

/** Reads the objects of a JSON Lines file into `into`; the first object decides the shape. */
export async function readScoresJsonl(chunks: TextChunks, into: ScoreCollector): Promise<Scores["key"]> {
  const records = new ScoreRecords(into);
  for await (const { first, lines } of lineBatches(chunks)) {
    for (let i = 0; i < lines.length; i++) {
      if (lines[i]!.trim() === "") continue;
      records.add(parseJsonLine(lines[i]!, { file: into.source, line: first + i }), first + i);
    }
  }
  if (records.key === null)
    throw new InputError("is empty; a scores file has one object on each line", { file: into.source });
  return records.key;
}
