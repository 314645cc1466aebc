import { describe, expect, test } from "vitest";
import type { Family } from "../../src/family/index.ts";
import { type ColumnValues, frameFromArrays } from "../../src/frame/index.ts";
import { buildModel, type ModelRequest } from "../../src/model/index.ts";
import { messageOf } from "../frame/message-of.ts";

type More = Partial<Pick<ModelRequest, "levels" | "contrasts" | "priors" | "priorOnly">>;
const x = [0.5, 1, 2, 3, 5, 4];
const build = (
  formula: string,
  family: Family,
  columns: Record<string, ColumnValues>,
  more: More = {},
): ReturnType<typeof buildModel> =>
  buildModel({ formula, family, frame: frameFromArrays({ x, ...columns }), ...more });
const error = (...args: Parameters<typeof build>): string => messageOf(() => build(...args));

describe("binomial", () => {
  const y = [0, 1, 2, 3, 2, 0];
  const n = [1, 1, 4, 3, 2, 0];

  test("counts of successes and trials, a row of no trials too", () => {
    const { model } = build("y | trials(n) ~ x", "binomial", { y, n });
    expect(model.y).toEqual(Float64Array.from(y));
    expect(model.trials).toEqual(Float64Array.from(n));
    expect(model.response).toBe("y");
    expect(build("y | trials(3 + 1) ~ x", "binomial", { y }).model.trials).toEqual(
      new Float64Array(6).fill(4),
    );
  });

  test("a row without its number of trials is left out", () => {
    const { model, notes } = build("y | trials(n) ~ x", "binomial", { y, n: [1, 1, 4, 3, 2, null] });
    expect(model.rows).toBe(5);
    expect(notes).toEqual(["1 row left out: 'n' is missing"]);
  });

  test.each<[string, string, Record<string, ColumnValues>, RegExp]>([
    ["no trials given", "y ~ x", { y }, /position 1: .*y \| trials\(n\) ~ …/],
    [
      "more successes than trials",
      "y | trials(n) ~ x",
      { y: [0, 2, 2, 3, 2, 0], n },
      /row 2: '2' is more than the 1 trials/,
    ],
    [
      "a part of a success",
      "y | trials(n) ~ x",
      { y: [0, 0.5, 2, 3, 2, 0], n },
      /'y': row 2: '0.5'; .*whole/,
    ],
    ["a negative count", "y | trials(n) ~ x", { y: [0, -1, 2, 3, 2, 0], n }, /'y': row 2: '-1'; .*whole/],
    ["a part of a trial", "y | trials(n) ~ x", { y, n: [1, 1.5, 4, 3, 2, 0] }, /'n': row 2: '1.5'; trials/],
    ["trials that are computed", "y | trials(n - 1) ~ x", { y, n }, /'n': row 6: n - 1 is -1 at '0'; trials/],
    ["trials that are a wrong number", "y | trials(2.5) ~ x", { y }, /position 12: trials\(2.5\): trials/],
    ["trials that are no column", "y | trials(m) ~ x", { y, n }, /position 12: no column 'm'/],
    ["nothing to explain", "y | trials(n) ~ x", { y: n, n }, /every trial succeeded/],
  ])("%s", (_, formula, columns, message) => {
    expect(error(formula, "binomial", columns)).toMatch(message);
  });

  test("trials of another family", () => {
    expect(error("y | trials(n) ~ x", "gaussian", { y, n })).toMatch(
      /position 12: trials\(\) belongs to family binomial/,
    );
  });
});

describe("cumulative", () => {
  test("whole numbers from 1, the largest is the last category, as in brms", () => {
    const { model, notes } = build("y ~ x", "cumulative", { y: [1, 2, 5, 3, 2, 1] });
    expect(model.categories).toEqual(["1", "2", "3", "4", "5"]);
    expect(model.y).toEqual(Float64Array.of(1, 2, 5, 3, 2, 1));
    expect(model.intercept).toBe(true);
    expect(model.priors.thresholds).toHaveLength(4);
    expect(notes).toEqual(["no row has the category 4: the thresholds around it rest on their priors"]);
  });

  test("texts in a declared order, without the levels that no row has", () => {
    const y = ["mid", "low", "high", "mid", "low", "high"];
    const levels = { y: ["low", "mid", "rare", "high"] };
    const { model } = build("y ~ x", "cumulative", { y }, { levels });
    expect(model.categories).toEqual(["low", "mid", "high"]);
    expect(model.y).toEqual(Float64Array.of(2, 1, 3, 2, 1, 3));
  });

  test.each<[string, string, Record<string, ColumnValues>, More, RegExp]>([
    [
      "texts in no order",
      "y ~ x",
      { y: ["mid", "low", "high", "mid", "low", "high"] },
      {},
      /'y': row 1: 'mid' is a text.*--levels 'y=lowest,…,highest'.*high, low, mid/,
    ],
    [
      "a text that is none of the declared",
      "y ~ x",
      { y: ["mid", "low", "hihg", "mid", "low", "high"] },
      { levels: { y: ["low", "mid", "high"] } },
      /row 3: 'hihg' is none of the declared levels \(low, mid, high\)/,
    ],
    [
      "a level declared twice",
      "y ~ x",
      { y: ["a", "b", "c", "a", "b", "c"] },
      { levels: { y: ["a", "b", "c", "a"] } },
      /'y': the level 'a' is declared twice/,
    ],
    ["zero", "y ~ x", { y: [0, 1, 2, 1, 2, 0] }, {}, /row 1: '0'; .*write I\(y \+ 1\)/],
    ["a part", "y ~ x", { y: [1, 1.5, 2, 3, 2, 1] }, {}, /row 2: '1.5'; .*whole numbers from 1/],
    [
      "a score",
      "y ~ x",
      { y: [1, 2, 3, 2, 5000, 1] },
      {},
      /row 5: '5000'; .*at most 100; use family gaussian/,
    ],
    ["two categories", "y ~ x", { y: [1, 2, 1, 2, 2, 1] }, {}, /two categories.*use family bernoulli/],
    ["no intercept", "y ~ 0 + x", { y: [1, 2, 3, 2, 2, 1] }, {}, /thresholds in place of an intercept/],
    ["a truth value", "I(x > 2) ~ 1", {}, {}, /family bernoulli/],
  ])("%s", (_, formula, columns, more, message) => {
    expect(error(formula, "cumulative", columns, more)).toMatch(message);
  });
});

