import { formatScores, InputError, readScores, type TextName } from "@bridgewise/core";
import { expect, test } from "vitest";
import { type AnalyzeCommentResponse, scoresFromAnalyzeComment } from "../src/index.ts";

const text: TextName = { column_id: "model_response", text_id: "ut0" };
const response: AnalyzeCommentResponse = {
  attributeScores: {
    PERSONAL_STORY_EXPERIMENTAL: {
      summaryScore: { value: 0.25, type: "PROBABILITY" },
      spanScores: [{ begin: 0, end: 4, score: { value: 0.9, type: "PROBABILITY" } }],
    },
    TOXICITY: { summaryScore: { value: 0.5 } },
    INSULT: { summaryScore: { value: 1, type: "PROBABILITY" } },
    RESPECT_EXPERIMENTAL: { spanScores: [] },
    NUANCE_EXPERIMENTAL: { summaryScore: { type: "PROBABILITY" } },
  },
  languages: ["en"],
  detectedLanguages: ["ro", "en"],
  clientToken: "7",
};

test("summary scores become rows under our names, with where they are from", () => {
  const rows = scoresFromAnalyzeComment(response, text, { scoredAt: "2025-11-20T09:30:00Z" });
  expect(rows.map((row) => [row.attribute, row.score])).toEqual([
    ["PERSONAL_STORY", 0.25],
    ["TOXICITY", 0.5],
    ["INSULT", 1],
  ]);
  expect(rows[0]).toEqual({
    ...text,
    attribute: "PERSONAL_STORY",
    score: 0.25,
    provenance: {
      api_attribute: "PERSONAL_STORY_EXPERIMENTAL",
      provider: "perspective",
      languages: "en",
      detected_languages: "ro en",
      scored_at: "2025-11-20T09:30:00Z",
    },
  });
});

test("without scores there are no rows", () => {
  for (const none of [{}, { languages: ["en"], detectedLanguages: ["en"] }, { attributeScores: {} }]) {
    expect(scoresFromAnalyzeComment(none, text)).toEqual([]);
  }
});

test("rows of fuller and barer responses make one file that reads back", async () => {
  const rows = [
    ...scoresFromAnalyzeComment({ attributeScores: { TOXICITY: { summaryScore: { value: 0 } } } }, text),
    ...scoresFromAnalyzeComment(response, { column_id: "user_prompt", text_id: "int0" }, { scoredAt: "now" }),
  ];
  for (const format of ["csv", "jsonl"] as const) {
    const scores = await readScores(formatScores(rows, format), "s");
    expect(scores.count).toBe(3);
    expect(scores.provenance).toEqual([
      "api_attribute",
      "provider",
      "languages",
      "detected_languages",
      "scored_at",
    ]);
    expect(scores.issues.map((issue) => issue.kind)).toEqual(["unknown-attribute"]);
    expect(scores.values[7]).toBe(0);
    expect(scores.values[8 + 7]).toBe(0.5);
  }
});

test.each<[string, unknown, string]>([
  [
    "an error's body",
    { error: { code: 400, message: "Comment must be\nnon-empty.", status: "INVALID_ARGUMENT" } },
    "model_response 'ut0' was not scored: the API answered with error 400 (Comment must be non-empty.); score it again",
  ],
  ["no object", [], "model_response 'ut0' has no response of AnalyzeComment, which is a JSON object"],
  ["null", null, "model_response 'ut0' has no response of AnalyzeComment, which is a JSON object"],
  [
    "out of range",
    { attributeScores: { TOXICITY: { summaryScore: { value: 3, type: "PROBABILITY" } } } },
    "TOXICITY of model_response 'ut0' is 3 of type PROBABILITY, expected a probability in [0, 1]; ask for scoreType PROBABILITY",
  ],
  [
    "another type of score",
    { attributeScores: { TOXICITY: { summaryScore: { value: 0.3, type: "PERCENTILE" } } } },
    "TOXICITY of model_response 'ut0' is 0.3 of type PERCENTILE, expected a probability in [0, 1]; ask for scoreType PROBABILITY",
  ],
  [
    "a text for a number",
    { attributeScores: { TOXICITY: { summaryScore: { value: "0.3" } } } },
    "TOXICITY of model_response 'ut0' is \"0.3\" of type PROBABILITY, expected a probability in [0, 1]; ask for scoreType PROBABILITY",
  ],
])("%s is an error", (_name, body, message) => {
  const act = () => scoresFromAnalyzeComment(body as AnalyzeCommentResponse, text);
  expect(act).toThrow(InputError);
  expect(act).toThrow(new InputError(message));
});
