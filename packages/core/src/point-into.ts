/** Most characters of a text that are shown on each side of the place. */
const AROUND = 40;

/** A place in a text as a person sees it. */
export interface PlaceShown {
  /** In characters, from 1. */
  readonly column: number;
  /** The text, or of a long one the piece around the place; line breaks and tabs are blanks. */
  readonly piece: string;
  /** Two lines: the piece, and a caret under the place. */
  readonly pointer: string;
}

/** `position` counts UTF-16 code units from 1. */
export function pointInto(text: string, position: number): PlaceShown {
  const before = Array.from(text.slice(0, position - 1), flat);
  const after = Array.from(text.slice(position - 1), flat);
  const start = before.length > AROUND + 1 ? `…${before.slice(-AROUND).join("")}` : before.join("");
  const end = after.length > AROUND + 1 ? `${after.slice(0, AROUND).join("")}…` : after.join("");
  const piece = start + end.trimEnd();
  return {
    column: before.length + 1,
    piece,
    pointer: `${piece}\n${" ".repeat(Array.from(start).length)}^`,
  };
}

/** A caret stands under its character only where none is wider than one place. */
const flat = (character: string): string => (/\s/.test(character) ? " " : character);
