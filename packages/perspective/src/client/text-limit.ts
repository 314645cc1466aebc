import { Effect } from "effect";
import type { TextScores } from "../scorer.ts";
import { type ScoringError, TextEmpty, TextTooLong } from "./errors.ts";

/** Bytes (UTF-8) of a text that the API takes at most (its message: "exceeded limit (20480)"). */
export const TEXT_LIMIT = 20_480;

const encoder = new TextEncoder();

export const byteLength = (text: string): number => encoder.encode(text).length;

/** The longest beginning of a text of at most `limit` bytes of UTF-8; no character is cut in two. */
export function cutToBytes(text: string, limit: number = TEXT_LIMIT): string {
  // encodeInto writes whole characters only, and says how many UTF-16 units it took
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(limit)).read);
}

/** Scores a text that is not empty and within TEXT_LIMIT; a longer one fails, or is `cut` at a character and says so. */
export function withinLimit(
  text: string,
  cut: boolean,
  score: (text: string) => Effect.Effect<TextScores, ScoringError>,
): Effect.Effect<TextScores, ScoringError> {
  if (text.trim() === "") return Effect.fail(new TextEmpty({ message: "the text is empty" }));
  const bytes = byteLength(text);
  if (bytes <= TEXT_LIMIT) return score(text);
  if (!cut) {
    const message = `the text has ${bytes.toLocaleString("en")} bytes, at most ${TEXT_LIMIT.toLocaleString("en")} are taken`;
    return Effect.fail(new TextTooLong({ message }));
  }
  const beginning = cutToBytes(text);
  return Effect.map(score(beginning), (scores) => ({ ...scores, cutToBytes: byteLength(beginning) }));
}
