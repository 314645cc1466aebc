import { InputError } from "../input-error.ts";

/** Most characters of a formula that a message repeats, on each side of the place. */
const AROUND = 40;

/**
 * An InputError that points into a formula: `formula, position 9: no such column: 'y ~ x + z'`, with a pointer of two lines, the
 * formula and a caret under the place. Of a long formula both show the piece around it. `position` counts UTF-16 code units from 1;
 * the place shown counts characters.
 */
export function formulaError(text: string, position: number, message: string): InputError {
  const before = Array.from(text.slice(0, position - 1), flat);
  const after = Array.from(text.slice(position - 1), flat);
  const start = before.length > AROUND + 1 ? `…${before.slice(-AROUND).join("")}` : before.join("");
  const end = after.length > AROUND + 1 ? `${after.slice(0, AROUND).join("")}…` : after.join("");
  const piece = start + end.trimEnd();
  return new InputError(
    `${message}: '${piece.replace(/\s+/g, " ").trim()}'`,
    { file: "formula", column: characterAt(text, position) },
    `${piece}\n${" ".repeat(Array.from(start).length)}^`,
  );
}

/** A place in UTF-16 code units as one in characters, both from 1. */
export const characterAt = (text: string, position: number): number =>
  Array.from(text.slice(0, position - 1)).length + 1;

/** Line breaks and tabs as blanks, so that a caret stands under its character. */
const flat = (character: string): string => (/\s/.test(character) ? " " : character);
