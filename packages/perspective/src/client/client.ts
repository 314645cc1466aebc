import type { InputError } from "@bridgewise/core";
import { Clock, Effect, type Redacted } from "effect";
import { HttpClient } from "effect/http";
import { apiName, attributeName } from "../attributes.ts";
import { ownProvider, PERSPECTIVE } from "../provider-name.ts";
import type { ScoreRequest, Scorer, TextScores } from "../scorer.ts";
import { classifyAnswer } from "./classify.ts";
import { MalformedResponse, type ScoringError } from "./errors.ts";
import { type Authorization, HEADER } from "./key.ts";
import { postJson } from "./post-json.ts";
import { makeQuota, type Quota } from "./quota.ts";
import { readResponse } from "./response.ts";
import { serviceUrl } from "./service-url.ts";
import { withinLimit } from "./text-limit.ts";
import { tryAgain } from "./try-again.ts";

export const GOOGLE = "https://commentanalyzer.googleapis.com";
const PATH = "/v1alpha1/comments:analyze";

export interface ClientOptions {
  /** See `redactedKey`. */
  readonly key?: Redacted.Redacted<string>;
  /** Google's unless told; the path of AnalyzeComment is added, unless it ends with one of its own (`.../analyze`). */
  readonly baseUrl?: string;
  /** Default: the key in the header X-Goog-Api-Key. */
  readonly authorization?: Authorization;
  /** Name of the provider in the store; "perspective" for Google's address, else the host's; that name is Google's alone. */
  readonly provider?: string;
  /** Requests a second; 1 is Perspective's own quota. */
  readonly rate?: number;
  /** Instead of a rate: one quota for several clients. */
  readonly quota?: Quota;
  /** Tries of one request in all, where what failed may pass; default 6. */
  readonly tries?: number;
  /** Seconds for one answer; default 30. */
  readonly timeout?: number;
  /** Whether the service may keep the texts; false unless told, so that `doNotStore` is sent. */
  readonly mayStore?: boolean;
  /** Cut texts of more than 20,480 bytes at a character, and say so; default: they are an error. */
  readonly cut?: boolean;
}

/** A scorer that asks AnalyzeComment, at Google or at a host that speaks its format. */
export const makeClient = (
  options: ClientOptions = {},
): Effect.Effect<Scorer & { readonly quota: Quota }, InputError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const http = yield* HttpClient.HttpClient;
    const { url, provider } = yield* Effect.try({
      try: () => {
        const url = analyzeUrl(options.baseUrl ?? GOOGLE);
        return { url, provider: providerOf(url, options.provider) };
      },
      catch: (error) => error as InputError,
    });
    const quota = options.quota ?? makeQuota(options.rate ?? 1);
    const { tries = 6, timeout = 30, authorization = HEADER } = options;
    const caller = { authorization, timeout, ...(options.key !== undefined && { key: options.key }) };
    const google = new URL(url).origin === GOOGLE;
    const keyName = options.key?.label ?? "the key";

    const attempt = (text: string, request: ScoreRequest): Effect.Effect<TextScores, ScoringError> =>
      Effect.gen(function* () {
        const began = yield* quota.take;
        const question = analyzeBody(text, request, options.mayStore === true);
        const { status, body, retryAfter } = yield* postJson(http, url, question, caller);
        if (status !== 200) {
          const error = classifyAnswer(status, body, retryAfter);
          if (error._tag === "quota") yield* quota.refused(began, error.retryAfter);
          return yield* Effect.fail(error);
        }
        const scoredAt = new Date(yield* Clock.currentTimeMillis).toISOString();
        const scores = readResponse(body, request, scoredAt);
        if (scores === undefined)
          return yield* new MalformedResponse({
            message: "the answer is no response of AnalyzeComment",
            status,
          });
        yield* quota.succeeded;
        return scores;
      });

    return {
      provider,
      quota,
      advice: {
        "bad-key": google ? `check ${keyName}; new keys are no longer given` : `check ${keyName}`,
        gone: google
          ? "Perspective ends with 2026; the store keeps what is scored"
          : "check --base-url; the store keeps what is scored",
        attribute: "ask for attributes that this service has",
      },
      score: (text, request) =>
        withinLimit(text, options.cut === true, (taken) => tryAgain(attempt(taken, request), tries)),
    };
  });

/** AnalyzeComment's request; no thresholds, which would hide scores. */
export function analyzeBody(text: string, request: ScoreRequest, mayStore: boolean): object {
  return {
    comment: { text, type: "PLAIN_TEXT" },
    requestedAttributes: Object.fromEntries(request.attributes.map((a) => [apiName(attributeName(a)), {}])),
    languages: [request.language],
    doNotStore: !mayStore,
    ...(request.spans === true && { spanAnnotations: true }),
  };
}

function analyzeUrl(base: string): string {
  const { origin, path } = serviceUrl(base);
  return origin + (/analy[sz]e$/.test(path) ? path : path + PATH);
}

/** Google's address is Perspective; every other is a provider of its own, by its host unless named, and never "perspective". */
function providerOf(url: string, name: string | undefined): string {
  const { origin, host } = new URL(url);
  if (origin === GOOGLE) return name ?? PERSPECTIVE;
  return name === undefined ? host : ownProvider(name);
}
