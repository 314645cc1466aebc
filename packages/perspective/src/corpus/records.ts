import {
  csvBatches,
  InputError,
  type InputPlace,
  lineBatches,
  parseJsonLine,
  type TextChunks,
} from "@bridgewise/core";
import { isParquet, parquetRecords, readText } from "@bridgewise/core/node";

/** One row of a CSV or Parquet file or one object of a JSON Lines file. */
export interface FileRecord {
  /** Line, or row of a Parquet file. */
  readonly line: number;
  /** File and line, or row. */
  readonly place: InputPlace;
  /** Cells of a CSV file are texts; columns that JSON leaves out are undefined. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Rows of a file on the disk: CSV, JSON Lines or Parquet, whatever its name. */
export async function* openRecords(file: string, wayOut: string): AsyncGenerator<FileRecord> {
  if (!(await isParquet(file, wayOut))) return yield* fileRecords(readText(file, wayOut), file);
  for await (const { row, fields } of parquetRecords(file, wayOut))
    yield { line: row, place: { file, row }, fields };
}

/** Rows of a text in either format, told by its first character; a row of another width is an InputError. */
export async function* fileRecords(chunks: TextChunks, file: string): AsyncGenerator<FileRecord> {
  const iterator = (async function* () {
    yield* chunks;
  })();
  let head = "";
  while (head.trim() === "") {
    const next = await iterator.next();
    if (next.done) break;
    head += next.value;
  }
  const text = (async function* () {
    yield head;
    yield* iterator;
  })();
  // trimStart drops a byte order mark, too
  yield* head.trimStart().startsWith("{") ? jsonRecords(text, file) : csvRecords(text, file);
}

async function* jsonRecords(text: TextChunks, file: string): AsyncGenerator<FileRecord> {
  for await (const { first, lines } of lineBatches(text)) {
    for (const [i, line] of lines.entries()) {
      if (line.trim() === "") continue;
      const place = { file, line: first + i };
      yield { line: first + i, place, fields: parseJsonLine(line, place) };
    }
  }
}

async function* csvRecords(text: TextChunks, file: string): AsyncGenerator<FileRecord> {
  let names: readonly string[] | undefined;
  for await (const { records, lines } of csvBatches(text, file)) {
    for (const [i, cells] of records.entries()) {
      const line = lines[i]!;
      if (names === undefined) {
        names = cells.map((name) => name.trim());
        continue;
      }
      if (cells.length !== names.length)
        throw new InputError(
          `has ${cells.length} cells, the first line names ${names.length} columns; quote cells that hold a comma`,
          { file, line },
        );
      yield {
        line,
        place: { file, line },
        fields: Object.fromEntries(names.map((name, k) => [name, cells[k]!])),
      };
    }
  }
}
