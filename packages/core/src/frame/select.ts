import type { Column, Frame } from "./frame.ts";

/**
 * The rows named by their indices (from 0), in that order; lines go with them. Factors keep all their levels.
 * An index outside the frame is a RangeError.
 */
export function selectRows(frame: Frame, rows: ArrayLike<number>): Frame {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (!(Number.isInteger(row) && row >= 0 && row < frame.rows))
      throw new RangeError(`row ${row} is not one of the ${frame.rows} rows of ${frame.source}`);
  }
  const columns = new Map<string, Column>();
  for (const [name, column] of frame.columns) columns.set(name, selectCells(column, rows));
  const { lines } = frame;
  return {
    rows: rows.length,
    columns,
    source: frame.source,
    ...(lines && { lines: Int32Array.from(rows, (row) => lines[row]!) }),
  };
}

function selectCells(column: Column, rows: ArrayLike<number>): Column {
  if (column.type === "factor") {
    const { codes } = column;
    return { ...column, codes: Int32Array.from(rows, (row) => codes[row]!) };
  }
  const { type, name, values, invalid } = column;
  const selected = Float64Array.from(rows, (row) => values[row]!);
  if (invalid === undefined) return { type, name, values: selected };
  const kept = new Map<number, string>();
  for (let i = 0; i < rows.length; i++) {
    const text = invalid.get(rows[i]!);
    if (text !== undefined) kept.set(i, text);
  }
  return { type, name, values: selected, ...(kept.size > 0 && { invalid: kept }) };
}

/** The named columns only, in that order; names that do not exist are left out. */
export function selectColumns(frame: Frame, names: Iterable<string>): Frame {
  const columns = new Map<string, Column>();
  for (const name of names) {
    const column = frame.columns.get(name);
    if (column !== undefined) columns.set(name, column);
  }
  return { ...frame, columns };
}
