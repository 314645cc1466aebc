import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../../src/csv/index.ts";
import type { Family } from "../../src/family/index.ts";
import { type ColumnValues, type Frame, frameFromArrays } from "../../src/frame/index.ts";
import { buildModel, describePriors, type Model, variableNames } from "../../src/model/index.ts";

const build = (
  formula: string,
  columns: Record<string, ColumnValues>,
  family: Family = "gaussian",
): ReturnType<typeof buildModel> => buildModel({ formula, family, frame: frameFromArrays(columns) });

describe("buildModel", () => {
  test("response, row-major uncentred predictors, groups", () => {
    const { model, kept, dropped, termOf } = build("log(y) ~ x + f + (1 | g/h)", {
      y: [1, 2, 4, 8, 16],
      x: [1, 5, 2, 4, 3],
      f: ["b", "a", "c", "a", "b"],
      g: ["u2", "u1", "u2", "u1", "u2"],
      h: [10, 9, 9, 10, 10],
    });
    expect(model).toMatchObject({
      formula: "log(y) ~ x + f + (1 | g/h)",
      family: "gaussian",
      rows: 5,
      response: "log(y)",
      y: Float64Array.of(1, 2, 4, 8, 16).map(Math.log),
      intercept: true,
      predictors: ["x", "fb", "fc"],
      x: Float64Array.of(1, 1, 0, 5, 0, 0, 2, 0, 1, 4, 0, 0, 3, 1, 0),
    });
    expect(model.groups).toMatchObject([
      { name: "g", levels: ["u1", "u2"], index: Int32Array.of(1, 0, 1, 0, 1) },
      { name: "g:h", levels: ["u1_9", "u1_10", "u2_9", "u2_10"], index: Int32Array.of(3, 0, 2, 1, 3) },
    ]);
    expect(termOf).toEqual(["x", "f", "f"]);
    expect(kept).toEqual(Int32Array.of(0, 1, 2, 3, 4));
    expect(dropped).toEqual({ rows: 0, byColumn: {} });
  });

  test("levels stand in names as brms writes them, blanks as points", () => {
    const { model } = build("y ~ (1 | g)", { y: [1, 2, 3], g: ["a b", "c", "a b"] });
    expect(model.groups[0]!.levels).toEqual(["a b", "c"]);
    expect(variableNames(model, 100).slice(-2)).toEqual(["r_g[a.b,Intercept]", "r_g[c,Intercept]"]);
    expect(() => build("y ~ (1 | g)", { y: [1, 2, 3], g: ["a b", "c", "a.b"] })).toThrow(
      "two levels of the group 'g' would both be called 'a.b'",
    );
  });

  test("numbers with commas are not taken for a factor, unless one asks", () => {
    const data = { y: [1, 2, 3, 4], x: ["2,5", "3,5", "4,0", "2,5"] };
    expect(() => build("y ~ x", data)).toThrow(/'x' holds numbers with commas \('2,5'\).*or say factor\(x\)/);
    expect(build("y ~ factor(x)", data).model.predictors).toEqual(["factorx35", "factorx40"]);
  });

  test("a nested group has the levels that occur, not all combinations", () => {
    const { model } = build("y ~ (1 | g:h)", {
      y: [1, 2, 3],
      g: ["a", "b", "a"],
      h: ["s", "t", "t"],
    });
    expect(model.groups[0]).toMatchObject({
      name: "g:h",
      levels: ["a_s", "a_t", "b_t"],
      index: Int32Array.of(0, 2, 1),
    });
  });

  test("rows with a missing value in a used column go, and levels that then occur no more", () => {
    const { model, kept, dropped } = build("y ~ x + f + (1 | g)", {
      y: [1, 2, null, 4, 5, 6, 7],
      x: [3, null, null, 1, 2, 5, 4],
      f: ["a", "b", "z", "b", "a", null, "b"],
      g: ["u", "only dropped", "u", "v", "v", "v", "u"],
      unused: [null, null, null, null, null, null, null],
    });
    expect(kept).toEqual(Int32Array.of(0, 3, 4, 6));
    expect(dropped).toEqual({ rows: 3, byColumn: { y: 1, x: 2, f: 1 } });
    expect(model.y).toEqual(Float64Array.of(1, 4, 5, 7));
    expect(model.predictors).toEqual(["x", "fb"]);
    expect(model.groups).toMatchObject([{ name: "g", levels: ["u", "v"], index: Int32Array.of(0, 1, 1, 0) }]);
  });

  test("scale() is over the rows used", () => {
    const { model } = build("y ~ scale(x)", { y: [1, 2, 4, null], x: [1, 2, 3, 1000] });
    expect(model.x).toEqual(Float64Array.of(-1, 0, 1));
  });

  test("without an intercept, and with none but group terms", () => {
    const bare = build("y ~ 0 + (1 | g)", { y: [1, 2, 3], g: ["a", "b", "b"] }).model;
    expect([bare.intercept, bare.predictors, bare.x.length]).toEqual([false, [], 0]);
    expect(Object.keys(describePriors(bare))).toEqual(["sd_g__Intercept", "sigma"]);
    const own = build("y ~ 0 + Intercept + x", { y: [1, 2, 4], x: [1, 2, 3] }).model;
    expect([own.intercept, own.predictors]).toEqual([false, ["Intercept", "x"]]);
    expect(own.x).toEqual(Float64Array.of(1, 1, 1, 2, 1, 3));
  });
});

