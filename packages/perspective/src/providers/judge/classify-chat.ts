import { isObject, shorten, textOf } from "../../client/error-message.ts";
import {
  BadKey,
  QuotaExceeded,
  RequestRefused,
  type ScoringError,
  ServerError,
  ServiceGone,
  SettingRefused,
  TextTooLong,
} from "../../client/errors.ts";

/** The host does not take this `response_format`: another is tried. */
export interface FormatRefused {
  readonly _tag: "format-refused";
  readonly message: string;
}

/**
 * The error of an answer of chat/completions that is not 200. Hosts agree on the status and, more or less, on
 * `{error: {message, code, param}}`; the code is looked at first, then the message.
 */
export function classifyChat(
  status: number,
  body: string,
  retryAfter?: number,
): ScoringError | FormatRefused {
  const error = errorOf(body);
  const message = shorten(error.message ?? `status ${status} without a message`);
  const failure = { message, status };
  const is = (codes: readonly string[], pattern: RegExp): boolean =>
    (error.code !== undefined && codes.includes(error.code)) || pattern.test(message);

  // an account without money is no quota that fills up again
  if (is(["insufficient_quota", "billing_not_active"], /^you exceeded your current quota/i) || status === 402)
    return new BadKey(failure);
  if (status === 429)
    return new QuotaExceeded({ ...failure, ...(retryAfter !== undefined && { retryAfter }) });
  if (status >= 500 || status === 408) return new ServerError(failure);
  if (status === 401 || status === 403 || is(["invalid_api_key"], /^incorrect api key/i))
    return new BadKey(failure);
  if (
    status === 413 ||
    is(
      ["context_length_exceeded", "string_above_max_length"],
      /context (length|window|size)|maximum (context|input) length|too many (input )?tokens|(prompt|input|request) is too (long|large)/i,
    )
  )
    return new TextTooLong(failure);
  if (is(["content_filter", "content_policy_violation"], /content (filter|management|policy)/i))
    return new RequestRefused(failure);
  if (
    error.param?.startsWith("response_format") ||
    /response_format|json_schema|structured output/i.test(message)
  )
    return { _tag: "format-refused", message };
  if ((status >= 300 && status < 400) || status === 404 || status === 405 || status === 410)
    return new ServiceGone(failure);
  if (
    ["model", "temperature", "max_tokens"].includes(error.param ?? "") ||
    is(
      ["unsupported_value", "unsupported_parameter"],
      /unsupported (value|parameter)|temperature|max_tokens/i,
    )
  )
    return new SettingRefused(failure);
  return new RequestRefused(failure);
}

/** The error that some hosts (OpenRouter) put into an answer of status 200, with its own status as `code`. */
export function errorWithin(body: string): number | undefined {
  const { status } = errorOf(body);
  return status !== undefined && status >= 400 && status < 600 ? status : undefined;
}

interface ChatError {
  readonly message?: string;
  readonly code?: string;
  readonly param?: string;
  readonly status?: number;
}

/** `{error: {message, code, param}}`, `{error: text}` (Ollama) or `{message}`, `{detail}` (vLLM, FastAPI). */
function errorOf(body: string): ChatError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return {};
  }
  if (!isObject(parsed)) return {};
  const inner = parsed["error"];
  const error = isObject(inner) ? inner : parsed;
  const message = textOf(error["message"]) ?? textOf(inner) ?? detailOf(error["detail"]);
  const code = textOf(error["code"]) ?? textOf(error["type"]);
  const param = textOf(error["param"]);
  const status = isObject(inner) ? Number(inner["code"]) : Number.NaN;
  return {
    ...(message !== undefined && { message }),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
    ...(Number.isFinite(status) && { status }),
  };
}

/** FastAPI's list of problems also repeats the request, and so the text: only what it says of it is taken. */
function detailOf(detail: unknown): string | undefined {
  if (!Array.isArray(detail)) return textOf(detail);
  return detail
    .filter(isObject)
    .map(({ loc, msg }) =>
      `${Array.isArray(loc) ? loc.map(String).join(".") : ""} ${textOf(msg) ?? ""}`.trim(),
    )
    .join("; ");
}
