import { InputError } from "@bridgewise/core";
import { Clock, Effect, Random, Redacted } from "effect";
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http";
import { apiName, attributeName } from "../attributes.ts";
import type { ScoreRequest, Scorer, TextScores } from "../scorer.ts";
import { classifyAnswer } from "./classify.ts";
import { MalformedResponse, NetworkError, type ScoringError, TextEmpty, TextTooLong } from "./errors.ts";
import { type Authorization, HEADER, withoutKey } from "./key.ts";
import { makeQuota, type Quota } from "./quota.ts";
import { readResponse } from "./response.ts";
import { byteLength, cutToBytes, TEXT_LIMIT } from "./text-limit.ts";

export const GOOGLE = "https://commentanalyzer.googleapis.com";
const PATH = "/v1alpha1/comments:analyze";

export interface ClientOptions {
  /** See `redactedKey`. */
  readonly key?: Redacted.Redacted<string>;
  /** Google's unless told; the path of AnalyzeComment is added, unless it ends with one of its own (`.../analyze`). */
  readonly baseUrl?: string;
  /** Default: the key in the header X-Goog-Api-Key. */
  readonly authorization?: Authorization;
  /** Name of the provider in the store; "perspective" for Google's address, else "perspective:" and the host. */
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

/** Seconds before the second try, doubled for each further one, at most LONGEST_WAIT; times 0.5 to 1.5. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 60;

/** A scorer that asks AnalyzeComment, at Google or at a host that speaks its format. */
export const makeClient = (
  options: ClientOptions = {},
): Effect.Effect<Scorer & { readonly quota: Quota }, InputError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const http = yield* HttpClient.HttpClient;
    const url = yield* Effect.try({
      try: () => analyzeUrl(options.baseUrl ?? GOOGLE),
      catch: (error) => error as InputError,
    });
    const provider = options.provider ?? providerOf(url);
    const quota = options.quota ?? makeQuota(options.rate ?? 1);
    const { tries = 6, timeout = 30 } = options;

    const attempt = (text: string, request: ScoreRequest): Effect.Effect<TextScores, ScoringError> =>
      Effect.gen(function* () {
        const began = yield* quota.take;
        const { status, body, retryAfter } = yield* send(http, url, text, request, options).pipe(
          Effect.timeoutOrElse({
            duration: timeout * 1000,
            orElse: () => Effect.fail(new NetworkError({ message: `no answer within ${timeout} s` })),
          }),
        );
        if (status !== 200) {
          const error = classifyAnswer(status, withoutKey(body, options.key), retryAfter);
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

    const tryFrom = (
      text: string,
      request: ScoreRequest,
      tried: number,
    ): Effect.Effect<TextScores, ScoringError> =>
      attempt(text, request).pipe(
        Effect.catchIf(
          (error) => !error.permanent && tried + 1 < tries,
          (error) =>
            // a refusal has moved the quota's next turn
            (error._tag === "quota" ? Effect.void : pause(tried)).pipe(
              Effect.andThen(tryFrom(text, request, tried + 1)),
            ),
        ),
      );

    const score: Scorer["score"] = (text, request) => {
      if (text.trim() === "") return Effect.fail(new TextEmpty({ message: "the text is empty" }));
      const bytes = byteLength(text);
      if (bytes <= TEXT_LIMIT) return tryFrom(text, request, 0);
      if (options.cut !== true) {
        const message = `the text has ${bytes.toLocaleString("en")} bytes, at most ${TEXT_LIMIT.toLocaleString("en")} are taken`;
        return Effect.fail(new TextTooLong({ message }));
      }
      const beginning = cutToBytes(text);
      return tryFrom(beginning, request, 0).pipe(
        Effect.map((scores) => ({ ...scores, cutToBytes: byteLength(beginning) })),
      );
    };
    return { provider, score, quota };
  });

const pause = (tried: number): Effect.Effect<void> =>
  Effect.flatMap(Random.next, (random) =>
    Effect.sleep(1000 * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tried) * (0.5 + random)),
  );

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: number;
}

/** One request. Whatever the transport threw is left out of the error: it knows the address, and so perhaps the key. */
function send(
  http: HttpClient.HttpClient,
  url: string,
  text: string,
  request: ScoreRequest,
  options: ClientOptions,
): Effect.Effect<Answer, NetworkError> {
  const body = analyzeBody(text, request, options.mayStore === true);
  const plain = HttpClientRequest.post(url).pipe(HttpClientRequest.bodyJsonUnsafe(body));
  return http.execute(authorized(plain, options)).pipe(
    Effect.flatMap((response) =>
      Effect.map(response.text, (answer): Answer => {
        const seconds = Number(response.headers["retry-after"]);
        return {
          status: response.status,
          body: answer,
          ...(seconds > 0 && { retryAfter: seconds }),
        };
      }),
    ),
    Effect.mapError((error) => new NetworkError({ message: networkMessage(error.reason) })),
    // spans would carry the address
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    // fetch would take the key along to whatever host it is sent on to
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
  );
}

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

function authorized(
  request: HttpClientRequest.HttpClientRequest,
  { key, authorization = HEADER }: ClientOptions,
): HttpClientRequest.HttpClientRequest {
  if (key === undefined || authorization.in === "none") return request;
  const value = Redacted.value(key);
  if (authorization.in === "query") return HttpClientRequest.setUrlParam(request, authorization.name, value);
  if (authorization.in === "bearer") return HttpClientRequest.bearerToken(request, value);
  return HttpClientRequest.setHeader(request, authorization.name, value);
}

/** The system's code (ECONNREFUSED) alone. */
function networkMessage(reason: unknown): string {
  for (let error: unknown = reason; error instanceof Object; error = (error as { cause?: unknown }).cause) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string" && /^[A-Z0-9_]+$/.test(code)) return `no answer (${code})`;
  }
  return "no answer, or the connection broke";
}

function analyzeUrl(base: string): string {
  const wayOut = "give an address as https://host/path";
  let url: URL;
  try {
    url = new URL(base);
  } catch {
    throw new InputError(`the base URL is no address; ${wayOut}`);
  }
  if (!/^https?:$/.test(url.protocol))
    throw new InputError(`the base URL begins with ${url.protocol}; ${wayOut}`);
  // neither is shown: it may be a key
  if (url.search !== "" || url.username !== "" || url.password !== "" || url.hash !== "")
    throw new InputError(
      "the base URL holds a query or a password; the key comes from the environment alone",
    );
  const path = url.pathname.replace(/\/+$/, "");
  return url.origin + (/analy[sz]e$/.test(path) ? path : path + PATH);
}

function providerOf(url: string): string {
  return url === GOOGLE + PATH ? "perspective" : `perspective:${new URL(url).host}`;
}
