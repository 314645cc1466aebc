import type { Effect } from "effect";
import type { ScoringError } from "./client/errors.ts";

/** What a scorer is asked for. */
export interface ScoreRequest {
  /** Our names or the API's. */
  readonly attributes: readonly string[];
  /** The language that the text is taken to be in (BCP 47). */
  readonly language: string;
  /** Scores of sentences too. */
  readonly spans?: boolean;
}

/** Score of a part of the text, [begin, end) in UTF-16 units, as `slice` takes them. */
export interface Span {
  readonly begin: number;
  readonly end: number;
  readonly score: number;
}

export interface AttributeScore {
  /** Our name, as in scores files. */
  readonly attribute: string;
  /** The service's name. */
  readonly apiAttribute: string;
  /** A probability in [0, 1]. */
  readonly score: number;
  readonly spans?: readonly Span[];
}

/** What a scorer says of one text. */
export interface TextScores {
  readonly scores: readonly AttributeScore[];
  /** Attributes asked for (our names) that the answer has no score of: none is made up. */
  readonly missing: readonly string[];
  readonly languages: readonly string[];
  readonly detectedLanguages: readonly string[];
  /** Model version, where the service tells one. Perspective does not. */
  readonly model?: string;
  /** ISO 8601 */
  readonly scoredAt: string;
  /** Bytes of the text that was scored, where it was cut. */
  readonly cutToBytes?: number;
}

/** Whoever scores texts. Scores of providers with different names never mix. */
export interface Scorer {
  readonly provider: string;
  readonly score: (text: string, request: ScoreRequest) => Effect.Effect<TextScores, ScoringError>;
}
