import { csvBatches, InputError, lineBatches, parseJsonLine, type TextChunks } from "@bridgewise/core";

/** One row of a CSV file or one object of a JSON Lines file. */
export interface FileRecord {
  readonly line: number;
  /** Cells of a CSV file are texts; columns that JSON leaves out are undefined. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Rows of a file in either format, told by its first character; a row of another width is an InputError. */
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
      yield { line: first + i, fields: parseJsonLine(line, place) };
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
      yield { line, fields: Object.fromEntries(names.map((name, k) => [name, cells[k]!])) };
    }
  }
}
