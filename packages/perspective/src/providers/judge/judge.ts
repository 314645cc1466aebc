import { InputError } from "@bridgewise/core";
import { Clock, Effect, type Redacted } from "effect";
import { HttpClient } from "effect/http";
import { attributeName } from "../../attributes.ts";
import {
  AttributeNotSupported,
  MalformedResponse,
  type ScoringError,
  SettingRefused,
  UnusableAnswer,
} from "../../client/errors.ts";
import type { Authorization } from "../../client/key.ts";
import { postJson } from "../../client/post-json.ts";
import { makeQuota, type Quota } from "../../client/quota.ts";
import { serviceUrl } from "../../client/service-url.ts";
import { withinLimit } from "../../client/text-limit.ts";
import { tryAgain } from "../../client/try-again.ts";
import { ownProvider } from "../../provider-name.ts";
import type { AttributeFailure, AttributeScore, ScoreRequest, Scorer, TextScores } from "../../scorer.ts";
import { classifyChat, errorWithin } from "./classify-chat.ts";
import { type AnswerFormat, judgeBody } from "./prompt.ts";
import { readAnswer } from "./read-answer.ts";
import { JUDGED, RUBRIC_VERSION } from "./rubrics.ts";

export interface JudgeOptions {
  /** An OpenAI-compatible host's address, as `https://api.openai.com/v1`; chat/completions is added. */
  readonly baseUrl: string;
  /** The model, as the host names it. */
  readonly model: string;
  /** None for hosts without keys. */
  readonly key?: Redacted.Redacted<string>;
  /** Default: `Authorization: Bearer`. */
  readonly authorization?: Authorization;
  /** In place of "judge", host and model in the provider's name; the rubrics' version is always added. */
  readonly provider?: string;
  /** Requests a second; default 1. */
  readonly rate?: number;
  /** Instead of a rate: one quota for several scorers. */
  readonly quota?: Quota;
  /** Tries of one request in all, while the host is away or refuses; default 6. */
  readonly tries?: number;
  /** Answers of the model that are asked for in all, where those that come are unusable; default 3. */
  readonly answers?: number;
  /** Tokens of one answer at most; default 200, which models that think aloud exceed. */
  readonly maxTokens?: number;
  /** Seconds for one answer; default 60. */
  readonly timeout?: number;
  /** Cut texts of more than 20,480 bytes at a character, and say so; default: they are an error. */
  readonly cut?: boolean;
}

/** Texts in a row without one usable answer after which the model counts as unable. */
const UNABLE = 20;

/**
 * A language model as the judge, over any OpenAI-compatible chat/completions: temperature 0, a rubric for each
 * attribute, an answer of a fixed form. One request for each attribute: asked for all at once, a model's scores lean
 * on each other (a halo), and the analyses are about how the attributes differ; the price is that many requests, of
 * which the rubric, the same for all texts, is the part that hosts keep ready.
 */
