import type { Column, Frame } from "../frame/frame.ts";
import { InputError } from "../input-error.ts";
import { type ColumnReader, isText, NumberReader, TextReader } from "./column-reader.ts";
import { resolveHeader, type WantedColumn } from "./header.ts";
import { readRecords } from "./records.ts";

export interface CsvOptions {
  /** Name of the file, for messages. */
  readonly source: string;
  /** Names of the columns to convert (after `rename`); all by default. */
  readonly columns?: readonly string[];
  /** New names for columns, `{ new: old }`: so that anyone's ratings can use the standard names. */
  readonly rename?: Readonly<Record<string, string>>;
}

/**
 * A table from the text or the UTF-8 bytes of a CSV with a header. A column is numeric if all its cells are
 * numbers, else a factor (levels sorted, see `factorFromTexts`); empty cells and `NA` are missing. `NaN` and
 * infinite numbers are read as such, and refused by a model that uses them. Every row remembers its line.
 * Empty files, broken rows and bad headers are InputErrors.
 */
export function parseCsv(input: string | Uint8Array, options: CsvOptions): Frame {
  const { source } = options;
  const bytes = toBytes(input, source);
  const { lines, columns, wanted } = readColumns(bytes, options, new Set());
  // Cells that looked like numbers at first have lost their texts.
  const again = wanted.filter((_, k) => columns[k] === undefined).map(({ name }) => name);
  const texts =
    again.length === 0 ? [] : readColumns(bytes, { ...options, columns: again }, new Set(again)).columns;
  const named = new Map<string, Column>();
  wanted.forEach(({ name }, k) => {
    named.set(name, columns[k] ?? texts[again.indexOf(name)]!);
  });
  return { rows: lines.length, columns: named, source, lines };
}

interface ReadColumns {
  readonly wanted: readonly WantedColumn[];
  /** [wanted] undefined for a column that has to be read as texts. */
  readonly columns: readonly (Column | undefined)[];
  /** [rows] */
  readonly lines: Int32Array;
}

/** One pass over the file; `texts` names the columns to read as texts whatever their first cells are. */
function readColumns(
  bytes: Uint8Array,
  { source, rename, columns }: CsvOptions,
  texts: ReadonlySet<string>,
): ReadColumns {
  const lines: number[] = [];
  let width = 0;
  let wanted: WantedColumn[] = [];
  let readers: ColumnReader[] = [];
  readRecords(bytes, source, (record, line) => {
    if (width === 0) {
      width = record.length;
      wanted = resolveHeader(record, source, line, rename, columns);
      return;
    }
    if (record.length !== width) throw wrongWidth(record.length, width, source, line);
    if (lines.length === 0)
      readers = wanted.map(({ name, index }) =>
        texts.has(name) || isText(record[index]!) ? new TextReader(name) : new NumberReader(name),
      );
    lines.push(line);
    for (let k = 0; k < wanted.length; k++) readers[k]!.add(record[wanted[k]!.index]!);
  });
  if (width === 0)
    throw new InputError("the file is empty; give a CSV with a header and at least one row", {
      file: source,
    });
  if (lines.length === 0)
    throw new InputError("there is a header but no row below it; give at least one row", { file: source });
  return { wanted, columns: readers.map((reader) => reader.finish()), lines: Int32Array.from(lines) };
}

function wrongWidth(cells: number, width: number, file: string, line: number): InputError {
  const way =
    cells > width ? "quote cells that contain commas" : "give every column a cell, empty if missing";
  return new InputError(`${cells} cells where the header has ${width}; ${way}`, { file, line });
}

/** UTF-8 bytes without a byte order mark. Other encodings would merge levels that differ in one letter. */
export function toBytes(input: string | Uint8Array, file: string): Uint8Array {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  try {
    if (typeof input !== "string") checkUtf8(input);
  } catch {
    throw new InputError("the file is not in UTF-8; save it as CSV in UTF-8", { file });
  }
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Bytes that are decoded at once: a text cannot be as long as a file. */
const PIECE = 1 << 24;

/** Throws where bytes are not UTF-8. */
function checkUtf8(bytes: Uint8Array): void {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let at = 0; at < bytes.length; at += PIECE)
    decoder.decode(bytes.subarray(at, at + PIECE), { stream: true });
  decoder.decode();
}
