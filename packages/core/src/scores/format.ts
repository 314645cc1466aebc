import { csvCell } from "./csv-cell.ts";
import type { ScoreRow } from "./score-row.ts";

export type ScoresFormat = "csv" | "jsonl";

/** Rows for one piece of text: enough to keep the number of writes small. */
const PIECE = 4096;

/**
 * Text of a scores file in its long shape, in pieces. The first row decides the columns: the text's id
 * or hash, `attribute`, `score`, and its provenance; a row that names its text otherwise, or has
 * further provenance, gives a TypeError.
 */
export function* formatScores(rows: Iterable<ScoreRow>, format: ScoresFormat): Generator<string> {
  let columns: readonly string[] | null = null;
  let pieces: string[] = [];
  for (const row of rows) {
    const cells = cellsOf(row);
    if (columns === null) {
      columns = Object.keys(cells);
      if (format === "csv") pieces.push(columns.map(csvCell).join(","));
    }
    check(cells, columns);
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
  if (columns === null && format === "csv") pieces.push("column_id,text_id,attribute,score");
  if (pieces.length > 0) yield `${pieces.join("\n")}\n`;
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