export const makeJudge = (
  options: JudgeOptions,
): Effect.Effect<Scorer & { readonly quota: Quota }, InputError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const http = yield* HttpClient.HttpClient;
    const { url, provider } = yield* Effect.try({
      try: () => ({ url: completionsUrl(options.baseUrl), provider: judgeProvider(options) }),
      catch: (error) => error as InputError,
    });
    const { model, tries = 6, answers = 3, maxTokens = 200, timeout = 60 } = options;
    const { key, authorization = { in: "bearer" } } = options;
    const quota = options.quota ?? makeQuota(options.rate ?? 1);
    const caller = { authorization, timeout, ...(key !== undefined && { key }) };
    let format: AnswerFormat = "json_schema";
    let unusableInARow = 0;

    /** One request; an answer without a score is an UnusableAnswer, which `ask` asks for again. */
    const request = (text: string, attribute: string): Effect.Effect<Judged, ScoringError> =>
      Effect.gen(function* () {
        const began = yield* quota.take;
        const asked = format;
        const question = judgeBody({ model, attribute, text, format: asked, maxTokens });
        const answer = yield* postJson(http, url, question, caller);
        const status = answer.status === 200 ? (errorWithin(answer.body) ?? 200) : answer.status;
        if (status !== 200) {
          const error = classifyChat(status, answer.body, answer.retryAfter);
          if (error._tag === "format-refused") {
            // several requests may have been under way with the schema
            if (asked === "json_schema") {
              format = "json_object";
              return yield* request(text, attribute);
            }
            return yield* new SettingRefused({
              message: `the host takes neither json_schema nor json_object as response_format: ${error.message}`,
              status,
            });
          }
          if (error._tag === "quota") yield* quota.refused(began, error.retryAfter);
          return yield* Effect.fail(error);
        }
        const read = readAnswer(answer.body);
        if (read.kind === "malformed")
          return yield* new MalformedResponse({
            message: "the answer is no response of chat/completions",
            status,
          });
        yield* quota.succeeded;
        if (read.kind === "unusable") return yield* new UnusableAnswer({ message: read.why, fatal: false });
        const scoredAt = new Date(yield* Clock.currentTimeMillis).toISOString();
        const answered = read.model ?? model;
        return {
          score: read.score,
          model: asked === "json_schema" ? answered : `${answered} (${asked})`,
          scoredAt,
        };
      });

    const ask = (text: string, attribute: string, left: number): Effect.Effect<Judged, ScoringError> =>
      tryAgain(request(text, attribute), tries).pipe(
        Effect.catchIf(
          (error) => error._tag === "unusable" && left > 1,
          () => ask(text, attribute, left - 1),
        ),
      );

    const judge = (text: string, wanted: ScoreRequest): Effect.Effect<TextScores, ScoringError> =>
      Effect.gen(function* () {
        const found: TextScores[] = [];
        const failures: ScoringError[] = [];
        const failed: AttributeFailure[] = [];
        for (const attribute of wanted.attributes.map(attributeName)) {
          if (!JUDGED.includes(attribute))
            return yield* new AttributeNotSupported({ message: `the judge has no rubric of ${attribute}` });
          const judged = yield* ask(text, attribute, answers).pipe(
            Effect.catchIf(
              (error) => error.permanent && !error.fatal,
              (error) => Effect.succeed(error),
            ),
          );
          if ("score" in judged) {
            unusableInARow = 0;
            const scores = asScores(attribute, judged);
            found.push(scores);
            if (wanted.keep !== undefined) yield* wanted.keep(scores);
          } else {
            failures.push(judged);
            failed.push({ attribute, reason: judged._tag, message: judged.message });
          }
        }
        const last = found.at(-1);
        if (last === undefined) return yield* Effect.fail(nothingFound(failures));
        return { ...last, scores: found.flatMap(({ scores }) => scores), failed };
      });

    /** Why a text has no score at all; where that goes on and on, it is not the texts. */
    const nothingFound = (failures: readonly ScoringError[]): ScoringError => {
      const [first] = failures;
      if (first === undefined) return new AttributeNotSupported({ message: "no attribute is asked for" });
      if (first._tag !== "unusable" || ++unusableInARow < UNABLE) return first;
      unusableInARow = 0;
      const message = `${UNABLE} texts in a row brought no usable answer (${first.message})`;
      return new UnusableAnswer({ message, fatal: true });
    };

    return {
      provider,
      quota,
      advice: {
        "bad-key": key === undefined ? "this host wants a key" : `check ${key.label ?? "the key"}`,
        gone: "check the base URL and the model's name",
        setting: "choose another model, or a host that takes temperature 0 and max_tokens",
        attribute: `the judge has rubrics of ${JUDGED.join(", ")}`,
        unusable: "choose another model, or more tokens for its answers",
      },
      score: (text, wanted) => withinLimit(text, options.cut === true, (taken) => judge(taken, wanted)),
    };
  });

interface Judged {
  readonly score: number;
  readonly model: string;
  readonly scoredAt: string;
}

function asScores(attribute: string, { score, model, scoredAt }: Judged): TextScores {
  const named: AttributeScore = { attribute, apiAttribute: `${attribute}/rubric-${RUBRIC_VERSION}`, score };
  return { scores: [named], missing: [], languages: [], detectedLanguages: [], model, scoredAt };
}

/** `judge:HOST/MODEL:rubric-1`: another host, model or wording is another provider. */
function judgeProvider({ baseUrl, model, provider }: JudgeOptions): string {
  if (model.trim() === "") throw new InputError("the judge needs a model, named as its host names it");
  const name = provider === undefined ? `judge:${new URL(baseUrl).host}/${model}` : ownProvider(provider);
  return `${name}:rubric-${RUBRIC_VERSION}`;
}

function completionsUrl(base: string): string {
  const { origin, path } = serviceUrl(base);
  if (path.endsWith("/chat/completions")) return origin + path;
  return `${origin}${path === "" ? "/v1" : path}/chat/completions`;
}
