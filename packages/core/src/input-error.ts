/** Where a piece of bad input stands. Lines and columns count from 1. */
export interface InputPlace {
  readonly file?: string;
  readonly line?: number;
  /** Row of a table that has no lines (Parquet), from 1. */
  readonly row?: number;
  /** A column's name (tables) or a position in a text (formulas). */
  readonly column?: string | number;
}

/**
 * Input that a person has to mend: one message that names the place, the value and the way out.
 * Programs show `message` as it is and end with status 2: one line, which a text with a caret under the place may follow.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly place: InputPlace;
  /** Two lines to be shown under the message: a piece of the input, and a caret under the place. */
  readonly pointer?: string;

  constructor(message: string, place: InputPlace = {}, pointer?: string) {
    super(`${describePlace(place)}${message}`);
    this.place = place;
    if (pointer !== undefined) this.pointer = pointer;
  }
}

function describePlace({ file, line, row, column }: InputPlace): string {
  const parts: string[] = [];
  if (file !== undefined) parts.push(file);
  if (line !== undefined) parts.push(`line ${line}`);
  if (row !== undefined) parts.push(`row ${row}`);
  if (column !== undefined)
    parts.push(typeof column === "number" ? `position ${column}` : `column '${column}'`);
  return parts.length === 0 ? "" : `${parts.join(", ")}: `;
}
