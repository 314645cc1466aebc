import { InputError } from "../input-error.ts";
import { pointInto } from "../point-into.ts";

/**
 * An InputError that points into a hypothesis: one line with the place, the fault and the way out, and a pointer of two lines, the
 * hypothesis and a caret under the place. `position` counts UTF-16 code units from 1.
 */
export function hypothesisError(text: string, position: number, message: string): InputError {
  const { column, pointer } = pointInto(text, position);
  return new InputError(message, { file: "hypothesis", column }, pointer);
}
