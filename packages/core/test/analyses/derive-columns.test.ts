import { describe, expect, it } from "vitest";
import {
  type ColumnValues,
  deriveColumns,
  type Frame,
  frameFromArrays,
  InputError,
  parseCsv,
  selectRows,
  selectWhere,
} from "../../src/index.ts";
import { randomStream } from "../../src/simulate/random.ts";

function derived(frame: Frame, columns: Readonly<Record<string, string>>, name: string): number[] {
  const derive = Object.entries(columns).map(([key, expression]) => ({ name: key, expression, line: 1 }));
  const column = deriveColumns(frame, derive).columns.get(name)!;
  if (column.type !== "numeric") throw new Error(`'${name}' is a factor`);
  return Array.from(column.values);
}

const one = (arrays: Record<string, ColumnValues>, expression: string): number[] =>
  derived(frameFromArrays(arrays), { new: expression }, "new");

function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("derived columns", () => {
  it("are a formula's arithmetic, in order", () => {
    const frame = frameFromArrays({ x: [1, 2, 4] });
    const columns = { half: "x / 2", both: "log(half) + x^2", half2: "(half == 1) * 10" };
    expect(derived(frame, columns, "both")).toEqual([Math.log(0.5) + 1, 4, Math.log(2) + 16]);
    expect(derived(frame, columns, "half2")).toEqual([0, 10, 0]);
    expect([...frame.columns.keys()]).toEqual(["x"]);
  });

  it("replace a column of their name, which they can use", () => {
    expect(derived(frameFromArrays({ x: [1, 2] }), { x: "x + 1", y: "x * 10" }, "y")).toEqual([20, 30]);
  });

  it("compare texts, whole and missing", () => {
    expect(one({ g: ["a", null, "b"] }, 'g == "a"')).toEqual([1, Number.NaN, 0]);
    expect(one({ g: ["a", null, "b"] }, 'g != "a"')).toEqual([0, Number.NaN, 1]);
  });

  it("are missing where a column is, and there alone", () => {
    expect(one({ x: [1, Number.NaN, 5], g: ["a", "a", "a"] }, "x + group_max(x, g)")).toEqual([
      6,
      Number.NaN,
      10,
    ]);
    expect(one({ x: [Number.NaN, Number.NaN] }, "detrend(x, x)")).toEqual([Number.NaN, Number.NaN]);
  });

  it("keep a factor a factor", () => {
    const frame = deriveColumns(frameFromArrays({ x: [3, 1, Number.NaN] }), [
      { name: "f", expression: "factor(x)", line: 1 },
    ]);
    expect(frame.columns.get("f")).toMatchObject({ levels: ["1", "3"], codes: Int32Array.of(1, 0, -1) });
  });

  it("take maximum, minimum and mean within groups of texts and of numbers", () => {
    const arrays = { x: [1, 5, -2, -3, 7], g: ["b", "b", "a", "a", "c"], k: [2, 2, 1, 1, 3] };
    expect(one(arrays, "group_max(x, g)")).toEqual([5, 5, -2, -2, 7]);
    expect(one(arrays, "group_min(x, k)")).toEqual([1, 1, -3, -3, 7]);
    expect(one(arrays, "group_mean(x, g)")).toEqual([3, 3, -2.5, -2.5, 7]);
    expect(one(arrays, "x == group_max(x, k)")).toEqual([0, 1, 1, 0, 1]);
    expect(one(arrays, "group_max(group_mean(x, g), I(k > 2))")).toEqual([3, 3, 3, 3, 7]);
  });
});

describe("detrend", () => {
  it("leaves the residuals of a line, the mean added back", () => {
    // Slope by hand: sum (x - 4)(y - 2) / sum (y - 2)^2 = ((-3)(-1) + 0 + (3)(1)) / 2 = 3.
    expect(one({ x: [1, 4, 7], y: [1, 2, 3] }, "detrend(x, y)")).toEqual([4, 4, 4]);
    // sum xy = (-1)(1) + (-1)(-2) + 2 (1) = 3, sum yy = 6: slope 1/2.
    const found = one({ x: [2, 2, 5], y: [11, 8, 11] }, "detrend(x, y)");
    expect(found).toEqual([1.5, 3, 4.5]);
  });

  it("has the mean of x, no correlation with y, and the coefficient of the regression on both", () => {
    const random = randomStream(3, "detrend");
    const y = Array.from({ length: 500 }, () => random.normal());
    const x = y.map((value) => 0.7 * value + random.normal() + 5);
    const residual = one({ x, y }, "detrend(x, y)");
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const products = (a: readonly number[], b: readonly number[]): number =>
      a.reduce((sum, value, row) => sum + (value - mean(a)) * (b[row]! - mean(b)), 0);
    expect(mean(residual)).toBeCloseTo(mean(x), 12);
    expect(products(residual, y)).toBeCloseTo(0, 9);
    // Frisch, Waugh and Lovell: z on the residual alone has the slope of x in z on x and y.
    const z = x.map((value, row) => 2 * value - y[row]! + random.normal());
    const [xx, xy, yy] = [products(x, x), products(x, y), products(y, y)];
    const both = (products(x, z) * yy - products(y, z) * xy) / (xx * yy - xy * xy);
    expect(products(residual, z) / products(residual, residual)).toBeCloseTo(both, 10);
  });

  it("needs a trend", () => {
    expect(faultOf(() => one({ x: [1, 2], y: [3, 3] }, "1 + detrend(x, y)"))).toBe(
      "derived column 'new', position 16: y is 3 in every row: there is no trend to take out: '1 + detrend(x, y)'",
    );
  });
});

