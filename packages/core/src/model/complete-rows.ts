import { cellError, cellText } from "../frame/cells.ts";
import type { Column, Frame } from "../frame/frame.ts";
import { selectColumns, selectRows } from "../frame/select.ts";

/** Rows that a model leaves out because a column it uses is missing there. */
export interface DroppedRows {
  readonly rows: number;
  /** Missing cells by column, columns without any left out; a row that misses two cells counts in both. */
  readonly byColumn: Readonly<Record<string, number>>;
}

export interface CompleteRows {
  /** The used columns at the rows kept. */
  readonly frame: Frame;
  /** [rows kept] index of each in the original frame. */
  readonly kept: Int32Array;
  readonly dropped: DroppedRows;
}

/**
 * Leaves out the rows with a missing value in a used column, as brms does. `NaN` and infinite cells in a used
 * column are InputErrors, never dropped silently.
 */
export function completeRows(frame: Frame, names: Iterable<string>): CompleteRows {
  const used = selectColumns(frame, names);
  const missing = new Uint8Array(frame.rows);
  const byColumn: Record<string, number> = {};
  for (const column of used.columns.values()) {
    refuseInvalid(frame, column);
    const count = markMissing(column, missing);
    if (count > 0) byColumn[column.name] = count;
  }
  const kept = new Int32Array(frame.rows).map((_, row) => row).filter((row) => missing[row] === 0);
  const rows = frame.rows - kept.length;
  return { frame: rows === 0 ? used : selectRows(used, kept), kept, dropped: { rows, byColumn } };
}

function markMissing(column: Column, missing: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < missing.length; row++) {
    const absent = column.type === "factor" ? column.codes[row]! < 0 : Number.isNaN(column.values[row]!);
    if (!absent) continue;
    missing[row] = 1;
    count++;
  }
  return count;
}

function refuseInvalid(frame: Frame, column: Column): void {
  if (column.type === "factor") return;
  const { values, invalid } = column;
  const row = values.findIndex(
    (value, i) => !Number.isFinite(value) && (!Number.isNaN(value) || invalid?.has(i) === true),
  );
  if (row >= 0)
    throw cellError(
      frame,
      row,
      column.name,
      `'${cellText(column, row)}' is not a finite number; mend the cell, or leave it empty to drop the row`,
    );
}
