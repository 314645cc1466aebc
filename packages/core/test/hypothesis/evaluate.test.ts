import { describe, expect, test } from "vitest";
import { evaluateHypotheses, type HypothesisRow } from "../../src/hypothesis/index.ts";
import type { Draws } from "../../src/posterior/index.ts";
import { expectRelative } from "../posterior/closeness.ts";
import { type BrmsRow, readDrawsTable, readNamed, readPaper } from "./fixture.ts";

/** R prints its figures with 15 digits; sums are taken in another order here. */
const TOLERANCE = 1e-10;

function expectRow(
  row: HypothesisRow,
  reference: BrmsRow,
  ratio: number | string = reference["Evid.Ratio"],
): void {
  const what = reference.Hypothesis;
  expect(row.hypothesis).toBe(what);
  expectClose(row.estimate, reference.Estimate, what);
  expectClose(row.est_error, reference["Est.Error"], what);
  expectClose(row.ci_lower, reference["CI.Lower"], what);
  expectClose(row.ci_upper, reference["CI.Upper"], what);
  expect(row.star, what).toBe(reference.Star);
  if (ratio === "NA") {
    expect([row.evidence_ratio, row.post_prob], what).toEqual([null, null]);
  } else if (ratio === "Inf") {
    expect([row.evidence_ratio, row.post_prob], what).toEqual(["Inf", 1]);
  } else {
    expectRelative(row.evidence_ratio as number, ratio as number, row.sign === "=" ? 1e-8 : TOLERANCE, what);
    expectRelative(row.post_prob, (ratio as number) / (1 + (ratio as number)), TOLERANCE * 100, what);
  }
}

