import { InputError } from "../input-error.ts";
import type { Column, Frame } from "./frame.ts";
import { didYouMean, listNames } from "./near-names.ts";

/** The column of that name; an InputError names the nearest and lists those that exist. */
export function findColumn(frame: Frame, name: string): Column {
  const column = frame.columns.get(name);
  if (column !== undefined) return column;
  throw new InputError(`no such column; ${suggestColumn(frame, name)}`, { file: frame.source, column: name });
}

/** `did you mean 'b'? The columns are a, b, c`. */
export function suggestColumn(frame: Frame, name: string): string {
  const names = [...frame.columns.keys()];
  return `${didYouMean(name, names)}${names.length === 0 ? "there are no columns" : `the columns are ${listNames(names)}`}`;
}

/** Text of a cell as a message shows it; `NA` for a missing one. */
export function cellText(column: Column, row: number): string {
  if (column.type === "factor") return column.levels[column.codes[row]!] ?? "NA";
  const value = column.values[row]!;
  return column.invalid?.get(row) ?? (Number.isNaN(value) ? "NA" : String(value));
}

/** An InputError about one cell: file, line (or row, where the frame has no lines), column, and what is wrong. */
export function cellError(frame: Frame, row: number, column: string, message: string): InputError {
  const line = frame.lines?.[row];
  return line === undefined
    ? new InputError(`row ${row + 1}: ${message}`, { file: frame.source, column })
    : new InputError(message, { file: frame.source, line, column });
}
