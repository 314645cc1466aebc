import { Cause, Effect, Exit, type Redacted } from "effect";
import { FetchHttpClient } from "effect/http";
import type { ScoreRequest, TextScores } from "../scorer.ts";
import { type ClientOptions, makeClient } from "./client.ts";
import { redactedKey } from "./key.ts";

export interface PromiseClient {
  readonly provider: string;
  /** Rejects with a `ScoringError`: an Error whose `_tag` is the reason, and which says whether it is `permanent`. */
  score(text: string, request: ScoreRequest, signal?: AbortSignal): Promise<TextScores>;
}

/** The client for those who do not use Effect; `key` as text (it is held redacted). */
export function perspective(
  options: Omit<ClientOptions, "key"> & { readonly key?: string | Redacted.Redacted<string> } = {},
): PromiseClient {
  const { key, ...rest } = options;
  const redacted = typeof key === "string" ? redactedKey(key) : key;
  const client = Effect.runSync(
    makeClient({ ...rest, ...(redacted !== undefined && { key: redacted }) }).pipe(
      Effect.provide(FetchHttpClient.layer),
    ),
  );
  return {
    provider: client.provider,
    async score(text, request, signal) {
      const exit = await Effect.runPromiseExit(client.score(text, request), signal ? { signal } : {});
      if (Exit.isSuccess(exit)) return exit.value;
      throw Cause.squash(exit.cause);
    },
  };
}