/** An estimate near 0 is a difference of numbers near 1. */
function expectClose(actual: number | null, expected: number, what: string): void {
  const error = Math.abs((actual ?? Number.NaN) - expected);
  expect(
    error <= TOLERANCE * Math.max(1e-3, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  ).toBe(true);
}

describe("against brms 2.18's hypothesis()", () => {
  const paper = readDrawsTable("paper_draws.csv");
  const paperTexts = [
    "REASONING_NUANCE > 0",
    "RESPECT < 0",
    "CURIOSITY > 0",
    "COMPASSION < 0",
    "PERSONAL_STORY < 0",
    "AFFINITY > 0",
    "TOXICITY > 0",
    "REASONING_NUANCE > 1",
    "REASONING_NUANCE - 2 * COMPASSION > 1",
    "exp(CURIOSITY) < 1",
    "RESPECT = 0",
  ];

  test("the paper's hypotheses, at alpha 0.05 and, robust, at 0.01", async () => {
    const { alpha05, alpha01_robust: robust } = readPaper();
    expect([alpha05.length, robust.length]).toEqual([11, 10]);
    const table = await evaluateHypotheses(paperTexts, paper);
    expect(table).toMatchObject({ alpha: 0.05, robust: false, draws: 1000 });
    alpha05.forEach((row, i) => {
      expectRow(table.rows[i]!, row);
    });
    const other = await evaluateHypotheses(paperTexts.slice(0, 10), paper, { alpha: 0.01, robust: true });
    robust.forEach((row, i) => {
      expectRow(other.rows[i]!, row);
    });
  });

  const { alpha05, alpha10_robust: robust10, savage_dickey: ratios } = readNamed();
  const named = readDrawsTable("named_draws.csv");
  const prior = readDrawsTable("named_prior.csv");

  test.each([
    ["0.05", alpha05, { alpha: 0.05 }],
    ["0.1, robust", robust10, { alpha: 0.1, robust: true }],
  ])("names, precedence and functions at alpha %s", async (_, references, options) => {
    expect(references.length).toBe(32);
    const { rows } = await evaluateHypotheses(
      references.map(({ text }) => text),
      named,
      options,
    );
    references.forEach((reference, i) => {
      expectRow(rows[i]!, reference);
    });
  });

  test("two-sided evidence by Savage-Dickey", async () => {
    const texts = Object.keys(ratios);
    expect(texts.length).toBe(6);
    const { rows } = await evaluateHypotheses(texts, named, { prior });
    texts.forEach((text, i) => {
      const reference = alpha05.find((row) => row.text === text)!;
      expectRow(rows[i]!, reference, ratios[text]!);
    });
  });
});

describe("rules", () => {
  const draws: Draws = {
    variables: ["b_x", "x", "b_y", "alpha beta", "r_g[a,Intercept]"],
    chains: 2,
    draws: 20,
    values: Float64Array.from({ length: 200 }, (_, i) => ((i * 37) % 40) - 19 + Math.floor(i / 40) * 100),
  };
  const one = async (text: string, alpha = 0.05): Promise<HypothesisRow> =>
    (await evaluateHypotheses([text], draws, { alpha })).rows[0]!;

  test("a draw that is 0 speaks against both sides", async () => {
    // b_x takes each of -19, ..., 20 once
    expect((await one("b_x > 0")).evidence_ratio).toBe(20 / 20);
    expect((await one("b_x < 0")).evidence_ratio).toBe(19 / 21);
  });

  test("the star needs more than 1 - alpha", async () => {
    // 38 of 40 are above -18: odds 19, a probability of 0.95
    expect(await one("b_x > -18")).toMatchObject({ evidence_ratio: 38 / 2, post_prob: 0.95, star: "" });
    expect(await one("b_x > -19")).toMatchObject({ evidence_ratio: 39, star: "*" });
    expect(await one("b_x > -20")).toMatchObject({ evidence_ratio: "Inf", post_prob: 1, star: "*" });
    expect(await one("b_x < -19")).toMatchObject({ evidence_ratio: 0, post_prob: 0, star: "" });
  });

  test("levels of the intervals: 1 - 2 alpha one-sided, 1 - alpha two-sided", async () => {
    expect(await one("b_x > 0")).toMatchObject({ ci_level: 0.9 });
    expect((await one("b_x > 0")).ci_lower).toBeCloseTo(-17.05, 12);
    expect((await one("b_x > 0")).ci_upper).toBeCloseTo(18.05, 12);
    expect(await one("b_x = 0")).toMatchObject({ ci_level: 0.95, star: "" });
    expect((await one("b_x = 0")).ci_lower).toBeCloseTo(-18.025, 12);
    expect(await one("b_x = 30")).toMatchObject({ star: "*", evidence_ratio: null, post_prob: null });
    expect((await one("b_x > 0", 0.25)).ci_level).toBe(0.5);
  });

  test("a name stands for the coefficient before anything else; backticks for any name", async () => {
    const { rows } = await evaluateHypotheses(
      ["x > 0", "`alpha beta` > 0", "r_g[a, Intercept] > 400"],
      draws,
    );
    expect(rows.map(({ hypothesis, estimate }) => [hypothesis, estimate])).toEqual([
      ["(x) > 0", 0.5],
      ["(`alpha beta`) > 0", 300.5],
      ["(r_g[a,Intercept])-(400) > 0", 0.5],
    ]);
  });

  test("only what is named is read, and once", async () => {
    const read: number[] = [];
    const source = {
      ...draws,
      read: async (v: number) => {
        read.push(v);
        return draws.values.subarray(40 * v, 40 * (v + 1));
      },
    };
    await evaluateHypotheses(["b_y > 0", "b_y - x < 2", "b_y + 0 > 1"], source);
    expect(read).toEqual([2, 0]);
  });

  test("minimum and maximum within a draw, a logarithm's base", async () => {
    expect((await one("max(b_x, 0) > 0")).estimate).toBe(210 / 40);
    expect((await one("pmin(b_x, 0) < 0")).estimate).toBe(-190 / 40);
    expect((await one("log(8 + 0 * b_x, 2) > 3")).estimate).toBeCloseTo(0, 15);
  });

  test("draws that are no numbers are refused, at their place", async () => {
    await expect(one("1 + log(b_x) > 0")).rejects.toMatchObject({
      message:
        "hypothesis, position 5: this is not a number in 19 of 40 draws, first in chain 1, draw 1: test an expression that is defined in every draw",
      pointer: "1 + log(b_x) > 0\n    ^",
    });
    const values = draws.values.slice();
    values[45] = Number.NaN;
    await expect(evaluateHypotheses(["b_y + `x` > 0"], { ...draws, values })).resolves.toBeDefined();
    values[85] = Number.NaN;
    await expect(evaluateHypotheses(["1 - b_y > 0"], { ...draws, values })).rejects.toThrow(
      "position 5: this variable is missing in 1 of 40 draws, first in chain 1, draw 6",
    );
  });

  test("what is infinite is told as such", async () => {
    expect(await one("1 / b_x > 0")).toMatchObject({
      estimate: null,
      est_error: null,
      evidence_ratio: 21 / 19,
    });
  });

  test("alpha out of range; prior draws without the variable", async () => {
    await expect(one("b_x > 0", 0.5)).rejects.toThrow("alpha must be above 0 and below 0.5: 0.5");
    await expect(one("b_x > 0", Number.NaN)).rejects.toThrow(RangeError);
    const prior = { ...draws, variables: ["b_z", "x", "b_q", "c", "d"] };
    await expect(evaluateHypotheses(["b_y = 0"], draws, { prior })).rejects.toThrow(
      "the prior draws have no variable 'b_y'",
    );
    await expect(evaluateHypotheses(["b_y > 0"], draws, { prior })).resolves.toBeDefined();
  });
});
