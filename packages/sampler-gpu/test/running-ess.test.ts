import { describe, expect, test } from "vitest";
import type { DrawBlock } from "../src/driver/draw-block.ts";
import { leastEss, type RunningEss, startRunningEss, updateRunningEss } from "../src/driver/running-ess.ts";
import { fillNormals, seedFrom } from "../src/random/philox.ts";

/** [chains][draws] of a first-order autoregression, whose ESS is N (1 - phi) / (1 + phi). */
function chainsOf(chains: number, draws: number, phi: number, apart = 0): Float64Array {
  const x = new Float64Array(chains * draws);
  for (let c = 0; c < chains; c++) {
    fillNormals(x, draws, seedFrom(1), c, 0, 0, c * draws);
    for (let t = 1; t < draws; t++)
      x[c * draws + t] = phi * x[c * draws + t - 1]! + Math.sqrt(1 - phi ** 2) * x[c * draws + t]!;
    for (let t = 0; t < draws; t++) x[c * draws + t]! += c * apart;
  }
  return x;
}

function watch(series: readonly Float64Array[], chains: number, block: number): RunningEss {
  const variables = series.map((_, v) => `b_${v}`);
  const draws = series[0]!.length / chains;
  let state = startRunningEss(Array.from(series.keys()), chains);
  for (let from = 0; from < draws; from += block) {
    const count = Math.min(block, draws - from);
    const values = new Float64Array(series.length * chains * count);
    series.forEach((x, v) => {
      for (let c = 0; c < chains; c++)
        values.set(x.subarray(c * draws + from, c * draws + from + count), (v * chains + c) * count);
    });
    const piece: DrawBlock = { variables, chains, draws: count, values, iteration: from };
    state = updateRunningEss(state, piece);
  }
  return state;
}

describe("ESS so far", () => {
  test.each([
    [0, 4000],
    [0.5, 4000],
    [0.9, 20_000],
  ])("of autoregressions with phi = %d", (phi, draws) => {
    const expected = (4 * draws * (1 - phi)) / (1 + phi);
    const ess = leastEss(watch([chainsOf(4, draws, phi)], 4, 25))!;
    // with 4 x 32 to 64 batches the variance of their means is known to about 12%: within 3 of those, "about" in a progress line
    expect(ess / expected).toBeGreaterThan(0.64);
    expect(ess / expected).toBeLessThan(1.5);
  });

  test("is that of the worst variable, and small where chains stand apart", () => {
    const good = chainsOf(4, 2000, 0);
    const alone = leastEss(watch([good], 4, 25))!;
    expect(leastEss(watch([good, chainsOf(4, 2000, 0.9)], 4, 25))!).toBeLessThan(alone / 5);
    expect(leastEss(watch([chainsOf(4, 2000, 0, 10)], 4, 25))!).toBeLessThan(400);
  });

  test("of many chains is told from some of them", () => {
    const state = watch([chainsOf(40, 1000, 0.5)], 40, 25);
    expect(state.means.length).toBe(16 * 64);
    const ess = leastEss(state)!;
    expect(ess / (40_000 / 3)).toBeGreaterThan(0.64);
    expect(ess / (40_000 / 3)).toBeLessThan(1.5);
  });

  test("does not depend on the blocks", () => {
    const x = chainsOf(2, 1000, 0.3);
    expect(leastEss(watch([x], 2, 7))).toBeCloseTo(leastEss(watch([x], 2, 250))!, 6);
  });

  test("is not told from a few draws", () => {
    expect(leastEss(watch([chainsOf(2, 7, 0)], 2, 7))).toBeUndefined();
  });
});
