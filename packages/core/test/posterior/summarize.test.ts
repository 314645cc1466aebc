import { describe, expect, test } from "vitest";
import { essBulk, essTail, mad, mcseMean, rhat, summarize } from "../../src/posterior/index.ts";
import { expectRelative } from "./closeness.ts";
import { autoregressive } from "./random.ts";

describe("summarize", () => {
  test.each([
    [4, 100],
    [3, 77],
    [1, 9],
    [2, 5],
    [1, 1],
  ])(
    "agrees with the single diagnostics (%d chains of %d), whatever came before in the buffers",
    (chains, draws) => {
      const size = chains * draws;
      const values = new Float64Array(5 * size);
      values.set(autoregressive(1, chains, draws, 0.5), 0);
      values.fill(Number.NaN, size, 2 * size);
      values.set(
        autoregressive(2, chains, draws, 0.9).map((x) => 1e6 + 1e3 * x),
        2 * size,
      );
      values.fill(2.5, 3 * size, 4 * size);
      values.set(autoregressive(3, chains, draws, 0).map(Math.round), 4 * size);
      const summary = summarize({ variables: ["a", "b", "c", "d", "e"], chains, draws, values });
      expect(Object.keys(summary)).toEqual(["a", "b", "c", "d", "e"]);
      for (const [v, name] of ["a", "b", "c", "d", "e"].entries()) {
        const x = values.subarray(v * size, (v + 1) * size);
        const { mad: ourMad, rhat: ourRhat, ess_bulk, ess_tail, mcse_mean } = summary[name]!;
        const pairs: readonly (readonly [number | null, number])[] = [
          [ourMad, mad(x)],
          [ourRhat, rhat(x, chains)],
          [ess_bulk, essBulk(x, chains)],
          [ess_tail, essTail(x, chains)],
          [mcse_mean, mcseMean(x, chains)],
        ];
        for (const [ours, single] of pairs) {
          if (Number.isFinite(single)) expectRelative(ours, single, 1e-13, name);
          else expect(ours).toBeNull();
        }
        for (const value of Object.values(summary[name]!))
          expect(value === null || Number.isFinite(value)).toBe(true);
      }
    },
  );

  test("draws whose median is infinite have no distances from it", () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? i : Infinity));
    const { mostly } = summarize({ variables: ["mostly"], chains: 2, draws: 20, values });
    expect(mostly).toMatchObject({ mean: null, median: null, mad: null, rhat: null, ess_tail: null });
    expectRelative(mostly!.q5, 7.8, 1e-15);
  });

  test("a name may be one that objects have already", () => {
    const values = autoregressive(1, 2, 20, 0);
    const summary = summarize({ variables: ["__proto__"], chains: 2, draws: 20, values });
    expect(Object.keys(summary)).toEqual(["__proto__"]);
  });

  test("refuses sizes that do not fit and names that occur twice", () => {
    const values = new Float64Array(7);
    expect(() => summarize({ variables: ["a"], chains: 2, draws: 4, values })).toThrow(
      "7 values instead of 8",
    );
    expect(() =>
      summarize({ variables: ["a", "a"], chains: 1, draws: 1, values: values.subarray(0, 2) }),
    ).toThrow("two variables 'a'");
  });
});
