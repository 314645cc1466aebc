/** Bytes (UTF-8) of a text that the API takes at most (its message: "exceeded limit (20480)"). */
export const TEXT_LIMIT = 20_480;

const encoder = new TextEncoder();

export const byteLength = (text: string): number => encoder.encode(text).length;

/** The longest beginning of a text of at most `limit` bytes of UTF-8; no character is cut in two. */
export function cutToBytes(text: string, limit: number = TEXT_LIMIT): string {
  // encodeInto writes whole characters only, and says how many UTF-16 units it took
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(limit)).read);
}
