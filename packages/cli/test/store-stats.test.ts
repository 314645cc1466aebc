import { expect, it } from "vitest";
import { storeStatsText } from "../src/terminal/store-stats.ts";

const judge = { provider: "judge:localhost:11434/llama3.1:rubric-1", language: "en" };
const perspective = { provider: "perspective", language: "en" };
const numbers = { mean: 0.5, least: 0, greatest: 0.98765 };
const times = { first: "2026-11-25T03:00:00.000Z", last: "2026-11-26T03:00:00.000Z" };

it("tells each provider's scores and failures in at most 100 columns, and that a store is empty", () => {
  const example = "Quota exceeded for quota metric 'Analysis requests (AnalyzeComment)' and limit 'a minute'";
  const text = storeStatsText({
    file: "s.sqlite",
    schema: 1,
    scores: [
      { ...judge, ...numbers, ...times, attribute: "NUANCE", texts: 95_500 },
      { ...perspective, ...numbers, ...times, attribute: "TOXICITY", texts: 7 },
    ],
    failures: [
      { ...perspective, reason: "quota", texts: 1, example },
      { provider: "other", language: "de", reason: "language", texts: 2, example: "no such language" },
    ],
  });
  expect(text).toBe(`judge:localhost:11434/llama3.1:rubric-1 (en)
Attribute   Texts   Mean  Least  Greatest  Last scored
NUANCE     95,500  0.500  0.000     0.988   2026-11-26

perspective (en)
Attribute  Texts   Mean  Least  Greatest  Last scored
TOXICITY       7  0.500  0.000     0.988   2026-11-26
Failed: 1 text (quota), such as: Quota exceeded for quota metric 'Analysis requests
  (AnalyzeComment)' and limit 'a minute'

other (de)
Failed: 2 texts (language), such as: no such language`);
  expect(storeStatsText({ file: "s.sqlite", schema: 1, scores: [], failures: [] })).toBe(
    "s.sqlite: holds no scores yet",
  );
});
