import { describe, expect, test } from "vitest";
import { buildDesign, formulaTerms } from "../../src/formula/index.ts";
import { frameFromArrays } from "../../src/frame/index.ts";
import { messageOf } from "../frame/message-of.ts";

const frame = frameFromArrays({
  x: [1, 2, 3, 4, 5, 6],
  z: [2, 0, 1, 4, 2, 3],
  a: ["p", "q", "p", "q", "p", "q"],
  b: ["u", "u", "v", "v", "w", "w"],
  age: [30, 20, 30, 40, 20, 40],
  t: [true, false, true, true, false, false],
  one: ["k", "k", "k", "k", "k", "k"],
});

/** Columns of the design matrix by name. */
function design(right: string): Record<string, number[]> {
  const { columns, x } = buildDesign(formulaTerms(`y ~ ${right}`), `y ~ ${right}`, frame);
  const p = columns.length;
  expect(x.length).toBe(6 * p);
  return Object.fromEntries(
    columns.map((name, k) => [name, Array.from({ length: 6 }, (_, row) => x[row * p + k]!)]),
  );
}
const error = (right: string): string =>
  messageOf(() => buildDesign(formulaTerms(`y ~ ${right}`), `y ~ ${right}`, frame));

const x = [1, 2, 3, 4, 5, 6];
const p = [1, 0, 1, 0, 1, 0];
const q = [0, 1, 0, 1, 0, 1];
const u = [1, 1, 0, 0, 0, 0];
const v = [0, 0, 1, 1, 0, 0];
const w = [0, 0, 0, 0, 1, 1];
const times = (c: number[], d: number[]): number[] => c.map((value, i) => value * d[i]!);

/** `toEqual` ignores the order of keys, `entries` does not. */
function expectColumns(actual: Record<string, number[]>, expected: [string, number[]][]): void {
  expect(Object.entries(actual)).toEqual(expected);
}

describe("model.matrix without its intercept column, derived by hand", () => {
  test("numbers and treatment contrasts", () => {
    expectColumns(design("x + a + b"), [
      ["x", x],
      ["aq", q],
      ["bv", v],
      ["bw", w],
    ]);
  });

  test("TRUE and FALSE are a factor", () => {
    expectColumns(design("t"), [["tTRUE", [1, 0, 1, 1, 0, 0]]]);
  });

  test("no terms, no columns", () => {
    expectColumns(design("1"), []);
  });

  test("factor x factor with main effects: contrasts, the first factor changes fastest", () => {
    expectColumns(design("b*a"), [
      ["bv", v],
      ["bw", w],
      ["aq", q],
      ["bv:aq", times(v, q)],
      ["bw:aq", times(w, q)],
    ]);
  });

  test("factor x factor without main effects: full indicators of both", () => {
    expectColumns(design("a:b"), [
      ["ap:bu", times(p, u)],
      ["aq:bu", times(q, u)],
      ["ap:bv", times(p, v)],
      ["aq:bv", times(q, v)],
      ["ap:bw", times(p, w)],
      ["aq:bw", times(q, w)],
    ]);
  });

  test("factor x factor with one main effect: contrasts of the other", () => {
    expectColumns(design("b + a:b"), [
      ["bv", v],
      ["bw", w],
      ["bu:aq", times(u, q)],
      ["bv:aq", times(v, q)],
      ["bw:aq", times(w, q)],
    ]);
    expectColumns(design("a/b"), [
      ["aq", q],
      ["ap:bv", times(p, v)],
      ["aq:bv", times(q, v)],
      ["ap:bw", times(p, w)],
      ["aq:bw", times(q, w)],
    ]);
  });

  test("number x factor, with and without the slope alone", () => {
    expectColumns(design("x*a"), [
      ["x", x],
      ["aq", q],
      ["x:aq", times(x, q)],
    ]);
    expectColumns(design("a:x"), [
      ["ap:x", times(p, x)],
      ["aq:x", times(q, x)],
    ]);
    expectColumns(design("a + x:a"), [
      ["aq", q],
      ["ap:x", times(p, x)],
      ["aq:x", times(q, x)],
    ]);
  });

  test("number x number, and three at once", () => {
    expectColumns(design("x:z"), [["x:z", [2, 0, 3, 16, 10, 18]]]);
    expectColumns(design("x:z:a"), [
      ["x:z:ap", [2, 0, 3, 0, 10, 0]],
      ["x:z:aq", [0, 0, 0, 16, 0, 18]],
    ]);
  });

  test("0 + gives the first factor full indicators, later ones contrasts", () => {
    expectColumns(design("0 + a + b"), [
      ["ap", p],
      ["aq", q],
      ["bv", v],
      ["bw", w],
    ]);
    expectColumns(design("x + b - 1"), [
      ["x", x],
      ["bu", u],
      ["bv", v],
      ["bw", w],
    ]);
    expectColumns(design("0 + a*x"), [
      ["ap", p],
      ["aq", q],
      ["x", x],
      ["aq:x", times(q, x)],
    ]);
  });

  test("0 + Intercept is a column of ones, and factors keep their contrasts", () => {
    expectColumns(design("0 + Intercept + a"), [
      ["Intercept", [1, 1, 1, 1, 1, 1]],
      ["aq", q],
    ]);
  });

  test("I() and functions of numbers", () => {
    expectColumns(design("I(x^2) + log(x) + I((x + 1) / 2 - -z) + sqrt(z)"), [
      ["IxE2", [1, 4, 9, 16, 25, 36]],
      ["logx", x.map(Math.log)],
      ["IxP1D2MMz", [3, 1.5, 3, 6.5, 5, 6.5]],
      ["sqrtz", [2, 0, 1, 4, 2, 3].map(Math.sqrt)],
    ]);
    expectColumns(design("I(t * x)"), [["ItMUx", [1, 0, 3, 4, 0, 0]]]);
  });

  test("scale() has mean 0 and standard deviation 1 with n - 1", () => {
    // mean 3.5, sum of squares 17.5, variance 3.5
    const scaled = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5].map((d) => d / Math.sqrt(3.5));
    const { scalex } = design("scale(x)");
    scalex!.forEach((value, i) => {
      expect(value).toBeCloseTo(scaled[i]!, 14);
    });
  });

  test("factor() of numbers is sorted by value", () => {
    expectColumns(design("factor(age)"), [
      ["factorage30", [1, 0, 1, 0, 0, 0]],
      ["factorage40", [0, 0, 0, 1, 0, 1]],
    ]);
    expectColumns(design("factor(a)"), [["factoraq", q]]);
    expectColumns(design("factor(x > 3)"), [["factorx>3TRUE", [0, 0, 0, 1, 1, 1]]]);
  });

  test("comparisons are factors of FALSE and TRUE", () => {
    expectColumns(design("I(x >= 5)"), [["Ix>EQ5TRUE", [0, 0, 0, 0, 1, 1]]]);
    expectColumns(design('I(b != "v")'), [["Ib!EQvTRUE", [1, 1, 0, 0, 1, 1]]]);
    expectColumns(design("I((z < 2) + (x == 3))"), [["Iz<2PxEQEQ3", [0, 1, 2, 0, 0, 0]]]);
  });

  test("names the term of each column", () => {
    expect(buildDesign(formulaTerms("y ~ a*x + b"), "y ~ a*x + b", frame).termOf).toEqual([
      "a",
      "x",
      "b",
      "b",
      "a:x",
    ]);
  });
});

