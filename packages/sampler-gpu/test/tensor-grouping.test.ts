import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { disposeAll, upload } from "../src/tensor/arrays.ts";
import { blockedSum } from "../src/tensor/blocked-sum.ts";
import { Grouping } from "../src/tensor/grouping.ts";
import { wasmRuntime } from "../src/tensor/wasm-runtime.ts";
import { numbers } from "./designs.ts";

beforeAll(() => wasmRuntime().activate());

/** 6 groups of nearly the same size, one of 40 members beside five of 2, and members of no group. */
const balanced = Int32Array.from({ length: 20 }, (_, i) => (i * 5) % 6);
const unbalanced = Int32Array.from({ length: 50 }, (_, i) => (i < 40 ? 3 : i % 6));
const gaps = Int32Array.from({ length: 18 }, (_, i) => (i % 4 === 3 ? -1 : (i * 5) % 6));

describe("members in groups", () => {
  it.each([
    ["padded", Grouping.padded("g", 6, 4), Int32Array.from({ length: 24 }, (_, i) => Math.floor(i / 4))],
    ["gathered", Grouping.by("g", 6, balanced), balanced],
    ["gathered", Grouping.by("g", 6, gaps), gaps],
    ["indexed", Grouping.by("g", 6, unbalanced), unbalanced],
  ] as const)("%s: values are spread and summed", (way, grouping, index) => {
    expect(grouping.way).toBe(way);
    const chains = 3;
    const n = index.length;
    const x = numbers(chains * n, 1);
    const values = numbers(chains * 6, 2);
    const inputs = upload(grouping.arrays);
    const [sums, added] = tf.tidy(() => {
      const members = tf.tensor2d(Float32Array.from(x), [chains, n]);
      const groups = tf.tensor2d(Float32Array.from(values), [chains, 6]);
      return [
        grouping.sums(inputs, members).dataSync(),
        grouping.addTo(inputs, members, groups).dataSync(),
      ] as const;
    });
    disposeAll(inputs);
    for (let c = 0; c < chains; c++) {
      const wanted = new Float64Array(6);
      index.forEach((g, i) => {
        if (g < 0) return;
        wanted[g]! += x[c * n + i]!;
        expect(added[c * n + i]).toBeCloseTo(x[c * n + i]! + values[c * 6 + g]!, 5);
      });
      wanted.forEach((sum, g) => {
        expect(sums[c * 6 + g]).toBeCloseTo(sum, 4);
      });
    }
  });
});

describe("sums in blocks", () => {
  it.each([7, 128, 300, 30_001])("of %i numbers keep what single precision has", (m) => {
    const x = Float32Array.from({ length: 2 * m }, (_, i) => -0.5 - 0.1 * Math.sin(i));
    const sums = tf.tidy(() => blockedSum(tf.tensor2d(x, [2, m])).dataSync());
    for (let c = 0; c < 2; c++) {
      const wanted = x.subarray(c * m, (c + 1) * m).reduce((a, b) => a + b, 0);
      // one accumulator errs by 0.09 over 30,000
      expect(Math.abs(sums[c]! - wanted)).toBeLessThan(5e-7 * m ** 0.9 + 1e-6);
    }
  });
});
