import { basename, dirname, extname } from "node:path";
import { InputError } from "../input-error.ts";
import { formatScores, readScores, type ScoreRow, type Scores, type ScoresFormat } from "../scores/index.ts";
import { writeFiles } from "./staged-files.ts";
import { readText } from "./text-file.ts";

/** Reads a scores file, CSV or JSON Lines; see `readScores` for what is an error and what an issue. */
export function readScoresFile(file: string): Promise<Scores> {
  return readScores(
    readText(file, "give a scores file, CSV or JSON Lines, with one row for each text and attribute"),
    file,
  );
}

/**
 * Writes a scores file in its long shape under a temporary name, then renames it: no reader sees half
 * of it. Without `format` the name decides: .csv, or .jsonl and .ndjson.
 */
export async function writeScoresFile(
  file: string,
  rows: Iterable<ScoreRow>,
  format: ScoresFormat = formatOf(file),
): Promise<void> {
  await writeFiles(dirname(file), [{ name: basename(file), text: formatScores(rows, format) }]);
}

function formatOf(file: string): ScoresFormat {
  const ending = extname(file).toLowerCase();
  if (ending === ".csv") return "csv";
  if (ending === ".jsonl" || ending === ".ndjson") return "jsonl";
  throw new InputError(
    "the name does not tell the format; let it end with .csv or .jsonl, or give the format",
    {
      file,
    },
  );
}