describe("beta", () => {
  test("numbers between 0 and 1", () => {
    const y = [0.1, 0.4, 0.9, 0.2, 0.3, 0.5];
    expect(build("y ~ x", "beta", { y }).model.y).toEqual(Float64Array.from(y));
  });

  test.each<[string, number, RegExp]>([
    ["0", 0, /row 2: '0'; .*I\(\(y \* 5 \+ 0.5\) \/ 6\)/],
    ["1", 1, /row 2: '1'; .*I\(\(y \* 5 \+ 0.5\) \/ 6\)/],
    ["a percentage", 40, /row 2: '40'; .*divide it by its largest/],
  ])("%s", (_, value, message) => {
    expect(error("y ~ x", "beta", { y: [0.1, value, 0.9, 0.2, 0.3, 0.5] })).toMatch(message);
  });
});

test("student_t takes what gaussian takes, and says its own name", () => {
  const y = [1, 2.5, -3, 4, 2, 0];
  expect(build("y ~ x", "student_t", { y }).model.y).toEqual(Float64Array.from(y));
  expect(error("y ~ x", "student_t", { y: ["a", "b", "c", "a", "b", "c"] })).toMatch(
    /'a' is not a number; the response of family student_t is numeric/,
  );
});

describe("contrasts and declared levels of predictors", () => {
  const y = [1, 2.5, -3, 4, 2, 0];
  const f = ["low", "high", "mid", "low", "high", "mid"];

  test("the first declared level is the reference", () => {
    const { model } = build("y ~ f", "gaussian", { y, f }, { levels: { f: ["low", "mid", "high"] } });
    expect(model.predictors).toEqual(["fmid", "fhigh"]);
  });

  test("contrasts by factor, of group-level effects too", () => {
    const { model, contrasts } = build(
      "y ~ f + h + (f | g)",
      "gaussian",
      { y, f, h: ["a", "b", "a", "a", "b", "b"], g: [1, 1, 1, 2, 2, 2] },
      { contrasts: { f: "sum" } },
    );
    expect(model.predictors).toEqual(["f1", "f2", "hb"]);
    expect(model.groups[0]!.coefficients).toEqual(["Intercept", "f1", "f2"]);
    expect(contrasts).toEqual({ f: "sum", h: "treatment" });
  });

  test("of what is no factor", () => {
    expect(error("y ~ f + x", "gaussian", { y, f }, { contrasts: { x: "sum" } })).toBe(
      "contrasts: the formula has no factor 'x'; its factors are f",
    );
    expect(error("y ~ x", "gaussian", { y }, { levels: { x: ["1"] } })).toMatch(
      /'x': is numeric, and numbers have their order/,
    );
  });
});

describe("sampling the prior alone", () => {
  const y = [1, 2.5, -3, 4, 2, 0];

  test("needs proper priors", () => {
    expect(error("y ~ x + I(x^2)", "gaussian", { y }, { priorOnly: true })).toBe(
      "prior: the prior cannot be sampled while b_x, b_IxE2 have flat priors; give proper ones, such as 'b ~ normal(0, 1)'",
    );
    expect(
      error("y ~ x", "gaussian", { y }, { priorOnly: true, priors: ["b ~ normal(0, 1)", "sigma ~ flat()"] }),
    ).toMatch(/sigma has a flat prior; give proper ones, such as 'sigma ~ exponential\(1\)'$/);
  });

  test("is marked in the model", () => {
    const more = { priorOnly: true, priors: ["b ~ normal(0, 1)"] };
    expect(build("y ~ x", "gaussian", { y }, more).model.priorOnly).toBe(true);
    expect(build("y ~ x", "gaussian", { y }).model).not.toHaveProperty("priorOnly");
  });
});

describe("missing groups", () => {
  const y = [1, 2.5, -3, 4, 2, 0];

  test("rows without a group are left out, and said", () => {
    const { model, notes } = build("y ~ x + (1 | g)", "gaussian", {
      y,
      g: ["a", null, "b", "b", "a", null],
    });
    expect(model.rows).toBe(4);
    expect(notes).toEqual(["2 rows left out: 'g' is missing"]);
  });

  test("a group that is missing everywhere", () => {
    expect(error("y ~ x + (1 | g)", "gaussian", { y, g: [null, null, null, null, null, null] })).toMatch(
      /0 of 6 rows have all columns that the formula uses \(missing cells: g: 6\)/,
    );
  });
});
