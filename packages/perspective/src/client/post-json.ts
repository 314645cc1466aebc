import { Effect, Redacted } from "effect";
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http";
import { NetworkError } from "./errors.ts";
import { type Authorization, withoutKey } from "./key.ts";

export interface Answer {
  readonly status: number;
  /** Without the key, should the service repeat it. */
  readonly body: string;
  /** Seconds, where the service says when to come back. */
  readonly retryAfter?: number;
}

export interface Caller {
  readonly key?: Redacted.Redacted<string>;
  readonly authorization: Authorization;
  /** Seconds for one answer. */
  readonly timeout: number;
}

/** One request. Whatever the transport threw is left out of the error: it knows the address, and so perhaps the key. */
export function postJson(
  http: HttpClient.HttpClient,
  url: string,
  body: object,
  { key, authorization, timeout }: Caller,
): Effect.Effect<Answer, NetworkError> {
  const plain = HttpClientRequest.post(url).pipe(HttpClientRequest.bodyJsonUnsafe(body));
  return http.execute(authorized(plain, key, authorization)).pipe(
    Effect.flatMap((response) =>
      Effect.map(response.text, (text): Answer => {
        const retryAfter = secondsToWait(response.headers);
        return {
          status: response.status,
          body: withoutKey(text, key),
          ...(retryAfter !== undefined && { retryAfter }),
        };
      }),
    ),
    Effect.mapError((error) => new NetworkError({ message: networkMessage(error.reason) })),
    // spans would carry the address
    Effect.provideService(HttpClient.TracerDisabledWhen, () => true),
    // fetch would take the key along to whatever host it is sent on to
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" }),
    Effect.timeoutOrElse({
      duration: timeout * 1000,
      orElse: () => Effect.fail(new NetworkError({ message: `no answer within ${timeout} s` })),
    }),
  );
}

function authorized(
  request: HttpClientRequest.HttpClientRequest,
  key: Redacted.Redacted<string> | undefined,
  authorization: Authorization,
): HttpClientRequest.HttpClientRequest {
  if (key === undefined || authorization.in === "none") return request;
  const value = Redacted.value(key);
  if (authorization.in === "query") return HttpClientRequest.setUrlParam(request, authorization.name, value);
  if (authorization.in === "bearer") return HttpClientRequest.bearerToken(request, value);
  return HttpClientRequest.setHeader(request, authorization.name, value);
}

/** `Retry-After` in seconds, or OpenAI's finer `retry-after-ms`; a date there is passed over. */
function secondsToWait(headers: Readonly<Record<string, string | undefined>>): number | undefined {
  const fine = Number(headers["retry-after-ms"]) / 1000;
  const seconds = fine > 0 ? fine : Number(headers["retry-after"]);
  return seconds > 0 ? seconds : undefined;
}

/** The system's code (ECONNREFUSED) alone. */
function networkMessage(reason: unknown): string {
  for (let error: unknown = reason; error instanceof Object; error = (error as { cause?: unknown }).cause) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === "string" && /^[A-Z0-9_]+$/.test(code)) return `no answer (${code})`;
  }
  return "no answer, or the connection broke";
}
