import { describe, expect, test } from "vitest";
import { codeTerms, formulaColumns, formulaTerms } from "../../src/formula/index.ts";

const terms = (right: string): string => {
  const t = formulaTerms(`y ~ ${right}`);
  return [t.intercept ? "1" : "0", ...t.terms.map((term) => term.label)].join(" + ");
};
const groups = (right: string): string[] => formulaTerms(`y ~ ${right}`).groups.map((group) => group.name);

describe("fixed effects expand as R's terms do", () => {
  test.each([
    ["1", "1"],
    ["0", "0"],
    ["-1", "0"],
    ["x", "1 + x"],
    ["x + z", "1 + x + z"],
    ["x + x", "1 + x"],
    ["0 + x", "0 + x"],
    ["x - 1", "0 + x"],
    ["x + 0 + 1", "1 + x"],
    ["x - 0", "1 + x"],
    ["(1 + x) + z", "1 + x + z"],
    ["a*b", "1 + a + b + a:b"],
    ["a:b", "1 + a:b"],
    ["a:b + a", "1 + a + a:b"],
    ["b:a + a:b", "1 + b:a"],
    ["a + b + b:a", "1 + a + b + a:b"],
    ["x:x", "1 + x"],
    ["a*b*c", "1 + a + b + c + a:b + a:c + b:c + a:b:c"],
    ["a*b*c - a:b:c", "1 + a + b + c + a:b + a:c + b:c"],
    ["(a + b):c", "1 + a:c + b:c"],
    ["(a + b)*c", "1 + a + b + c + a:c + b:c"],
    ["(a + b + c)^2", "1 + a + b + c + a:b + a:c + b:c"],
    ["a/b", "1 + a + a:b"],
    ["a/b/c", "1 + a + a:b + a:b:c"],
    ["(a + b)/c", "1 + a + b + a:b:c"],
    ["a:b + x + c", "1 + x + c + a:b"],
    ["x - x", "1"],
    ["a*b - (a + b)", "1 + a:b"],
    ["log( x ) + log(x)", "1 + log(x)"],
    ["I(x^2):scale(z)", "1 + I(x^2):scale(z)"],
    ["`a b` + x", "1 + a b + x"],
  ])("%s", (right, expected) => {
    expect(terms(right)).toBe(expected);
  });
});

describe("group terms", () => {
  test.each([
    ["x", []],
    ["(1 | g)", ["g"]],
    ["((1 | g))", ["g"]],
    ["x + (1|g) + (1|h)", ["g", "h"]],
    ["(1 | a/b)", ["a", "a:b"]],
    ["(1 | a/b/c)", ["a", "a:b", "a:b:c"]],
    ["(1 | a:b)", ["a:b"]],
    ["(1 | a:b/c)", ["a:b", "a:b:c"]],
    [
      "(1 | user_id/conversation_id) + (1 | model_name)",
      ["user_id", "user_id:conversation_id", "model_name"],
    ],
  ])("%s", (right, expected) => {
    expect(groups(right)).toEqual(expected);
  });
});

test("columns of a formula, response first, each with its first place on its side", () => {
  const text = "log(score) ~ x * I(z^2) + x:z + (1 | u/c)";
  expect([...formulaTerms(text).columns]).toEqual([
    ["score", 5],
    ["x", 14],
    ["z", 20],
    ["u", 38],
    ["c", 40],
  ]);
  expect(formulaColumns("y ~ x - x + (1 | g)")).toEqual(["y", "g"]);
  expect(formulaColumns("(r2 == 'Y') ~ 0 + Intercept + x")).toEqual(["r2", "x"]);
});

describe("0 + Intercept", () => {
  test("is an intercept among the coefficients", () => {
    expect(formulaTerms("y ~ 0 + Intercept + x")).toMatchObject({
      intercept: false,
      ownIntercept: true,
      terms: [{ label: "x" }],
    });
    expect(formulaTerms("y ~ 0 + x")).toMatchObject({ intercept: false, ownIntercept: false });
  });
});

describe("coding by marginality", () => {
  // Variables 0 and 1 are factors, 2 and 3 numeric.
  const code = (terms: number[][], intercept = true): string[] =>
    codeTerms(
      terms.map((variables) => ({ variables })),
      (v) => v < 2,
      intercept,
    ).map((codings) => codings.map((coding) => coding[0]).join(""));

  test.each([
    ["a", [[0]], ["c"]],
    ["a*b", [[0], [1], [0, 1]], ["c", "c", "cc"]],
    ["a:b", [[0, 1]], ["ff"]],
    ["a + a:b", [[0], [0, 1]], ["c", "fc"]],
    ["b + a:b", [[1], [0, 1]], ["c", "cf"]],
    ["a:x", [[0, 2]], ["fc"]],
    ["x + a:x", [[2], [0, 2]], ["c", "cc"]],
    ["a + a:x", [[0], [0, 2]], ["c", "fc"]],
    [
      "a:x + a:b",
      [
        [0, 2],
        [0, 1],
      ],
      ["fc", "fc"],
    ],
  ])("%s", (_, terms, expected) => {
    expect(code(terms)).toEqual(expected);
  });

  test.each([
    ["0 + a + b", [[0], [1]], ["f", "c"]],
    ["0 + x + a", [[2], [0]], ["c", "f"]],
    ["0 + a*b", [[0], [1], [0, 1]], ["f", "c", "cc"]],
    ["0 + a:b", [[0, 1]], ["ff"]],
    ["0 + x + x:a", [[2], [0, 2]], ["c", "cc"]],
  ])("%s", (_, terms, expected) => {
    expect(code(terms, false)).toEqual(expected);
  });
});
