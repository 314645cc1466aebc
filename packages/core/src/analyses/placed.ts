import { InputError } from "../input-error.ts";
import type { YamlValue } from "./yaml-text.ts";

/** What a parser of formulas, priors and hypotheses puts before its message. */
const PLACE = /^(?:formula|prior|hypothesis)(?:, position \d+)?: /;

/** The message alone, without the place in the text that was parsed. */
export const withoutPlace = ({ message }: InputError): string => message.replace(PLACE, "");

/**
 * What `parse` makes of a text of a plan; its InputErrors stand at the plan's line and column instead. `text` is `value`'s, or was
 * made from it by filling in its templates.
 */
export function parsePlaced<T>(value: YamlValue, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof InputError && PLACE.test(error.message))) throw error;
    const { column } = error.place;
    // only a text that is in the file as it was parsed has its places there
    const within = typeof column === "number" && value.plain() === text ? column - 1 : 0;
    const offset = value.offset + Array.from(text).slice(0, within).join("").length;
    throw value.document.error(offset, `${value.name}: ${withoutPlace(error)}`);
  }
}
