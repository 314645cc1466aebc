import { InputError } from "@bridgewise/core";
import { Redacted } from "effect";

/** Where Perspective's key is looked for; it goes to Google alone. */
export const KEY_VARIABLE = "PERSPECTIVE_API_KEY";
/** Where the key of any other host is looked for. */
export const SCORER_KEY_VARIABLE = "BRIDGEWISE_SCORER_API_KEY";

/** How the key goes with a request. */
export type Authorization =
  | { readonly in: "header"; readonly name: string }
  | { readonly in: "bearer" }
  | { readonly in: "query"; readonly name: string }
  | { readonly in: "none" };

/** A header keeps the key out of addresses, and so out of what logs addresses. */
export const HEADER: Authorization = { in: "header", name: "X-Goog-Api-Key" };
export const QUERY: Authorization = { in: "query", name: "key" };

/** What a person without a key is told. */
export const NO_KEY = [
  `no key: set ${KEY_VARIABLE} to a key of the Perspective API.`,
  "New keys are no longer given (since about February 2026), and the service ends with 2026.",
  "Without a key: (1) import scores that others made: bridgewise scores import FILE;",
  "(2) score at a host that speaks Perspective's format: --base-url URL; or with --scorer judge|onnx|prism-moderation;",
  "(3) use a scores file made by any other scorer: bridgewise prism table --scores FILE",
].join(" ");

/**
 * The key as a value that prints as `<redacted>`, with the name of the variable that it came from; one that no header
 * could carry is an InputError, which does not show it.
 */
export function redactedKey(
  key: string | undefined,
  variable: string = KEY_VARIABLE,
): Redacted.Redacted<string> {
  const trimmed = key?.trim() ?? "";
  if (trimmed === "")
    throw new InputError(
      variable === KEY_VARIABLE ? NO_KEY : `no key: the variable ${variable} is not set or empty`,
    );
  if (!/^[\x21-\x7e]+$/.test(trimmed))
    throw new InputError(
      `${variable} holds spaces, line ends or letters beyond ASCII, which no key does; copy it again`,
    );
  return Redacted.make(trimmed, { label: variable });
}

/** A text without the key, plain or as an address has it. */
export function withoutKey(text: string, key: Redacted.Redacted<string> | undefined): string {
  if (key === undefined) return text;
  const value = Redacted.value(key);
  const forms = [value, encodeURIComponent(value), new URLSearchParams({ k: value }).toString().slice(2)];
  return forms.reduce((clean, form) => clean.replaceAll(form, "<redacted>"), text);
}
