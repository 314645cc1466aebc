import { NO_ROWS, type ScoreRow, scoreCells } from "../scores/index.ts";

/** Rows that are in memory at once. */
const GROUP = 1 << 15;

/** Writes a scores file in its long shape as Parquet: `score` float64, every other column text; snappy. */
export async function writeParquetScores(path: string, rows: Iterable<ScoreRow>): Promise<void> {
  const { fileWriter, parquetWriteRows } = await import("hyparquet-writer");
  const cells = scoreCells(rows);
  const first = cells.next();
  const columns: readonly string[] = first.done ? NO_ROWS : first.value.columns;
  const all = (function* () {
    if (first.done) return;
    yield filled(first.value.cells, columns);
    for (const row of cells) yield filled(row.cells, columns);
  })();
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: all,
    columns: columns.map((name) => ({
      name,
      type: name === "score" ? ("DOUBLE" as const) : ("STRING" as const),
      nullable: false,
    })),
    rowGroupSize: GROUP,
    createdBy: "bridgewise",
  });
}

/** Provenance that a row does not have is empty, as in a CSV file. */
function filled(
  cells: Readonly<Record<string, string | number>>,
  columns: readonly string[],
): Record<string, string | number> {
  return Object.fromEntries(columns.map((name) => [name, cells[name] ?? ""]));
}
