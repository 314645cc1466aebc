import { InputError } from "../input-error.ts";

/** An InputError about a prior statement: `prior: the scale must be above 0, found -1: 'sd ~ cauchy(0, -1)'`. */
export function priorError(text: string, message: string): InputError {
  return new InputError(`${message}: '${text.replace(/\s+/g, " ").trim()}'`, { file: "prior" });
}