describe("noise", () => {
  const rows = 20_000;
  const x = Array.from({ length: rows }, (_, row) => row / rows);
  const frame = frameFromArrays({ x, w: x });
  const noiseOf = (expression: string, of: Frame = frame): number[] =>
    derived(of, { e: `${expression} - x` }, "e");

  it("has mean 0, the sd that is asked for, and no correlation between rows or with x", () => {
    const e = noiseOf("noise(x, 0.05, 1)").map((value) => value / 0.05);
    const mean = (of: (row: number) => number): number => e.reduce((sum, _, row) => sum + of(row), 0) / rows;
    // Within 4 standard errors of what independent standard normal numbers have.
    const error = 4 / Math.sqrt(rows);
    expect(Math.abs(mean((row) => e[row]!))).toBeLessThan(error);
    expect(Math.abs(mean((row) => e[row]! ** 2) - 1)).toBeLessThan(error * Math.SQRT2);
    expect(Math.abs(mean((row) => e[row]! * (e[row + 1] ?? 0)))).toBeLessThan(error);
    expect(Math.abs(mean((row) => e[row]! * (x[row]! - 0.5) * Math.sqrt(12)))).toBeLessThan(error);
  });

  it("is the same for a seed, another for another seed and another column", () => {
    const first = noiseOf("noise(x, 0.05, 1)");
    expect(noiseOf("noise(x, 0.05, 1)")).toEqual(first);
    expect(noiseOf("noise(x, 0.1, 1)")[17]).toBeCloseTo(2 * first[17]!, 12);
    for (const other of ["noise(x, 0.05, 2)", "noise(w, 0.05, 1)"]) {
      const e = noiseOf(other);
      const product = e.reduce((sum, value, row) => sum + (value / 0.05) * (first[row]! / 0.05), 0) / rows;
      expect(Math.abs(product)).toBeLessThan(4 / Math.sqrt(rows));
    }
  });

  it("does not shift where cells are missing", () => {
    const gaps = frameFromArrays({ x: x.map((value, row) => (row === 3 ? Number.NaN : value)) });
    const first = noiseOf("noise(x, 0.05, 1)");
    const second = noiseOf("noise(x, 0.05, 1)", gaps);
    expect(second[3]).toBeNaN();
    expect(second.toSpliced(3, 1)).toEqual(first.toSpliced(3, 1));
  });

  it("wants numbers for sd and seed", () => {
    expect(faultOf(() => noiseOf("noise(x, w, 1)"))).toMatch(
      /position 10: sd of noise\(\) is a number, found w/,
    );
    expect(faultOf(() => noiseOf("noise(x, 0.1, 1.5)"))).toMatch(
      /the seed of noise\(\) is 1.5; it is a whole number/,
    );
  });
});

describe("a derived column names what is wrong", () => {
  const csv = parseCsv("score,model\n5,gpt-4\n0,gpt-4\n7,llama\n", { source: "r.csv" });

  it("an unknown column", () => {
    expect(faultOf(() => derived(csv, { top: "scor > 1" }, "top"))).toBe(
      "derived column 'top', position 1: no column 'scor' in r.csv; did you mean 'score'? the columns are score, model: 'scor > 1'",
    );
  });

  it("an unknown level", () => {
    expect(faultOf(() => derived(csv, { top: 'model == "gpt4"' }, "top"))).toMatch(
      /position 7: model has no level "gpt4"; did you mean 'gpt-4'\? the levels are gpt-4, llama/,
    );
  });

  it("the line of a value that is not finite, and of a text", () => {
    expect(faultOf(() => derived(csv, { top: "log(score)" }, "top"))).toMatch(
      /^r.csv, line 3, column 'score': log\(0\)/,
    );
    expect(faultOf(() => derived(csv, { top: "model + 1" }, "top"))).toMatch(
      /^r.csv, line 2, column 'model': 'gpt-4' is not a number/,
    );
  });
});

describe("selectWhere", () => {
  const frame = frameFromArrays({ score: [10, 60, 90, Number.NaN], type: ["a", "b", "b", "b"] }, "r.csv");
  const rowsOf = (...conditions: string[]): number[] => Array.from(selectWhere(frame, conditions));

  it("takes the rows in which every condition holds", () => {
    expect(rowsOf()).toEqual([0, 1, 2, 3]);
    expect(rowsOf('type == "b"')).toEqual([1, 2, 3]);
    expect(rowsOf('type == "b"', "score > 50")).toEqual([1, 2]);
    expect(rowsOf("score != 60")).toEqual([0, 2]);
    expect(rowsOf("score == group_max(score, type)")).toEqual([0, 2]);
    expect(rowsOf("score > 100")).toEqual([]);
    expect(selectRows(frame, selectWhere(frame, ['type == "a"'])).rows).toBe(1);
  });

  it("refuses what is no condition, and names that do not exist", () => {
    expect(faultOf(() => rowsOf("score + 1"))).toMatch(
      /^condition: 'score \+ 1' is no condition; compare a column/,
    );
    expect(faultOf(() => rowsOf("type"))).toMatch(/'type' is no condition/);
    expect(faultOf(() => rowsOf('typ == "a"'))).toMatch(
      /^condition, position 1: no column 'typ' in r.csv; did you mean 'type'\?/,
    );
    expect(faultOf(() => rowsOf('type == "c"'))).toMatch(/^condition, position 6: type has no level "c"/);
  });
});
