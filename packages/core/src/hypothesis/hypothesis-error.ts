import { InputError } from "../input-error.ts";

/**
 * An InputError that points into a hypothesis: one line with the place, the fault and the way out, then the hypothesis
 * with a caret under the place. Positions count from 1.
 */
export function hypothesisError(text: string, position: number, message: string): InputError {
  const line = text.replace(/\s/g, " ");
  return new InputError(`${message}\n  ${line}\n  ${" ".repeat(position - 1)}^`, {
    file: "hypothesis",
    column: position,
  });
}
