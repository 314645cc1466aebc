import { InputError, type InputPlace } from "../input-error.ts";

/** One line of a JSON Lines file, which holds an object. */
export function parseJsonLine(line: string, place: InputPlace): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(/\s+/g, " ") : String(error);
    throw new InputError(`is not valid JSON (${why}); each line holds one object`, place);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new InputError("holds no JSON object; each line holds one, as {...}", place);
}
