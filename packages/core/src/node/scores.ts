import { basename, dirname, extname } from "node:path";
import { InputError } from "../input-error.ts";
import {
  formatScores,
  readScoreRecords,
  readScores,
  type ScoreRow,
  type Scores,
  type ScoresFileFormat,
} from "../scores/index.ts";
import { isParquet, parquetRecords } from "./parquet-records.ts";
import { replaceFiles } from "./replace-files.ts";
import { writeFiles } from "./staged-files.ts";
import { readText } from "./text-file.ts";
import { writeParquetScores } from "./write-parquet-scores.ts";

const WAY_OUT = "give a scores file, CSV, JSON Lines or Parquet, with one row for each text and attribute";

/** Reads a scores file; see `readScores` for what is an error and what an issue. */
export async function readScoresFile(file: string): Promise<Scores> {
  if (await isParquet(file, WAY_OUT)) return readScoreRecords(parquetRecords(file, WAY_OUT), file);
  return readScores(readText(file, WAY_OUT), file);
}

/**
 * Writes a scores file in its long shape under a temporary name, then renames it: no reader sees half
 * of it. Without `format` the name decides: .csv, .jsonl and .ndjson, or .parquet.
 */
export async function writeScoresFile(
  file: string,
  rows: Iterable<ScoreRow>,
  format: ScoresFileFormat = scoresFormatOf(file),
): Promise<void> {
  if (format === "parquet") await replaceFiles([file], ([path]) => writeParquetScores(path!, rows));
  else await writeFiles(dirname(file), [{ name: basename(file), text: formatScores(rows, format) }]);
}

/** The format that a scores file's name tells. */
export function scoresFormatOf(file: string): ScoresFileFormat {
  const ending = extname(file).toLowerCase();
  if (ending === ".csv" || ending === ".parquet") return ending === ".csv" ? "csv" : "parquet";
  if (ending === ".jsonl" || ending === ".ndjson") return "jsonl";
  throw new InputError(
    "the name does not tell the format; let it end with .csv, .jsonl or .parquet, or give the format",
    { file },
  );
}
