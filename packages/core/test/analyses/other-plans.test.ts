import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  buildModel,
  checkHypotheses,
  type Frame,
  fitFrame,
  InputError,
  missingColumns,
  type Plan,
  parseCsv,
  parsePlan,
  planFits,
  selectColumns,
  textLevels,
  variableNames,
} from "../../src/index.ts";
import { shippedPlan } from "./ratings.ts";

const fixture = (path: string): Frame =>
  parseCsv(readFileSync(new URL(`../../../../fixtures/${path}`, import.meta.url)), { source: path });

/** Rows and coefficients of each fit's model, by its id; its hypotheses' variables are there. */
function modelsOf(
  plan: Plan,
  frame: Frame,
): Record<string, readonly [rows: number, coefficients: readonly string[]]> {
  const fits = planFits(plan, { sensitivity: true, levels: textLevels(frame) });
  return Object.fromEntries(
    fits.map((fit) => {
      const { formula, family, priors } = fit;
      const { model } = buildModel({
        formula,
        family,
        priors,
        levels: plan.levels,
        frame: fitFrame(frame, plan, fit),
      });
      checkHypotheses(plan, fit, variableNames(model, 0));
      return [fit.id, [model.rows, model.predictors]];
    }),
  );
}

describe("the plan of the inhalers", () => {
  const { plan } = shippedPlan("inhaler.yaml");
  const frame = fixture("posteriors-general/inhaler.csv");

  it("runs on ratings that are not PRISM's", () => {
    const design = ["treat", "period", "carry"];
    expect(modelsOf(plan, frame)).toEqual({
      clarity: [572, design],
      "no-carry": [572, ["treat", "period"]],
      "first-without-carry-over": [286, ["treat"]],
      "unclear-all": [572, design],
      // 8 patients gave a 4 at least once
      "unclear-never-confused": [556, design],
      "clarity-priors-1": [572, design],
      "clarity-priors-2": [572, design],
    });
  });

  it("names a column that the data lack, and a subset without rows", () => {
    const fit = planFits(plan)[0]!;
    const without = selectColumns(frame, ["subject", "rating", "treat", "period"]);
    expect(() => fitFrame(without, plan, fit)).toThrow(
      /^inhaler.yaml, line \d+: the fit 'clarity' needs a column 'carry', which posteriors-general\/inhaler.csv has not; /,
    );
    expect(missingColumns(without, plan, fit)).toEqual(["carry"]);
    expect(missingColumns(frame, plan, fit)).toEqual([]);
    const subset = { ...fit, where: ["rating > 9"] };
    expect(() => fitFrame(frame, plan, subset)).toThrow(
      /line \d+: the fit 'clarity' has no rows: none of the 572 of .* has rating > 9/,
    );
    const wrong = { ...fit, hypotheses: [{ ...fit.hypotheses[0]!, variable: "b_treatB", line: 7 }] };
    expect(() => checkHypotheses(plan, wrong, ["b_treat", "sd_subject__Intercept"])).toThrow(
      /^inhaler.yaml, line 7: the fit 'clarity' has no 'b_treatB'; did you mean 'b_treat'\?/,
    );
  });
});

describe("docs/plans.md", () => {
  const docs = readFileSync(new URL("../../../../docs/plans.md", import.meta.url), "utf8");

  it("has an example that is a plan and fits its data", () => {
    const text = /```yaml\n(.*?)```/s.exec(docs)![1]!;
    const frame = fixture("data/VerbAgg.csv");
    const models = modelsOf(parsePlan(text, "example.yaml"), frame);
    expect(Object.keys(models)).toHaveLength(4 + 24 + 2);
    expect(models["aggression-all"]).toEqual([7584, ["anger", "GenderM", "btypescold", "btypeshout"]]);
    expect(models["aggression-own-fault"]?.[0]).toBe(3792);
    expect(models.fault?.[1]).toContain("GenderM:others");
    // 316 persons by 4 situations
    expect(models["ever-cursing-in-thought"]).toEqual([1264, ["GenderM"]]);
    expect(models["aggression-all-without-S1DoCurse"]?.[0]).toBe(7584 - 316);
  });

  it("names every key", () => {
    const head = "format: bridgewise-plan/1\ntitle: t\n";
    const analysis = "analyses:\n  - {id: a, title: t, formula: y ~ x, family: gaussian}\n";
    const places = [
      "nokey: 1",
      `${head}defaults: {nokey: 1}`,
      `${head}analyses:\n  - {nokey: 1}`,
      `${head}analyses:\n  - {id: a, title: t, formula: y ~ x, family: gaussian, each: {nokey: 1}}`,
      `${head}analyses:\n  - {id: a, title: t, formula: y ~ x, family: gaussian, vary: {nokey: 1}}`,
      `${head}${analysis}comparisons:\n  - {nokey: 1}`,
      `${head}${analysis}sensitivity:\n  - {nokey: 1}`,
      `${head}${analysis}sensitivity:\n  - {id: s, title: t, of: [a], noise: {nokey: 1}}`,
    ];
    for (const text of places) {
      const message = messageOf(text);
      const keys = /no key 'nokey' in .*; the keys are (.*)$/.exec(message)?.[1]?.split(", ");
      expect(keys, message).toBeDefined();
      for (const key of keys!) expect(docs, key).toMatch(new RegExp(`\`${key}[\`:]`));
    }
  });
});

function messageOf(text: string): string {
  try {
    parsePlan(text, "plan.yaml");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}
