import { csvCell } from "./csv-cell.ts";
import type { ScoreRow } from "./score-row.ts";

/** Formats of text. */
export type ScoresFormat = "csv" | "jsonl";
/** Formats of a file: Parquet is no text. */
export type ScoresFileFormat = ScoresFormat | "parquet";

/** Rows for one piece of text: enough to keep the number of writes small. */
const PIECE = 4096;

/**
 * Text of a scores file in its long shape, in pieces. The first row decides the columns: the text's id
 * or hash, `attribute`, `score`, and its provenance; a row that names its text otherwise, or has
 * further provenance, gives a TypeError.
 */
export function* formatScores(rows: Iterable<ScoreRow>, format: ScoresFormat): Generator<string> {
  let begun = false;
  let pieces: string[] = [];
  for (const { columns, cells } of scoreCells(rows)) {
    if (!begun && format === "csv") pieces.push(columns.map(csvCell).join(","));
    begun = true;
    pieces.push(
      format === "jsonl"
        ? JSON.stringify(cells)
        : columns.map((name) => csvCell(String(cells[name] ?? ""))).join(","),
    );
    if (pieces.length >= PIECE) {
      yield `${pieces.join("\n")}\n`;
      pieces = [];
    }
  }
  if (!begun && format === "csv") pieces.push(NO_ROWS.join(","));
  if (pieces.length > 0) yield `${pieces.join("\n")}\n`;
}

/** Columns of a file without rows. */
export const NO_ROWS = ["column_id", "text_id", "attribute", "score"] as const;

/** Rows as cells by column: `score` a number, the others texts. The first row decides the columns; see `formatScores`. */
export function* scoreCells(rows: Iterable<ScoreRow>): Generator<{
  readonly columns: readonly string[];
  readonly cells: Readonly<Record<string, string | number>>;
}> {
  let columns: readonly string[] | null = null;
  for (const row of rows) {
    const cells = cellsOf(row);
    columns ??= Object.keys(cells);
    check(cells, columns);
    yield { columns, cells };
  }
}

function cellsOf(row: ScoreRow): Record<string, string | number> {
  if (!(row.score >= 0 && row.score <= 1)) {
    throw new TypeError(
      `score ${row.score} of ${row.attribute} is not in [0, 1]; leave out what was not scored`,
    );
  }
  const name =
    "text_sha256" in row
      ? { text_sha256: row.text_sha256 }
      : { column_id: row.column_id, text_id: row.text_id };
  const cells = { ...name, attribute: row.attribute, score: row.score };
  for (const column in row.provenance) {
    if (column in cells) throw new TypeError(`provenance '${column}' would replace the row's own; rename it`);
  }
  return { ...cells, ...row.provenance };
}

function check(cells: Readonly<Record<string, string | number>>, columns: readonly string[]): void {
  for (const name in cells) {
    if (!columns.includes(name)) {
      throw new TypeError(
        `a row has '${name}', the first has ${columns.join(", ")}: all rows need the same columns`,
      );
    }
  }
  if (columns.includes("text_id") && !("text_id" in cells)) {
    throw new TypeError(
      "a row names its text by text_sha256, the first by column_id and text_id: use one of them",
    );
  }
}
