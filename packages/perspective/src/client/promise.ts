import { Cause, Effect, Exit, type Redacted } from "effect";
import { FetchHttpClient } from "effect/http";
import { type JudgeOptions, makeJudge } from "../providers/judge/judge.ts";
import type { ScoreRequest, Scorer, TextScores } from "../scorer.ts";
import { type ClientOptions, makeClient } from "./client.ts";
import { redactedKey, SCORER_KEY_VARIABLE } from "./key.ts";

export interface PromiseClient {
  readonly provider: string;
  /** Rejects with a `ScoringError`: an Error whose `_tag` is the reason, and which says whether it is `permanent`. */
  score(text: string, request: ScoreRequest, signal?: AbortSignal): Promise<TextScores>;
}

/** A key as text is held redacted. */
type WithPlainKey<Options> = Omit<Options, "key"> & { readonly key?: string | Redacted.Redacted<string> };

/** Any scorer for those who do not use Effect. */
export function promised(scorer: Scorer): PromiseClient {
  return {
    provider: scorer.provider,
    async score(text, request, signal) {
      const exit = await Effect.runPromiseExit(scorer.score(text, request), signal ? { signal } : {});
      if (Exit.isSuccess(exit)) return exit.value;
      throw Cause.squash(exit.cause);
    },
  };
}

/** Perspective, or a host that speaks its format, for those who do not use Effect. */
export function perspective({ key, ...options }: WithPlainKey<ClientOptions> = {}): PromiseClient {
  const redacted = typeof key === "string" ? redactedKey(key) : key;
  const client = makeClient({ ...options, ...(redacted !== undefined && { key: redacted }) });
  return promised(Effect.runSync(client.pipe(Effect.provide(FetchHttpClient.layer))));
}

/** The judge for those who do not use Effect; an empty key is none. */
export function judge({ key, ...options }: WithPlainKey<JudgeOptions>): PromiseClient {
  const redacted = typeof key === "string" && key !== "" ? redactedKey(key, SCORER_KEY_VARIABLE) : key;
  const made = makeJudge({ ...options, ...(typeof redacted === "object" && { key: redacted }) });
  return promised(Effect.runSync(made.pipe(Effect.provide(FetchHttpClient.layer))));
}
