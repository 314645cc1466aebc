import { expect, test } from "vitest";
import { DEFAULT_TRUTH, MERGED_ATTRIBUTES, simulatePrism, truthFor } from "../../src/simulate/index.ts";

const { truth, moderated } = simulatePrism({ seed: 1, scale: 0.02 });
const mark = { truth, moderated: { log_score: moderated! } };
const groups = ["user_id", "user_id:conversation_id", "model_name"];
const predictors: readonly string[] = MERGED_ATTRIBUTES;

test("1a and 1b: slopes, intercept, sds and sigma", () => {
  const found = truthFor(mark, { response: "log_score", predictors, groups })!;
  expect(Object.keys(found)).toHaveLength(12);
  expect(found).toMatchObject({ b_TOXICITY: -0.659, sigma: 0.35, sd_user_id__Intercept: 0.2 });
  expect(Object.keys(truthFor(mark, { response: "highest", predictors, groups })!)).toHaveLength(11);
});

test("terms of the prompt beside them are 0", () => {
  const more = ["TOXICITY_human", "TOXICITY_human:TOXICITY", "length"];
  const found = truthFor(mark, { response: "log_score", predictors: [...predictors, ...more], groups })!;
  expect(found).toMatchObject({ b_TOXICITY: -0.659, b_TOXICITY_human: 0, "b_TOXICITY_human:TOXICITY": 0 });
  expect(found).not.toHaveProperty("b_length");
});

test("analysis 2: the interactions, in either order, and what they make of the others", () => {
  const interactions = ["younger", "male", "white", "high_values"].flatMap((group) => [
    group,
    ...predictors.map((name) => (group === "male" ? `${name}:${group}` : `${group}:${name}`)),
  ]);
  const model = { response: "log_score", predictors: [...predictors, ...interactions], groups };
  const found = truthFor(mark, model)!;
  expect(found).toMatchObject({ "b_younger:TOXICITY": -0.864, "b_TOXICITY:male": 0.037 });
  expect(found.b_TOXICITY).toBe(moderated!.b_TOXICITY);
  expect(found.b_TOXICITY).not.toBe(DEFAULT_TRUTH.log_score.b_TOXICITY);
  expect(found).not.toHaveProperty("sigma");
  // Where raters' slopes are alike, they are 1b's.
  expect(truthFor({ truth }, model)).toMatchObject({ b_TOXICITY: -0.659 });
});

test("with some of the raters' interactions, nothing is known", () => {
  const model = { response: "log_score", groups };
  expect(truthFor(mark, { ...model, predictors: [...predictors, "younger"] })).toMatchObject({
    b_TOXICITY: -0.659,
  });
  const predictorsOf = [...predictors, "younger", "TOXICITY:younger"];
  expect(truthFor(mark, { ...model, predictors: predictorsOf })).toBeNull();
  expect(truthFor({ truth }, { ...model, predictors: predictorsOf })).toMatchObject({ b_TOXICITY: -0.659 });
});

test("analysis 3, by its response", () => {
  const human = MERGED_ATTRIBUTES.map((name) => `${name}_human`);
  const found = truthFor(mark, { response: "COMPASSION", predictors: human, groups })!;
  expect(Object.keys(found)).toEqual(["b_Intercept", ...human.map((name) => `b_${name}`)]);
  expect(found.b_COMPASSION_human).toBe(1.084);
});

test.each([
  ["a term is left out", { predictors: predictors.slice(1), groups }],
  ["the product is not there", { predictors: [...predictors.slice(1), "REASONING", "NUANCE"], groups }],
  ["a group is left out", { predictors, groups: groups.slice(0, 2) }],
])("nothing is known where %s", (_, names) => {
  expect(truthFor(mark, { response: "highest", ...names })).toBeNull();
});

test("nor of another response, nor of a mark without a truth", () => {
  expect(truthFor(mark, { response: "score", predictors, groups })).toBeNull();
  expect(truthFor({}, { response: "highest", predictors, groups })).toBeNull();
});
