import { Data } from "effect";

interface Failure {
  /** One line: what the service said, without addresses, keys or texts. */
  readonly message: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
}

/**
 * What can come of a request. `permanent`: the same request fails again. `fatal`: so does every other one, and
 * the run has to stop.
 */
const permanent = { permanent: true, fatal: false } as const;
const fatal = { permanent: true, fatal: true } as const;
const passing = { permanent: false, fatal: false } as const;

/** The key is missing, wrong, or may not use the service (400 API_KEY_INVALID, 401, 403). */
export class BadKey extends Data.TaggedError("bad-key")<Failure> {
  readonly permanent = fatal.permanent;
  readonly fatal = fatal.fatal;
}
/** More than 20,480 bytes. */
export class TextTooLong extends Data.TaggedError("too-long")<Failure> {
  readonly permanent = permanent.permanent;
  readonly fatal = permanent.fatal;
}
export class TextEmpty extends Data.TaggedError("empty")<Failure> {
  readonly permanent = permanent.permanent;
  readonly fatal = permanent.fatal;
}
/** The language was not recognised, or an attribute does not have it. */
export class LanguageNotSupported extends Data.TaggedError("language")<
  Failure & { readonly attribute?: string; readonly detectedLanguages?: readonly string[] }
> {
  readonly permanent = permanent.permanent;
  readonly fatal = permanent.fatal;
}
/** An attribute that the service does not have, or none at all: every text would fail alike. */
export class AttributeNotSupported extends Data.TaggedError("attribute")<Failure> {
  readonly permanent = fatal.permanent;
  readonly fatal = fatal.fatal;
}
/** Any other 4xx. */
export class RequestRefused extends Data.TaggedError("refused")<Failure> {
  readonly permanent = permanent.permanent;
  readonly fatal = permanent.fatal;
}
/** A part of every request (the model, the temperature) that the service does not take. */
export class SettingRefused extends Data.TaggedError("setting")<Failure> {
  readonly permanent = fatal.permanent;
  readonly fatal = fatal.fatal;
}
/**
 * A model's answers to the text, all of several, that hold no score: no JSON, out of range, cut, a refusal. `fatal`:
 * so it went with many texts in a row, and the model cannot do it.
 */
export class UnusableAnswer extends Data.TaggedError("unusable")<Failure & { readonly fatal: boolean }> {
  readonly permanent = true;
}
/** There is nothing at this address, or no longer (404, 410), or elsewhere (3xx, which is not followed). */
export class ServiceGone extends Data.TaggedError("gone")<Failure> {
  readonly permanent = fatal.permanent;
  readonly fatal = fatal.fatal;
}
/** 429. */
export class QuotaExceeded extends Data.TaggedError("quota")<
  Failure & {
    /** Seconds, where the service says when to come back. */
    readonly retryAfter?: number;
  }
> {
  readonly permanent = passing.permanent;
  readonly fatal = passing.fatal;
}
/** 5xx and 408. */
export class ServerError extends Data.TaggedError("server")<Failure> {
  readonly permanent = passing.permanent;
  readonly fatal = passing.fatal;
}
/** No answer, or not the whole of it. */
export class NetworkError extends Data.TaggedError("network")<Failure> {
  readonly permanent = passing.permanent;
  readonly fatal = passing.fatal;
}
/** An answer of status 200 that is no response of AnalyzeComment. */
export class MalformedResponse extends Data.TaggedError("malformed")<Failure> {
  readonly permanent = passing.permanent;
  readonly fatal = passing.fatal;
}

export type ScoringError =
  | BadKey
  | TextTooLong
  | TextEmpty
  | LanguageNotSupported
  | AttributeNotSupported
  | RequestRefused
  | SettingRefused
  | UnusableAnswer
  | ServiceGone
  | QuotaExceeded
  | ServerError
  | NetworkError
  | MalformedResponse;

export type ScoringErrorReason = ScoringError["_tag"];
