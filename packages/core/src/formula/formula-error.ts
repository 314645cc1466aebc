import { InputError } from "../input-error.ts";

/** An InputError that points into a formula: `formula, position 9: no such column: 'y ~ x + z'`. Positions count from 1. */
export function formulaError(text: string, position: number, message: string): InputError {
  return new InputError(`${message}: '${text.replace(/\s+/g, " ").trim()}'`, {
    file: "formula",
    column: position,
  });
}
