import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DEFAULT_TRUTH, MERGED_ATTRIBUTES, prismStructure } from "../../src/simulate/index.ts";
import { MODERATION_SLOPES } from "../../src/simulate/published.ts";

interface Row {
  readonly analysis: string;
  readonly conversation_type?: string;
  readonly dv?: string;
  readonly term: string;
  readonly estimate: number;
}
const paper = JSON.parse(
  readFileSync(new URL("../../../../fixtures/paper/paper-tables.json", import.meta.url), "utf8"),
);
const { table2, table3, table4 } = paper as Record<string, Row[]>;

test.each([
  ["1a", "highest"],
  ["1b", "log_score"],
] as const)("the slopes of %s are table 2's, on all conversations", (analysis, response) => {
  const published = table2!.filter((row) => row.analysis === analysis && row.conversation_type === "all");
  expect(published).toHaveLength(7);
  for (const { term, estimate } of published)
    expect(DEFAULT_TRUTH[response][`b_${term}`], term).toBe(estimate);
});

test("all interactions of analysis 2 are table 3's", () => {
  const slopes = Object.entries(MODERATION_SLOPES).flatMap(([group, values]) =>
    values.map((value, k): [string, number] => [`${group}TRUE:${MERGED_ATTRIBUTES[k]}`, value]),
  );
  expect(new Map(slopes)).toEqual(new Map(table3!.map(({ term, estimate }) => [term, estimate])));
  expect(slopes).toHaveLength(28);
});

test("all slopes of analysis 3 are table 4's", () => {
  expect(table4).toHaveLength(49);
  for (const { dv, term, estimate } of table4!) {
    expect(DEFAULT_TRUTH[dv as "TOXICITY"][`b_${term}`], `${dv} ${term}`).toBe(estimate);
  }
});

test("the models' effects on scores are worth as much elpd as PAPER's", () => {
  const truth = DEFAULT_TRUTH.log_score;
  const [sigma2, models, conversations] = [
    "sigma",
    "sd_model_name__Intercept",
    "sd_user_id:conversation_id__Intercept",
  ].map((name) => truth[name]! ** 2) as [number, number, number];
  /** Variance of a response given the m - 1 others of its conversation. */
  const predictive = (residual: number, m: number): number =>
    residual + (conversations * residual) / (residual + (m - 1) * conversations);
  const expected = prismStructure().reduce(
    (sum, { responses: m }) =>
      sum + (m / 2) * Math.log(predictive(sigma2 + models, m) / predictive(sigma2, m)),
    0,
  );
  const [difference, error] = paper.elpd_difference_model_effect as [number, number];
  expect(Math.abs(expected - difference)).toBeLessThan(error / 3);
});