describe("what cannot be computed", () => {
  test.each([
    [
      "one",
      "formula, position 5: the factor 'one' has one level in the rows used ('k'); leave it out: 'y ~ one'",
    ],
    [
      "I(x > 0)",
      "formula, position 5: the factor 'I(x > 0)' has one level in the rows used ('TRUE'); leave it out: 'y ~ I(x > 0)'",
    ],
    [
      "log(z)",
      "data, column 'z': row 2: log(0) is not a finite number; it needs numbers above 0: drop the row, or use log1p()",
    ],
    [
      "sqrt(x - 3)",
      "data, column 'x': row 1: sqrt(-2) (x is 1) is not a finite number; it needs numbers of at least 0: drop the row",
    ],
    [
      "I(x / z)",
      "data, column 'x': row 2: 2 / 0 (x is 2, z is 0) is not a finite number; mend the value or drop the row",
    ],
    ["log(a)", "data, column 'a': row 1: 'p' is not a number; log() needs numbers"],
    ["I(x * a)", "data, column 'a': row 1: 'p' is not a number; '*' needs numbers"],
    [
      "scale(I(x * 0))",
      "formula, position 5: scale(I(x * 0)) cannot be scaled: it is 0 in every row; leave it out: 'y ~ scale(I(x * 0))'",
    ],
    [
      'I(b == "V")',
      `formula, position 9: b has no level "V"; did you mean 'v'? the levels are u, v, w: 'y ~ I(b == "V")'`,
    ],
    [
      'I(x == "1")',
      `formula, position 9: x is numeric; compare it with a number, without quotes: 'y ~ I(x == "1")'`,
    ],
    [
      'I(b < "v")',
      `formula, position 9: texts have no order here; use == or != instead of <: 'y ~ I(b < "v")'`,
    ],
    [
      "I(x + 1) + I((x) + 1)",
      "formula, position 1: 'I(x + 1)' and 'I((x) + 1)' would both be called 'IxP1'; rename one of them: 'y ~ I(x + 1) + I((x) + 1)'",
    ],
  ])("%s", (right, message) => {
    expect(error(right)).toBe(message);
  });
});
