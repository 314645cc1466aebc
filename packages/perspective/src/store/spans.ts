import { InputError, type InputPlace, oneLine } from "@bridgewise/core";
import type { Span } from "../scorer.ts";

/** Spans as the store and scores files keep them: JSON `[[begin, end, score]]`. */
export const writeSpans = (spans: readonly Span[]): string =>
  JSON.stringify(spans.map(({ begin, end, score }) => [begin, end, score]));

/** The cell `spans` of a scores file, checked; null where it is empty. What is none is an InputError. */
export function readSpans(given: unknown, place: InputPlace): string | null {
  if (given === undefined || given === null || given === "") return null;
  let spans: unknown = given;
  try {
    if (typeof given === "string") spans = JSON.parse(given);
  } catch {
    // no JSON, told below
  }
  if (Array.isArray(spans) && spans.every(isSpan)) return JSON.stringify(spans);
  const shown = oneLine(typeof given === "string" ? given : JSON.stringify(given));
  throw new InputError(`'${shown}' is no list of spans, expected as [[0,6,0.25]]: begin, end, score`, {
    ...place,
    column: "spans",
  });
}

function isSpan(span: unknown): boolean {
  if (!Array.isArray(span) || span.length !== 3) return false;
  const [begin, end, score] = span as unknown[];
  return (
    Number.isInteger(begin) && Number.isInteger(end) && typeof score === "number" && score >= 0 && score <= 1
  );
}
