import { describe, expect, it } from "vitest";
import { averageEffects } from "../../src/effects/index.ts";
import { frameFromArrays } from "../../src/frame/index.ts";
import { buildModel, type ModelRequest } from "../../src/model/index.ts";
import { type FittedModel, fittedRows, newRows, predictRows } from "../../src/predict/index.ts";
import { constantDraws } from "../checks/fixture.ts";

const fittedBy = (request: ModelRequest): FittedModel => {
  const { frame, contrasts, levels } = request;
  const { model, terms, kept } = buildModel(request);
  return { model, terms, kept, frame, ...(contrasts && { contrasts }), ...(levels && { levels }) };
};

const estimates = (
  fitted: FittedModel,
  columns: Parameters<typeof frameFromArrays>[0],
  draws: object,
): number[] =>
  predictRows(newRows(fitted, frameFromArrays(columns)), constantDraws(draws as Record<string, number>), {
    kind: "fitted",
  }).map(({ estimate }) => estimate);

describe("new rows of", () => {
  it("a binomial response need their trials, not their successes", () => {
    const frame = frameFromArrays({ y: [1, 2, 3, 0], n: [4, 4, 5, 6], x: [0, 1, 2, 1] });
    const fitted = fittedBy({ formula: "y | trials(n) ~ x", family: "binomial", frame });
    const draws = { b_Intercept: 0, b_x: Math.log(3) };
    expect(estimates(fitted, { n: [10, 8], x: [0, 1] }, draws)).toEqual([5, expect.closeTo(6, 12)]);
    expect(() => newRows(fitted, frameFromArrays({ x: [0, 1] }))).toThrow("no column 'n'");
  });

  it("an offset, scaled by the fit's rows", () => {
    const frame = frameFromArrays({ y: [1, 2, 4, 3], x: [0, 1, 2, 4], t: [1, 3, 5, 7] });
    const fitted = fittedBy({ formula: "y ~ x + offset(scale(t))", family: "gaussian", frame });
    const sd = Math.sqrt(20 / 3);
    const draws = { b_Intercept: 1, b_x: 2, sigma: 1 };
    expect(estimates(fitted, { x: [1, 1], t: [4, 4 + sd] }, draws)).toEqual([3, expect.closeTo(4, 12)]);
    // and an effect of the offset's column is not among the fixed effects
    expect(() => averageEffects(fitted, constantDraws(draws), { variables: ["t"] })).toThrow(
      "'t' is not among the fixed effects",
    );
  });

  it("declared levels and sum contrasts", () => {
    const frame = frameFromArrays({ y: [1, 2, 4, 3, 5, 6], f: ["low", "mid", "top", "low", "mid", "top"] });
    const levels = { f: ["top", "low", "mid"] };
    const sum = fittedBy({ formula: "y ~ f", family: "gaussian", frame, levels, contrasts: "sum" });
    expect(sum.model.predictors).toEqual(["f1", "f2"]);
    const draws = { b_Intercept: 10, b_f1: 1, b_f2: 3, sigma: 1 };
    expect(estimates(sum, { f: ["mid", "top", "low"] }, draws)).toEqual([6, 11, 13]);
    const effects = averageEffects(sum, constantDraws(draws));
    expect(effects.map(({ contrast, estimate }) => [contrast, estimate])).toEqual([
      ["low - top", 2],
      ["mid - top", -5],
    ]);
  });

  it("a logical column and a number taken as a factor", () => {
    const frame = frameFromArrays({ y: [1, 2, 4, 3, 5, 6], k: [1, 2, 3, 1, 2, 3], x: [1, 5, 1, 5, 1, 5] });
    const fitted = fittedBy({ formula: "y ~ factor(k) + I(x > 3)", family: "gaussian", frame });
    const [b2, b3, bx] = fitted.model.predictors.map((name) => `b_${name}`);
    const draws = { b_Intercept: 0, [b2!]: 1, [b3!]: 2, [bx!]: 10, sigma: 1 };
    expect(estimates(fitted, { k: [3, 2, 1], x: [4, 3, 2] }, draws)).toEqual([12, 1, 0]);
    expect(() => newRows(fitted, frameFromArrays({ k: [4], x: [1] }))).toThrow(
      "column 'k': row 1: '4' is a level of factor(k) that the fit did not see",
    );
    const effects = averageEffects(fitted, constantDraws(draws), { variables: ["k"] });
    expect(effects.map(({ contrast, estimate }) => [contrast, estimate])).toEqual([
      ["2 - 1", 1],
      ["3 - 1", 2],
    ]);
  });

  it("several terms of one group, one of them with a slope alone", () => {
    const frame = frameFromArrays({
      y: [1, 2, 4, 3, 5, 6],
      x: [0, 1, 2, 3, 4, 5],
      g: ["a", "b", "a", "b", "a", "b"],
    });
    const fitted = fittedBy({ formula: "y ~ 1 + (1 | g) + (0 + x | g)", family: "gaussian", frame });
    const draws = {
      b_Intercept: 0,
      "r_g[a,Intercept]": 1,
      "r_g[b,Intercept]": 2,
      "r_g[a,x]": 10,
      "r_g[b,x]": 20,
      sigma: 1,
    };
    expect(estimates(fitted, { x: [3, 2], g: ["b", "a"] }, draws)).toEqual([62, 21]);
    const own = predictRows(fittedRows(fitted), constantDraws(draws), { kind: "fitted" });
    expect(own.map(({ estimate }) => estimate)).toEqual([1, 22, 21, 62, 41, 102]);
  });
});

it("a model tells of a term that the others nearly hold", () => {
  const x = Array.from({ length: 40 }, (_, i) => i + 100);
  const y = x.map((value, i) => value + ((i * 7) % 5));
  const frame = frameFromArrays({ y, x, z: x.map((_, i) => (i * 3) % 7) });
  const notes = (formula: string) => buildModel({ formula, family: "gaussian", frame }).notes;
  expect(notes("y ~ x + I(x^2)")).toHaveLength(1);
  expect(notes("y ~ x + I(x^2)")[0]).toMatch(
    /^'x' tells little that the other terms do not \(variance inflation \d+\)/,
  );
  expect(notes("y ~ x + z")).toEqual([]);
  expect(notes("y ~ 0 + x + I(x^2)")).toEqual([]);
});
