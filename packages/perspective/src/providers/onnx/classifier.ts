import { Clock, Effect } from "effect";
import { attributeName } from "../../attributes.ts";
import {
  AttributeNotSupported,
  type ScoringError,
  ServerError,
  TextEmpty,
  TextTooLong,
  UnusableAnswer,
} from "../../client/errors.ts";
import { byteLength, cutToBytes } from "../../client/text-limit.ts";
import type { AttributeScore, Scorer, TextScores } from "../../scorer.ts";
import { batched } from "./batches.ts";
import { attributeOfLabel } from "./labels.ts";

/** A classifier of texts with independent labels. */
export interface TextClassifier {
  /** Which model, in which precision, run by what. */
  readonly model: string;
  /** In the order of the logits. */
  readonly labels: readonly string[];
  /** Tokens that it takes at most, the special ones counted. */
  readonly maxTokens: number;
  /** How many tokens a text has, the special ones counted. */
  readonly tokens: (text: string) => number;
  /** Logits [texts, labels], row by row. */
  readonly logits: (texts: readonly string[]) => Promise<ArrayLike<number>>;
  /** Texts in one call at most. 1 where a text's logits depend on the others' (dynamic quantisation). */
  readonly batch: number;
}

export interface ClassifierScorerOptions {
  readonly provider: string;
  /** Cut texts of more tokens than the model takes at a character, and say so; default: they are an error. */
  readonly cut?: boolean;
}

/** Scores are the sigmoid of each logit, as for labels that are trained apart; nothing leaves the process. */
export function classifierScorer(
  classifier: TextClassifier,
  { provider, cut = false }: ClassifierScorerOptions,
): Scorer & { readonly attributes: readonly string[] } {
  const { labels, maxTokens, tokens } = classifier;
  const attributes = labels.map(attributeOfLabel);
  const ask = batched(async (texts: readonly string[]) => {
    const logits = await classifier.logits(texts);
    if (logits.length !== texts.length * labels.length)
      throw new Error(`${logits.length} logits for ${texts.length} texts and ${labels.length} labels`);
    return texts.map((_, i) => labels.map((_, k) => sigmoid(logits[i * labels.length + k]!)));
  }, classifier.batch);

  const classify = (text: string, wanted: readonly string[]): Effect.Effect<TextScores, ScoringError> =>
    Effect.gen(function* () {
      const probabilities = yield* Effect.tryPromise({
        try: () => ask(text),
        catch: (cause) =>
          new ServerError({
            message: `the model failed: ${cause instanceof Error ? cause.name : "unknown"}`,
          }),
      });
      if (!probabilities.every((p) => p >= 0 && p <= 1))
        return yield* new UnusableAnswer({ message: "the model's output is no number", fatal: false });
      const scoredAt = new Date(yield* Clock.currentTimeMillis).toISOString();
      const scores = wanted.map((attribute): AttributeScore => {
        const k = attributes.indexOf(attribute);
        return { attribute, apiAttribute: labels[k]!, score: probabilities[k]! };
      });
      const { model } = classifier;
      return { scores, missing: [], languages: [], detectedLanguages: [], model, scoredAt };
    });

  return {
    provider,
    attributes,
    advice: { attribute: `the model has ${attributes.join(", ")}` },
    score: (text, request) => {
      const wanted = request.attributes.map(attributeName);
      const unknown = wanted.find((attribute) => !attributes.includes(attribute));
      if (unknown !== undefined)
        return Effect.fail(new AttributeNotSupported({ message: `the model has no label for ${unknown}` }));
      if (text.trim() === "") return Effect.fail(new TextEmpty({ message: "the text is empty" }));
      const count = tokens(text);
      if (count <= maxTokens) return classify(text, wanted);
      if (!cut) {
        const message = `the text has ${count.toLocaleString("en")} tokens, the model takes ${maxTokens.toLocaleString("en")}`;
        return Effect.fail(new TextTooLong({ message }));
      }
      const beginning = cutToTokens(text, maxTokens, tokens);
      return Effect.map(classify(beginning, wanted), (scores) => ({
        ...scores,
        cutToBytes: byteLength(beginning),
      }));
    },
  };
}

/** 1 / (1 + exp(-x)); NaN stays NaN. */
export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A beginning of the text, cut between characters, that has at most `limit` tokens, and with another byte or so more. */
export function cutToTokens(text: string, limit: number, tokens: (text: string) => number): string {
  let fits = 0;
  let exceeds = byteLength(text);
  while (exceeds - fits > 1) {
    const middle = Math.floor((fits + exceeds) / 2);
    if (tokens(cutToBytes(text, middle)) <= limit) fits = middle;
    else exceeds = middle;
  }
  return cutToBytes(text, fits);
}
