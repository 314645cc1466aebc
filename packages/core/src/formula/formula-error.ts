import { InputError } from "../input-error.ts";
import { pointInto } from "../point-into.ts";

/**
 * An InputError that points into a formula: `formula, position 9: no such column: 'y ~ x + z'`, with a pointer of two lines, the
 * formula and a caret under the place. `position` counts UTF-16 code units from 1; the place shown counts characters.
 */
export function formulaError(text: string, position: number, message: string): InputError {
  const { column, piece, pointer } = pointInto(text, position);
  return new InputError(
    `${message}: '${piece.replace(/\s+/g, " ").trim()}'`,
    { file: "formula", column },
    pointer,
  );
}

/** A place in UTF-16 code units as one in characters, both from 1. */
export const characterAt = (text: string, position: number): number =>
  Array.from(text.slice(0, position - 1)).length + 1;
