import { Option, Schema } from "effect";
import { attributeName } from "../attributes.ts";
import type { AttributeScore, ScoreRequest, Span, TextScores } from "../scorer.ts";

const optional = <S extends Schema.Top>(schema: S) => Schema.optional(Schema.NullOr(schema));
const Score = Schema.Struct({ value: optional(Schema.Number), type: optional(Schema.String) });
const Scores = Schema.Struct({
  summaryScore: optional(Score),
  spanScores: optional(
    Schema.Array(
      Schema.Struct({
        begin: optional(Schema.Number),
        end: optional(Schema.Number),
        score: optional(Score),
      }),
    ),
  ),
});
/** AnalyzeComment's response; every field can be absent. */
const Response = Schema.Struct({
  attributeScores: optional(Schema.Record(Schema.String, Schema.NullOr(Scores))),
  languages: optional(Schema.Array(Schema.String)),
  detectedLanguages: optional(Schema.Array(Schema.String)),
});
const decode = Schema.decodeUnknownOption(Schema.fromJsonString(Response));

/** The scores in an answer's body; undefined where it is no response of AnalyzeComment, or holds what is no probability. */
export function readResponse(
  body: string,
  request: ScoreRequest,
  scoredAt: string,
): Omit<TextScores, "cutToBytes"> | undefined {
  const decoded = decode(body);
  if (Option.isNone(decoded)) return undefined;
  const response = decoded.value;
  const scores: AttributeScore[] = [];
  for (const [apiAttribute, found] of Object.entries(response.attributeScores ?? {})) {
    const value = found?.summaryScore?.value;
    if (value === undefined || value === null) continue;
    const type = found?.summaryScore?.type ?? "PROBABILITY";
    if (type !== "PROBABILITY" || !isProbability(value)) return undefined;
    const spans = (found?.spanScores ?? []).flatMap(({ begin, end, score }): Span[] => {
      const part = score?.value;
      // a begin of 0 is left out, as proto3 leaves out zeros
      return part === undefined || part === null || end === undefined || end === null
        ? []
        : [{ begin: begin ?? 0, end, score: part }];
    });
    if (!spans.every(({ score }) => isProbability(score))) return undefined;
    scores.push({
      attribute: attributeName(apiAttribute),
      apiAttribute,
      score: value,
      ...(request.spans === true && { spans }),
    });
  }
  const scored = new Set(scores.map(({ attribute }) => attribute));
  const asked = request.attributes.map(attributeName);
  return {
    scores: scores.filter(({ attribute }) => asked.includes(attribute)),
    missing: asked.filter((attribute) => !scored.has(attribute)),
    languages: response.languages ?? [],
    detectedLanguages: response.detectedLanguages ?? [],
    scoredAt,
  };
}

const isProbability = (value: number): boolean => value >= 0 && value <= 1;
