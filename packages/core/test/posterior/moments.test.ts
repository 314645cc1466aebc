import { describe, expect, test } from "vitest";
import { mean, standardDeviation, variance } from "../../src/posterior/moments.ts";
import { mad, median, quantile } from "../../src/posterior/quantile.ts";
import { expectRelative } from "./closeness.ts";

describe("moments", () => {
  test("of 1..n in closed form, far from zero too", () => {
    const n = 1001;
    for (const offset of [0, 1e9]) {
      const x = Float64Array.from({ length: n }, (_, i) => offset + i + 1);
      expectRelative(mean(x), offset + (n + 1) / 2, 1e-15);
      expectRelative(variance(x), (n * (n + 1)) / 12, 1e-13);
      expectRelative(standardDeviation(x), Math.sqrt((n * (n + 1)) / 12), 1e-13);
    }
  });

  test("a first value far from the others costs no digits", () => {
    expect(mean(Float64Array.of(1e15, -1e15, 0.3, 0.3))).toBe(0.15);
  });

  test("constant values have exactly their mean and no variance", () => {
    const x = new Float64Array(1000).fill(0.1);
    expect(mean(x)).toBe(0.1);
    expect(variance(x)).toBe(0);
  });

  test("infinities and empty input", () => {
    expect(mean(Float64Array.of(1, Infinity))).toBe(Infinity);
    expect(mean(Float64Array.of(Infinity, 1))).toBe(Infinity);
    expect(mean(Float64Array.of(-Infinity, Infinity))).toBeNaN();
    expect(mean(Float64Array.of(1e308, -1e308, 1e308, 1e308))).toBe(5e307);
    expect(mean(new Float64Array(0))).toBeNaN();
    expect(variance(Float64Array.of(1))).toBeNaN();
  });
});

describe("quantiles", () => {
  test("type 7: linear between order statistics at 1 + (n - 1) p", () => {
    const x = Float64Array.of(40, 10, 30, 20);
    expect(quantile(x, 0)).toBe(10);
    expect(quantile(x, 0.25)).toBe(17.5);
    expect(median(x)).toBe(25);
    expectRelative(quantile(x, 0.9), 37, 1e-15);
    expect(quantile(x, 1)).toBe(40);
    expect(quantile(x, 1.01)).toBeNaN();
  });

  test("between equal values lies exactly that value", () => {
    for (const value of [0.1, 0.7, 1e-3]) {
      const x = new Float64Array(10).fill(value);
      for (let percent = 0; percent <= 100; percent++) expect(quantile(x, percent / 100)).toBe(value);
    }
  });

  test("infinities are kept, missing values spread, nothing has no quantile", () => {
    expect(median(Float64Array.of(-Infinity, Infinity, Infinity, Infinity))).toBe(Infinity);
    expect(median(Float64Array.of(1, 2, Number.NaN))).toBeNaN();
    expect(median(new Float64Array(0))).toBeNaN();
  });

  test("mad is 1.4826 times the median distance from the median", () => {
    expectRelative(mad(Float64Array.of(1, 1, 2, 2, 4, 6, 9)), 1.4826, 1e-15);
  });
});
