import type { Effect } from "effect";
import type { ScoringError, ScoringErrorReason } from "./client/errors.ts";

/** What a scorer is asked for. */
export interface ScoreRequest {
  /** Our names or the API's. */
  readonly attributes: readonly string[];
  /** The language that the text is taken to be in (BCP 47). */
  readonly language: string;
  /** Scores of sentences too. */
  readonly spans?: boolean;
  /**
   * For scorers that need several requests for one text: called with what each has brought, so that it is kept (and
   * not paid for again) whatever becomes of the others. The result holds all of it once more.
   */
  readonly keep?: (scores: TextScores) => Effect.Effect<void>;
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

/** Why one attribute of a text has no score, though others may have. */
export interface AttributeFailure {
  /** Our name. */
  readonly attribute: string;
  readonly reason: ScoringErrorReason;
  /** One line. */
  readonly message: string;
}

/** What a scorer says of one text. */
export interface TextScores {
  readonly scores: readonly AttributeScore[];
  /** Attributes asked for (our names) that the answer has no score of: none is made up. */
  readonly missing: readonly string[];
  /** Attributes asked for that failed for good, and why. */
  readonly failed?: readonly AttributeFailure[];
  readonly languages: readonly string[];
  readonly detectedLanguages: readonly string[];
  /** Model version, where the service tells one, and how it was asked where that varies. Perspective does not. */
  readonly model?: string;
  /** ISO 8601; empty where nobody knows. */
  readonly scoredAt: string;
  /** Bytes of the text that was scored, where it was cut. */
  readonly cutToBytes?: number;
}

/** Whoever scores texts. Scores of providers with different names never mix. */
export interface Scorer {
  readonly provider: string;
  readonly score: (text: string, request: ScoreRequest) => Effect.Effect<TextScores, ScoringError>;
  /** What a person can do about a failure that stops the run, by its reason. */
  readonly advice?: Partial<Readonly<Record<ScoringErrorReason, string>>>;
}