describe("bernoulli responses", () => {
  const y = (response: ColumnValues, left = "y"): number[] =>
    Array.from(build(`${left} ~ 1`, { y: response, z: [1, 2, 3, 4] }, "bernoulli").model.y);

  test.each<[string, ColumnValues, string, number[]]>([
    ["0 and 1", [0, 1, 1, 0], "y", [0, 1, 1, 0]],
    ["TRUE and FALSE", ["TRUE", "FALSE", "FALSE", "TRUE"], "y", [1, 0, 0, 1]],
    ["True and False, as Python writes them", ["True", "False", "False", "True"], "y", [1, 0, 0, 1]],
    ["booleans", [true, false, false, false], "y", [1, 0, 0, 0]],
    ["two levels: the second is 1", ["yes", "no", "no", "yes"], "y", [1, 0, 0, 1]],
    ["a comparison of numbers", [10, 60, 50, 51], "y > 50", [0, 1, 0, 1]],
    ["a comparison of texts, in parentheses", ["N", "Y", "P", "Y"], '(y == "Y")', [0, 1, 0, 1]],
    ["unlike", ["N", "Y", "P", "Y"], 'y != "Y"', [1, 0, 1, 0]],
    ["two columns compared", [1, 3, 2, 4], "y == z", [1, 0, 0, 1]],
    ["I() of a comparison", [1, 3, 2, 4], "I(y > 2)", [0, 1, 0, 1]],
  ])("%s", (_, response, left, expected) => {
    expect(y(response, left)).toEqual(expected);
  });
});

describe("fixtures, as brms names them", () => {
  const read = (name: string): Frame =>
    parseCsv(readFileSync(new URL(`../../../../fixtures/data/${name}`, import.meta.url)), { source: name });
  interface Reference {
    readonly data: string;
    readonly formula: string;
    readonly family: Family;
    readonly priors: string;
    readonly variables: Record<string, unknown>;
  }
  const variables = (model: Model): string[] => [
    "b_Intercept",
    ...model.predictors.map((name) => `b_${name}`),
    ...model.groups.map(({ name }) => `sd_${name}__Intercept`),
    ...(model.family === "gaussian" ? ["sigma"] : []),
  ];

  test.each([
    ["pastes", 60, [10, 30]],
    ["penicillin", 144, [24, 6]],
    ["verbagg", 7584, [316, 24]],
    ["prism-like-gaussian", 30_224, [1396, 7960, 21]],
    ["prism-like-bernoulli", 30_224, [1396, 7960, 21]],
  ])("%s", (name, rows, levels) => {
    const text = readFileSync(
      new URL(`../../../../fixtures/posteriors/${name}.json`, import.meta.url),
      "utf8",
    );
    const { data, formula, family, priors, variables: reference } = JSON.parse(text) as Reference;
    const { model } = buildModel({
      formula,
      family,
      frame: read(data),
      priors: priors.startsWith("b ~") ? ["b ~ normal(0, 1e6)"] : [],
    });
    expect(model.rows).toBe(rows);
    expect(model.groups.map((group) => group.levels.length)).toEqual(levels);
    for (const { index, levels: labels } of model.groups) expect(new Set(index).size).toBe(labels.length);
    expect(Object.keys(reference)).toEqual(expect.arrayContaining(variables(model)));
  });

  test("sleepstudy: a numeric column can group", () => {
    const { model } = buildModel({
      formula: "Reaction ~ Days + (1 | Subject)",
      family: "gaussian",
      frame: read("sleepstudy.csv"),
    });
    expect(model.groups[0]!.levels.length).toBe(18);
    expect(model.groups[0]!.levels.slice(0, 3)).toEqual(["308", "309", "310"]);
    // What brms prints for these data.
    expect(describePriors(model)).toEqual({
      Intercept: "student_t(3, 288.7, 59.3)",
      b_Days: "flat()",
      sd_Subject__Intercept: "student_t(3, 0, 59.3)",
      sigma: "student_t(3, 0, 59.3)",
    });
  });
});
