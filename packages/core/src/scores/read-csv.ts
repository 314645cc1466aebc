import { InputError } from "../input-error.ts";
import type { ScoreCollector } from "./collector.ts";
import { csvBatches } from "./csv-records.ts";
import { type Layout, layoutOf, roleOf } from "./layout.ts";
import type { Scores } from "./scores.ts";
import type { TextChunks } from "./text-chunks.ts";

interface Columns {
  readonly layout: Layout;
  readonly width: number;
  /** Places of the columns that name the text: [column_id, text_id] or [-1, text_sha256]. */
  readonly column: number;
  readonly id: number;
  /** Long shape. */
  readonly attribute: number;
  readonly score: number;
  /** Wide shape: place of a column and the index of its attribute. */
  readonly attributes: readonly (readonly [place: number, attribute: number])[];
}

/** Reads the rows of a CSV file into `into`; the first line names the columns. */
export async function readScoresCsv(chunks: TextChunks, into: ScoreCollector): Promise<Scores["key"]> {
  let columns: Columns | null = null;
  for await (const { records, lines } of csvBatches(chunks, into.source)) {
    for (let i = 0; i < records.length; i++) {
      const cells = records[i]!;
      if (columns === null) columns = columnsOf(cells, into);
      else addRecord(cells, lines[i]!, columns, into);
    }
  }
  if (columns === null)
    throw new InputError("is empty; a scores file begins with a line of column names", { file: into.source });
  return columns.layout.key;
}

function columnsOf(header: readonly string[], into: ScoreCollector): Columns {
  const names = header.map((name) => name.trim());
  const layout = layoutOf(names, into.header);
  const attributes: [number, number][] = [];
  for (const [place, name] of names.entries()) {
    const role = roleOf(name, layout);
    if (role === "provenance") into.provenance(name);
    else if (role === "misspelt") into.unknownAttribute(1, name);
    else if (role !== "needed") attributes.push([place, role]);
  }
  return {
    layout,
    width: names.length,
    column: layout.key === "id" ? names.indexOf("column_id") : -1,
    id: names.indexOf(layout.key === "id" ? "text_id" : "text_sha256"),
    attribute: names.indexOf("attribute"),
    score: names.indexOf("score"),
    attributes,
  };
}

function addRecord(cells: readonly string[], line: number, columns: Columns, into: ScoreCollector): void {
  if (cells.length !== columns.width) {
    throw new InputError(
      `has ${cells.length} cells, the first line names ${columns.width} columns; quote cells that hold a comma`,
      { file: into.source, line },
    );
  }
  const id = cells[columns.id]!;
  if (id === "") {
    const column = columns.layout.key === "id" ? "text_id" : "text_sha256";
    throw new InputError("is empty; every row names its text", { file: into.source, line, column });
  }
  const text = columns.column < 0 ? into.hash(line, id) : into.text(line, cells[columns.column]!, id);
  if (text < 0) return;
  if (columns.layout.shape === "long") {
    const cell = cells[columns.score]!;
    into.add(line, text, cells[columns.attribute]!, numberOf(cell), cell);
    return;
  }
  for (const [place, attribute] of columns.attributes) {
    into.addAt(line, text, attribute, numberOf(cells[place]!), cells[place]);
  }
}

/** A cell's number; null where it is empty, NaN where it is none. */
function numberOf(cell: string): number | null {
  const text = cell.trim();
  if (text === "") return null;
  // Number() reads 0x10, 0b1 and 0o7 as well, which no program writes for a score.
  return /^0[xbo]/i.test(text) ? Number.NaN : Number(text);
}
