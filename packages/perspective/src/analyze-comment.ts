import { InputError, type ScoreRow, type TextName } from "@bridgewise/core";
import { attributeName } from "./attributes.ts";

/** AnalyzeComment's response (v1alpha1). Any field can be absent: attributes below a threshold, all of them, languages. */
export interface AnalyzeCommentResponse {
  readonly attributeScores?: Readonly<Record<string, AttributeScores>>;
  /** What was asked for, or what was detected. */
  readonly languages?: readonly string[];
  readonly detectedLanguages?: readonly string[];
  readonly clientToken?: string;
}

export interface AttributeScores {
  readonly summaryScore?: Score;
  readonly spanScores?: readonly { readonly begin?: number; readonly end?: number; readonly score?: Score }[];
}

export interface Score {
  readonly value?: number;
  readonly type?: string;
}

export interface ScoredAt {
  /** When the text was scored, ISO 8601. Perspective's models change without a version: keep it. */
  readonly scoredAt?: string;
  /** Who scored; "perspective" unless told. */
  readonly provider?: string;
}

/**
 * Score rows of one text from the API's response, parsed from JSON: summary scores, under our names, in
 * the response's order. An attribute that was not scored has no row, and no score is made up for it.
 * What is no response (an error's body), or no probability, is an InputError.
 */
export function scoresFromAnalyzeComment(
  response: AnalyzeCommentResponse,
  text: TextName,
  { scoredAt = "", provider = "perspective" }: ScoredAt = {},
): ScoreRow[] {
  const name = "text_sha256" in text ? `text ${text.text_sha256}` : `${text.column_id} '${text.text_id}'`;
  checkResponse(response, name);
  // Every row has every column, so that rows of several responses make one file.
  const common = {
    provider,
    languages: (response.languages ?? []).join(" "),
    detected_languages: (response.detectedLanguages ?? []).join(" "),
    scored_at: scoredAt,
  };
  const rows: ScoreRow[] = [];
  for (const [api, scores] of Object.entries(response.attributeScores ?? {})) {
    const summary = scores?.summaryScore;
    if (summary?.value === undefined) continue;
    const { value, type = "PROBABILITY" } = summary;
    if (type !== "PROBABILITY" || !(typeof value === "number" && value >= 0 && value <= 1)) {
      throw new InputError(
        `${api} of ${name} is ${JSON.stringify(value)} of type ${type}, expected a probability in [0, 1]; ask for scoreType PROBABILITY`,
      );
    }
    const provenance = { api_attribute: api, ...common };
    rows.push({ ...text, attribute: attributeName(api), score: value, provenance });
  }
  return rows;
}

function checkResponse(response: unknown, name: string): void {
  const object = typeof response === "object" && response !== null && !Array.isArray(response);
  if (!object) throw new InputError(`${name} has no response of AnalyzeComment, which is a JSON object`);
  const error = (response as { error?: { code?: unknown; message?: unknown } }).error;
  if (error === undefined) return;
  throw new InputError(
    `${name} was not scored: the API answered with error ${error?.code ?? ""} (${String(error?.message ?? "no message").replaceAll(/\s+/g, " ")}); score it again`,
  );
}
