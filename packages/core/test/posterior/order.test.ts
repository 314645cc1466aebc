import { describe, expect, test } from "vitest";
import { fold, foldOrder } from "../../src/posterior/fold.ts";
import { normalQuantile } from "../../src/posterior/normal.ts";
import { orderBuffers, sortOrder } from "../../src/posterior/order.ts";
import { averageRanks, rankNormalize } from "../../src/posterior/ranks.ts";
import { splitChains, splitOrder } from "../../src/posterior/split.ts";
import { autoregressive, uniforms } from "./random.ts";

const wild = Float64Array.of(3, -1.5, Infinity, 1e-310, -0, 0, -Infinity, -1e300, 2 ** -1074, 3, -1.5, 1e300);
const gather = (x: Float64Array, order: Int32Array): number[] => Array.from(order, (i) => x[i]!);

describe("sortOrder", () => {
  test("sorts as numbers sort, from denormals to infinities", () => {
    expect(gather(wild, sortOrder(wild))).toEqual(Array.from(wild.slice().sort()));
  });

  // steps of so many units in the last place: runs that share their upper 32 bits are single, short, or everything
  test.each([2 ** 33, 2 ** 29, 2 ** 27, 1])(
    "sorts values that differ in their last bits alone (%d ulp)",
    (ulps) => {
      const next = uniforms(2);
      for (const sign of [1, -1]) {
        const x = Float64Array.from(
          { length: 700 },
          () => sign * (1 + Math.floor(300 * next()) * ulps * Number.EPSILON),
        );
        const expected = Array.from(x.keys()).sort((i, j) => x[i]! - x[j]! || i - j);
        expect(Array.from(sortOrder(x))).toEqual(expected);
      }
    },
  );

  test("is stable and may reuse its buffers, at odd offsets of memory too", () => {
    const next = uniforms(1);
    const buffers = orderBuffers(500);
    const all = Float64Array.from({ length: 1501 }, () => Math.floor(200 * (next() - 0.5)) / 8);
    for (const start of [1, 501, 1001]) {
      const x = all.subarray(start, start + 500);
      const expected = Array.from(x.keys()).sort((i, j) => x[i]! - x[j]! || i - j);
      expect(Array.from(sortOrder(x, buffers))).toEqual(expected);
    }
  });
});

describe("ranks", () => {
  test("ties get the average of their ranks", () => {
    expect(Array.from(averageRanks(Float64Array.of(10, 20, 10, 30, 20, 20)))).toEqual([1.5, 4, 1.5, 6, 4, 4]);
    expect(Array.from(averageRanks(Float64Array.of(0, -0, 5)))).toEqual([1.5, 1.5, 3]);
  });

  test("rank-normalised values are normal quantiles of (rank - 3/8) / (n + 1/4)", () => {
    const z = rankNormalize(Float64Array.of(10, 20, 10, 30));
    expect(Array.from(z)).toEqual([1.5, 3, 1.5, 4].map((rank) => normalQuantile((rank - 0.375) / 4.25)));
  });
});

describe("fold", () => {
  test.each([0, 0.25, -3, 7])("one merge sorts the distances from %d", (centre) => {
    const x = Float64Array.from(autoregressive(5, 1, 301, 0.2), (value) => Math.round(value * 16) / 16);
    const folded = fold(x, centre);
    expect(Array.from(folded)).toEqual(Array.from(x, (value) => Math.abs(value - centre)));
    expect(gather(folded, foldOrder(folded, x, centre, sortOrder(x)))).toEqual(
      Array.from(folded.slice().sort()),
    );
  });

  test("infinite values are farthest on both sides", () => {
    const folded = fold(wild, 1);
    expect(gather(folded, foldOrder(folded, wild, 1, sortOrder(wild)))).toEqual(
      Array.from(folded.slice().sort()),
    );
  });
});

describe("splitChains", () => {
  test("halves chains; an odd one loses its middle draw", () => {
    const even = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    expect(splitChains(even, 2)).toBe(even);
    expect(Array.from(splitChains(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 2))).toEqual([
      1, 2, 4, 5, 6, 7, 9, 10,
    ]);
    expect(splitChains(Float64Array.of(1), 1)).toHaveLength(0);
  });

  test.each([8, 9])("splitOrder sorts the split chains (%d draws)", (draws) => {
    const x = autoregressive(draws, 3, draws, 0.5);
    const split = splitChains(x, 3);
    expect(gather(split, splitOrder(sortOrder(x), 3))).toEqual(Array.from(split.slice().sort()));
  });
});
