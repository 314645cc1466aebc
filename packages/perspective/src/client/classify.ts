import { isObject, type Json, shorten, textOf } from "./error-message.ts";
import {
  AttributeNotSupported,
  BadKey,
  LanguageNotSupported,
  QuotaExceeded,
  RequestRefused,
  type ScoringError,
  ServerError,
  ServiceGone,
  TextEmpty,
  TextTooLong,
} from "./errors.ts";

/**
 * The error of an answer that is not 200: by `errorType` or `reason` of its details where there are any, else by
 * its message, for details are often missing (too-long comes without them), else by its status.
 */
export function classifyAnswer(status: number, body: string, retryAfter?: number): ScoringError {
  const error = errorOf(body);
  const message = shorten(textOf(error["message"]) ?? `status ${status} without a message`);
  const failure = { message, status };
  const details = detailsOf(error);
  const types = details.flatMap((d) => [textOf(d["errorType"]), textOf(d["reason"])]);
  const is = (type: string, pattern: RegExp): boolean => types.includes(type) || pattern.test(message);

  if (status === 429 || types.includes("RATE_LIMIT_EXCEEDED"))
    return new QuotaExceeded({ ...failure, ...(retryAfter !== undefined && { retryAfter }) });
  if (status >= 500 || status === 408) return new ServerError(failure);
  if (status === 401 || status === 403 || is("API_KEY_INVALID", /^API key (not valid|expired)/i))
    return new BadKey(failure);
  if (is("COMMENT_TOO_LONG", /too many bytes|comment text (was )?too long/i)) return new TextTooLong(failure);
  if (is("COMMENT_EMPTY", /must be non-empty/i)) return new TextEmpty(failure);
  if (
    is("LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE", /does not support request languages/i) ||
    is("LANGUAGE_DETECTION_FAILED", /unable to detect language/i)
  )
    return new LanguageNotSupported({ ...failure, ...languageDetail(details) });
  if (is("NO_REQUESTED_ATTRIBUTES", /missing requested.?attributes|unknown requested attribute/i))
    return new AttributeNotSupported(failure);
  if ((status >= 300 && status < 400) || status === 404 || status === 410) return new ServiceGone(failure);
  return new RequestRefused(failure);
}

function errorOf(body: string): Json {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isObject(parsed) && isObject(parsed["error"])) return parsed["error"];
  } catch {
    // a page of a proxy, say: the status alone tells
  }
  return {};
}

function detailsOf(error: Json): readonly Json[] {
  return Array.isArray(error["details"]) ? error["details"].filter(isObject) : [];
}

function languageDetail(details: readonly Json[]): { attribute?: string; detectedLanguages?: string[] } {
  const detail = details
    .map((d) => d["languageNotSupportedByAttributeError"])
    .find((found): found is Json => isObject(found));
  if (detail === undefined) return {};
  const attribute = textOf(detail["attribute"]);
  const languages = detail["detectedLanguages"];
  return {
    ...(attribute !== undefined && { attribute }),
    ...(Array.isArray(languages) && { detectedLanguages: languages.map(String) }),
  };
}
