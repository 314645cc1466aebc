import type { PlanFitResult, TableRow, TenthEffect } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { evidenceOf, ratioText } from "../src/evidence.ts";
import { attributeName, effectWords, moderator, rowId, rowSentence } from "../src/row-sentence.ts";
import { makeResults } from "./plan-output.ts";

const base = makeResults(["1a-all"]).rows[0]!;
const effect: TenthEffect = {
  ...{ kind: "odds ratio", ratio: 1.109, lower: 1.093, upper: 1.126, paper_percent: 18.2 },
};
const highest: Pick<PlanFitResult, "formula" | "family"> = {
  formula: "highest ~ REASONING_NUANCE + (1 | user_id)",
  family: "bernoulli",
};

const row = (change: Partial<TableRow> & { p?: number } = {}): TableRow => ({
  ...base,
  ...{ term: "REASONING_NUANCE", variable: "b_REASONING_NUANCE", plus_tenth: effect },
  ...change,
  ours: { ...base.ours, draws: 4000, post_prob: change.p ?? 1, ...change.ours },
});

describe("a row's sentence", () => {
  it("says what goes with 0.1 more, how much, and how sure that is", () => {
    expect(rowSentence(row(), highest)).toBe(
      "0.1 more nuanced reasoning goes with 10.9% higher odds of being scored highest (90% interval 9.3 to 12.6%), in all 4,000 draws.",
    );
  });

  it("follows the numbers: sign, size, interval, certainty and draws", () => {
    const lower = { ...effect, ratio: 0.95, lower: 0.9, upper: 1.002 };
    const fewer = { ...base.ours, draws: 1234, post_prob: 0.96 };
    expect(rowSentence(row({ plus_tenth: lower, direction: "<", ours: fewer, p: 0.96 }), highest)).toBe(
      "0.1 more nuanced reasoning goes with 5.0% lower odds of being scored highest (90% interval 10.0% lower to 0.2% higher), very likely: in 96% of the draws.",
    );
    expect(rowSentence(row({ p: 0.999 }), highest)).toContain("almost certainly: in 99.9% of the draws");
    expect(rowSentence(row({ p: 0.8 }), highest)).toContain("more likely than not: in 80% of the draws");
    expect(rowSentence(row({ p: 1, ours: { ...base.ours, draws: 12_000 } }), highest)).toContain(
      "in all 12,000 draws",
    );
  });

  it("says that nothing can be said, and what more draws say", () => {
    expect(rowSentence(row({ p: 0.6 }), highest)).toBe(
      "Whether the odds of being scored highest rise or fall with nuanced reasoning cannot be told: they rise in 60% of the draws.",
    );
    expect(
      rowSentence(row({ p: 0.6, direction: "<", plus_tenth: { ...effect, kind: "score ratio" } }), {
        formula: "log(score) ~ A",
        family: "gaussian",
      }),
    ).toBe(
      "Whether the score rises or falls with nuanced reasoning cannot be told: it falls in 60% of the draws.",
    );
  });

  it("says where the opposite was hypothesised", () => {
    expect(rowSentence(row({ p: 0, direction: "<" }), highest)).toContain(
      "in all 4,000 draws; the opposite was hypothesised.",
    );
  });

  it("tells responses by their family", () => {
    expect(rowSentence(row(), { formula: "rating ~ treat", family: "cumulative" })).toContain(
      "10.9% higher odds of a higher rating (",
    );
    const ratio = { ...effect, kind: "score ratio" } as const;
    expect(
      rowSentence(row({ plus_tenth: ratio }), { formula: "log_score ~ A", family: "gaussian" }),
    ).toContain("goes with the score 10.9% higher (90% interval 9.3 to 12.6%)");
    const difference: TenthEffect = {
      ...{ kind: "difference", ratio: -0.0123, lower: -0.0141, upper: -0.0105, paper_percent: null },
    };
    expect(
      rowSentence(row({ plus_tenth: difference, dv: "TOXICITY", variable: "b_RESPECT_human" }), undefined),
    ).toBe(
      "0.1 more respect of the prompt goes with the response's toxicity 0.012 lower (90% interval 0.011 to 0.014), in all 4,000 draws.",
    );
  });

  it("compares groups where a yes-or-no column moderates", () => {
    const moderated = row({
      ...{ term: "youngerTRUE:TOXICITY", variable: "b_younger:TOXICITY" },
      plus_tenth: { ...effect, kind: "score ratio" },
    });
    const fit = { formula: "log_score ~ A", family: "gaussian" } as const;
    expect(rowSentence(moderated, fit)).toBe(
      "For younger raters, 0.1 more toxicity moves the score 10.9% higher (90% interval 9.3 to 12.6%) than for others, in all 4,000 draws.",
    );
    expect(attributeName(moderated)).toBe("toxicity");
    // a column of other data
    expect(moderator({ ...moderated, term: "tallTRUE:A", variable: "b_tallTRUE:A" })).toEqual({
      ...{ who: "where tall holds", others: "where it does not" },
    });
    // two numbers: nobody is compared
    expect(moderator({ ...moderated, term: "A x B", variable: "b_A:B" })).toBeUndefined();
  });

  it("has an id without anything that means something in HTML", () => {
    expect(rowId({ fit: "1a", term: '"><img src=x>', direction: ">" })).toMatch(/^[a-z0-9-]+$/);
  });
});

describe("the size of an effect", () => {
  it("has its ends in the estimate's direction, the smaller change first", () => {
    expect(effectWords({ ...effect, ratio: 0.9, lower: 0.85, upper: 0.95 })).toEqual({
      ...{ size: "10.0%", way: "lower", interval: "(90% interval 5.0 to 15.0%)" },
    });
  });

  it("has the digits that tell the ends of its interval apart", () => {
    expect(effectWords({ ...effect, ratio: 1.0012, lower: 1.0011, upper: 1.0013 }).interval).toBe(
      "(90% interval 0.11 to 0.13%)",
    );
  });
});

describe("evidence", () => {
  const of = (post_prob: number) => evidenceOf({ post_prob }, ">");

  it("is as strong against a hypothesis as for it", () => {
    expect(of(0)).toEqual({ strength: "all", sign: -1, share: 1, expected: false });
    expect([0.995, 0.95, 0.8, 0.7].map((p) => of(p).strength)).toEqual(["strong", "good", "weak", "none"]);
    expect([0.005, 0.05, 0.2, 0.3].map((p) => of(p).strength)).toEqual(["strong", "good", "weak", "none"]);
    expect(of(0.5).sign).toBe(0);
    expect(evidenceOf({ post_prob: 1 }, "<").sign).toBe(-1);
  });

  it("is told as above the number of draws where all agree", () => {
    expect(
      (["Inf", null, 3999, 45.67, 2.345] as const).map((evidence_ratio) =>
        ratioText({ evidence_ratio, draws: 4000 }),
      ),
    ).toEqual(["> 4,000", "–", "3,999", "45.7", "2.35"]);
  });
});
