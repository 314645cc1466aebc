import { expect, test } from "vitest";
import { mean, normalQuantile, standardDeviation } from "../../src/posterior/index.ts";
import { betaOf, greatestSd } from "../../src/simulate/copula.ts";
import {
  DEFAULT_TRUTH,
  MERGED_ATTRIBUTES,
  PRISM_MODELS,
  randomStream,
  simulatePrism,
} from "../../src/simulate/index.ts";
import { mergeAttributes } from "../../src/simulate/merged-attributes.ts";
import { promptDraws } from "../../src/simulate/prompt-draws.ts";
import { promptFits, responseDraws } from "../../src/simulate/response-draws.ts";
import { promptPart } from "../../src/simulate/truth.ts";
import { leastSquares } from "./regression.ts";

test("a beta value has its mean, and its sd where there is room", () => {
  const n = 20_000;
  for (const centre of [0.002, 0.03, 0.2, 0.5, 0.9]) {
    const values = Float64Array.from({ length: n }, (_, i) =>
      betaOf(normalQuantile((i + 0.5) / n), centre, 0.12),
    );
    const sd = Math.min(0.12, greatestSd(centre));
    expect(Math.abs(mean(values) / centre - 1)).toBeLessThan(2e-3);
    expect(Math.abs(standardDeviation(values) / sd - 1)).toBeLessThan(5e-3);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
  }
  expect(greatestSd(0.03)).toBeLessThan(0.12);
});

test("whatever the prompt, the user and the model, means are attributes: nothing is cut off", () => {
  const random = randomStream(3, "extremes");
  const draws = responseDraws();
  const prompt = promptDraws(promptFits);
  const users = Array.from({ length: 50 }, () => draws.user(random));
  const models = Array.from({ length: 50 }, () => draws.model(random));
  const extreme = (effects: readonly Float64Array[], sign: number) =>
    Float64Array.from(
      MERGED_ATTRIBUTES,
      (_, j) => sign * Math.max(...effects.map((own) => Math.abs(own[j]!))),
    );
  for (let i = 0; i < 500; i++) {
    for (const sign of [-1, 1]) {
      const means = draws.means(prompt(random), extreme(users, sign), draws.conversation(random));
      for (const [j, own] of means.entries()) {
        expect(own + extreme(models, sign)[j]!).toBeGreaterThan(0);
        expect(own + extreme(models, sign)[j]!).toBeLessThan(1);
      }
    }
  }
});

test("a conversation's mean is on average what its prompt says", () => {
  const random = randomStream(4, "means");
  const draws = responseDraws();
  const prompt = promptDraws(promptFits)(random);
  const none = new Float64Array(MERGED_ATTRIBUTES.length);
  const means = Array.from({ length: 20_000 }, () => draws.means(prompt, none, draws.conversation(random)));
  for (const [j, wanted] of promptPart(mergeAttributes(prompt)).entries()) {
    const own = Float64Array.from(means, (one) => one[j]!);
    const se = standardDeviation(own) / Math.sqrt(own.length);
    expect(Math.abs(mean(own) - wanted), MERGED_ATTRIBUTES[j]).toBeLessThan(4 * se);
  }
});

test("least squares over conversations finds all 49 slopes of analysis 3", () => {
  const conversations = simulatePrism({ seed: 16 }).conversations.filter(
    ({ turns: [first] }) =>
      ![first!.prompt, ...first!.responses].some((text) => text.attributes.includes(Number.NaN)),
  );
  const prompts = conversations.map(({ turns }) => mergeAttributes(turns[0]!.prompt.attributes));
  const responses = conversations.map(({ turns }) => turns[0]!.responses);
  // Shares of the models take the place of the intercept.
  const x = [
    ...MERGED_ATTRIBUTES.map((_, k) => Float64Array.from(prompts, (prompt) => prompt[k]!)),
    ...PRISM_MODELS.map((_, model) =>
      Float64Array.from(responses, (all) => all.filter((one) => one.model === model).length / all.length),
    ),
  ];
  for (const [j, response] of MERGED_ATTRIBUTES.entries()) {
    const y = Float64Array.from(responses, (all) =>
      mean(Float64Array.from(all, (one) => mergeAttributes(one.attributes)[j]!)),
    );
    const { b, se } = leastSquares(x, y);
    for (const [k, name] of MERGED_ATTRIBUTES.entries()) {
      const truth = DEFAULT_TRUTH[response][`b_${name}_human`]!;
      expect(Math.abs(b[k]! - truth), `${response} on ${name}`).toBeLessThan(4 * se[k]!);
      expect(se[k]!).toBeLessThan(0.06);
    }
  }
});
