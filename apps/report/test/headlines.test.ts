import type { PlanResults, SensitivityRow, TableRow } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import {
  analysisHeadline,
  fitHeadline,
  isSure,
  mirrorHeadline,
  moderationHeadline,
  trend,
} from "../src/headlines.ts";
import { multiplicityText, signsKept, staysNear } from "../src/page/pages/robustness.ts";
import { makeResults } from "./plan-output.ts";

const results = makeResults(["1a-all"]);
const [base] = results.rows as [TableRow];

/** `p`: share of draws above 0. */
const row = (variable: string, estimate: number, p: number, change: Partial<TableRow> = {}): TableRow => ({
  ...base,
  ...{ variable: `b_${variable}`, term: variable },
  ours: { ...base.ours, estimate, post_prob: p },
  ...change,
});

describe("a headline", () => {
  const rows = [
    row("RESPECT", -0.2, 0),
    row("CURIOSITY", 0.3, 0.999),
    row("TOXICITY", 2, 0.9),
    row("A", 1, 1),
  ];

  it("names what is nearly certain, the largest first, by its sign", () => {
    expect(trend(rows)).toBe("rise with A and curiosity, and fall with respect");
    expect(fitHeadline(rows, results.fits[0])).toBe(
      "The odds of being scored highest rise with A and curiosity, and fall with respect",
    );
    const turned = rows.map((r) => ({ ...r, ours: { ...r.ours, estimate: -r.ours.estimate } }));
    expect(trend(turned)).toBe("rise with respect, and fall with A and curiosity");
  });

  it("says so where nothing is", () => {
    const unsure = [row("A", 1, 0.9), row("B", -1, 0.2)];
    expect(trend(unsure)).toBeUndefined();
    expect(fitHeadline(unsure, results.fits[0])).toBe(
      "Whether the odds of being scored highest rise or fall with any attribute cannot be told with near certainty",
    );
    expect(fitHeadline([], undefined)).toBe("");
  });

  it("counts what has no room", () => {
    const many = ["A", "B", "C", "D", "E"].map((name, i) => row(name, 5 - i, 1));
    expect(trend(many)).toBe("rise with A, B, C and 2 more");
  });

  it("is nearly certain from odds of 100 to 1 on, for or against", () => {
    expect([0.99, 0.9902, 0.0098, 0.01, 0.5].map((p) => isSure(row("A", 1, p)))).toEqual([
      ...[false, true, true, false, false],
    ]);
  });

  it("counts differences between groups", () => {
    const moderated = [
      row("younger:TOXICITY", -1, 0, { term: "youngerTRUE:TOXICITY" }),
      row("male:RESPECT", 2, 0.6, { term: "maleTRUE:RESPECT" }),
    ];
    expect(moderationHeadline(moderated)).toBe(
      "1 of 2 differences between groups is nearly certain, that of toxicity for younger raters the largest",
    );
    const all: PlanResults = { ...results, rows: moderated };
    expect(analysisHeadline(all, "1a")).toBe(moderationHeadline(moderated));
  });

  it("says whether responses take after their prompts", () => {
    const mirror = (p: number) => [
      row("TOXICITY_human", 0.2, 1, { dv: "TOXICITY" }),
      row("RESPECT_human", 0.4, p, { dv: "RESPECT" }),
      row("RESPECT_human", 0.9, 1, { dv: "TOXICITY" }),
    ];
    expect(mirrorHeadline(mirror(1))).toBe(
      "All 2 attributes of responses rise with the same attribute of the prompt, respect most",
    );
    expect(mirrorHeadline(mirror(0.7))).toBe(
      "1 of 2 attributes of responses rise with the same attribute of the prompt, toxicity most",
    );
    expect(mirrorHeadline(rows)).toBeUndefined();
  });
});

describe("the number of hypotheses", () => {
  it("is said plainly, beside what chance would give", () => {
    expect(
      multiplicityText({
        ...{ hypotheses: 224, starred: 150, daggered: 20 },
        ...{ starred_by_chance: 2.22, marked_by_chance: 20.4, expected_sign_errors: 0.06 },
      }),
    ).toBe(
      "224 hypotheses were tested, none corrected for their number. 150 have an evidence ratio above 100 (*), 20 one above 10 and at most 100 (†). If every coefficient were 0, chance alone would put about 2.2 above 100 and 20.4 above 10. By the posteriors themselves, fewer than one of the 150 starred ones is expected to have the wrong sign (0.06).",
    );
    const many = { ...results.multiplicity, starred: 1000, expected_sign_errors: 3.21 };
    expect(multiplicityText(many)).toContain("about 3.2 of the 1,000 starred ones are expected");
    expect(multiplicityText({ ...many, starred: 0 })).not.toContain("posteriors");
    const one = { ...many, hypotheses: 1, starred: 1, daggered: 0, expected_sign_errors: 0.004 };
    expect(multiplicityText(one)).toMatch(
      /^1 hypothesis was tested. 1 has an evidence ratio above 100 .* the starred one has the wrong sign with probability 0.00.$/,
    );
  });
});

describe("what varied fits do to the estimates", () => {
  /** Base estimates of 1 with an error of 1. */
  const varied = (...estimates: number[]): SensitivityRow[] =>
    estimates.map((estimate) => ({
      ...results.sensitivity[0]!,
      ours: { ...base.ours, estimate },
      base: { estimate: 1, est_error: 1 },
    }));

  it.each([
    [[1.5], "The estimate keeps its sign", "it moves by at most one standard error"],
    [[-1], "The estimate changes its sign", "it moves by more than one standard error"],
    [[0.5, 3], "All 2 estimates keep their sign", "one moves by at most one standard error"],
    [[-2, 3], "1 of 2 estimates keeps its sign", "none moves by at most one standard error"],
    [[1, 1, -0.5], "2 of 3 estimates keep their sign", "2 move by at most one standard error"],
  ])("is told of %j", (estimates, signs, near) => {
    expect(signsKept(varied(...estimates))).toBe(signs);
    expect(staysNear(varied(...estimates))).toBe(near);
  });
});
