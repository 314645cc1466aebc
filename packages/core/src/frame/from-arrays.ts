import { InputError } from "../input-error.ts";
import { factorFromTexts } from "./factor.ts";
import type { Column, Frame } from "./frame.ts";

/** A column in memory: numbers (NaN, null or undefined is missing), texts, or booleans (levels FALSE, TRUE). */
export type ColumnValues = ArrayLike<number> | readonly (number | string | boolean | null | undefined)[];

/**
 * A frame from plain arrays, all of one length. A column of numbers is numeric, one of texts or booleans a
 * factor; mixing them, or lengths that differ, is an InputError.
 */
export function frameFromArrays(
  arrays: Readonly<Record<string, ColumnValues>>,
  source: string = "data",
): Frame {
  const names = Object.keys(arrays);
  const rows = names.length === 0 ? 0 : arrays[names[0]!]!.length;
  const columns = new Map<string, Column>();
  for (const name of names) {
    const values = arrays[name]!;
    if (values.length !== rows)
      throw new InputError(
        `has ${values.length} values, but '${names[0]}' has ${rows}; give columns of one length`,
        { file: source, column: name },
      );
    columns.set(name, columnFromArray(name, values, source));
  }
  return { rows, columns, source };
}

function columnFromArray(name: string, values: ColumnValues, source: string): Column {
  const cells = Array.from(values as ArrayLike<number | string | boolean | null | undefined>);
  const given = cells.filter((cell) => cell !== null && cell !== undefined);
  if (given.every((cell) => typeof cell === "number"))
    return numericColumn(
      name,
      Float64Array.from(cells, (cell) => (cell as number | null) ?? Number.NaN),
    );
  if (given.some((cell) => typeof cell === "number"))
    throw new InputError("mixes numbers and texts; give all of them as texts", {
      file: source,
      column: name,
    });
  return factorFromTexts(
    name,
    cells.map((cell) =>
      cell === null ? undefined : typeof cell === "boolean" ? (cell ? "TRUE" : "FALSE") : cell,
    ) as (string | undefined)[],
  );
}

function numericColumn(name: string, values: Float64Array): Column {
  const invalid = new Map<number, string>();
  values.forEach((value, row) => {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
      invalid.set(row, String(value));
  });
  return { type: "numeric", name, values, ...(invalid.size > 0 && { invalid }) };
}
