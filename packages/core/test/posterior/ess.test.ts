import { describe, expect, test } from "vitest";
import { effectiveSampleSize, essMean, essQuantile, essSd } from "../../src/posterior/ess.ts";
import { mcseQuantile } from "../../src/posterior/mcse.ts";
import { mean } from "../../src/posterior/moments.ts";
import { potentialScaleReduction, rhat } from "../../src/posterior/rhat.ts";
import { expectRelative } from "./closeness.ts";
import { autoregressive } from "./random.ts";

/** The rules written out once more: direct sums, all lags in one array, two passes. */
function plainEss(x: Float64Array, chains: number): number {
  const n = x.length / chains;
  const rows = Array.from({ length: chains }, (_, c) => Array.from(x.subarray(c * n, (c + 1) * n)));
  const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const centres = rows.map(average);
  const acov = Array.from({ length: n }, (_, lag) =>
    average(
      rows.map((row, c) => {
        let sum = 0;
        for (let t = lag; t < n; t++) sum += (row[t]! - centres[c]!) * (row[t - lag]! - centres[c]!);
        return sum / n;
      }),
    ),
  );
  const within = (acov[0]! * n) / (n - 1);
  const grand = average(centres);
  const between = chains > 1 ? centres.reduce((sum, m) => sum + (m - grand) ** 2, 0) / (chains - 1) : 0;
  const varPlus = acov[0]! + between;
  const rho = acov.map((value) => 1 - (within - value) / varPlus);
  rho[0] = 1;

  let end = 0; // lag of the pair at which the positive sequence stops
  while (end < n - 5 && rho[end]! + rho[end + 1]! > 0) end += 2;
  const kept = rho.slice(0, end);
  for (let lag = 2; lag < end; lag += 2) {
    const before = kept[lag - 2]! + kept[lag - 1]!;
    if (kept[lag]! + kept[lag + 1]! > before) kept[lag] = kept[lag + 1] = before / 2;
  }
  const closing = rho[end]! + rho[end + 1]! >= 0 ? rho[end]! : Math.max(0, rho[end]!);
  const sum = end === 0 ? 1 : kept.reduce((a, b) => a + b, 0);
  return x.length / Math.max(-1 + 2 * sum + closing, 1 / Math.log10(x.length));
}

describe("effectiveSampleSize", () => {
  const lengths = [3, 4, 5, 6, 7, 8, 9, 10, 13, 24, 51, 200];
  test.each([-0.95, -0.5, 0, 0.5, 0.9, 0.99])("follows the rules at any length (phi = %d)", (phi) => {
    for (const chains of [1, 2, 5]) {
      for (const length of lengths) {
        for (let seed = 1; seed <= 10; seed++) {
          const x = autoregressive(1000 * seed + length, chains, length, phi);
          const what = `${chains} chains of ${length}, seed ${seed}`;
          expectRelative(effectiveSampleSize(x, chains), plainEss(x, chains), 1e-10, what);
        }
      }
    }
  });

  test("of AR(1) chains comes near S (1 - phi) / (1 + phi)", () => {
    // The mean over 20 seeds; its Monte Carlo error is taken from their spread.
    for (const phi of [0, 0.3, 0.7]) {
      const sizes = Float64Array.from({ length: 20 }, (_, s) =>
        effectiveSampleSize(autoregressive(77 + s, 4, 2000, phi), 4),
      );
      const centre = mean(sizes);
      const spread = Math.sqrt(mean(sizes.map((value) => (value - centre) ** 2)) / 19);
      // Truncating the sum leaves a bias of a few percent.
      const expected = (8000 * (1 - phi)) / (1 + phi);
      expect(Math.abs(centre - expected)).toBeLessThan(4 * spread + 0.03 * expected);
    }
  });

  test("chains that alternate perfectly count as in posterior, half their draws", () => {
    // rho_1 < -1: no pair is kept, and R's 1:0 sums rho_0 once (tau = 2).
    const x = Float64Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(effectiveSampleSize(x, 1)).toBe(20);
  });

  test("is capped at S log10 S", () => {
    expectRelative(effectiveSampleSize(autoregressive(3, 4, 500, -0.9), 4), 2000 * Math.log10(2000), 1e-14);
  });

  test("is not defined for constant, missing, infinite or too few draws", () => {
    expect(effectiveSampleSize(new Float64Array(100).fill(0.1), 4)).toBeNaN();
    expect(effectiveSampleSize(Float64Array.of(1, 2, 3, Number.NaN, 1, 2, 3, 4), 2)).toBeNaN();
    expect(effectiveSampleSize(Float64Array.of(1, 2, 3, Infinity, 1, 2, 3, 4), 2)).toBeNaN();
    expect(effectiveSampleSize(Float64Array.of(1, 2, 3, 4), 2)).toBeNaN();
    expect(essMean(Float64Array.of(1), 1)).toBeNaN();
    // Values that vary less than posterior's tolerance are constant, those above are not.
    const x = autoregressive(1, 4, 50, 0.3);
    expect(
      essQuantile(
        x.map((value) => value * 1e-17),
        4,
        0.5,
      ),
    ).toBeNaN();
    expect(
      essQuantile(
        x.map((value) => value * 1e-12),
        4,
        0.5,
      ),
    ).toBe(essQuantile(x, 4, 0.5));
  });
});

describe("ESS and standard errors of other quantities", () => {
  const x = autoregressive(12, 4, 400, 0.4);

  test("ess_sd does not depend on location and scale", () => {
    expectRelative(
      essSd(
        x.map((value) => 3 - 20 * value),
        4,
      ),
      essSd(x, 4),
      1e-10,
    );
    expect(essSd(x, 4)).not.toBe(essMean(x, 4));
  });

  test("the 100% quantile is looked at half a draw below the end", () => {
    expect(essQuantile(x, 4, 1)).toBe(essQuantile(x, 4, (1600 - 0.5) / 1600));
  });

  test("mcse of the median of independent normals is near sqrt(pi / 2 / S)", () => {
    const errors = Float64Array.from({ length: 20 }, (_, s) =>
      mcseQuantile(autoregressive(500 + s, 4, 1000, 0), 4, 0.5),
    );
    const expected = Math.sqrt(Math.PI / 2 / 4000);
    const centre = mean(errors);
    const spread = Math.sqrt(mean(errors.map((value) => (value - centre) ** 2)) / 19);
    expect(Math.abs(centre - expected)).toBeLessThan(4 * spread + 0.05 * expected);
  });
});

describe("rhat", () => {
  test("of chains with known means and variances", () => {
    // Means 0 and 3, variances 4/3 each: B = 4 * 4.5, W = 4/3.
    const x = Float64Array.of(-1, -1, 1, 1, 2, 2, 4, 4);
    expectRelative(potentialScaleReduction(x, 2), Math.sqrt((18 / (4 / 3) + 3) / 4), 1e-15);
  });

  test("chains that stand still at different values have an infinite one", () => {
    expect(
      rhat(
        Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0.1 : 0.7 + (i < 30 ? 0 : 1))),
        2,
      ),
    ).toBe(Infinity);
  });

  test("does not depend on a monotone change of scale, for the draws themselves", () => {
    const x = autoregressive(8, 4, 100, 0.5).map((value, i) => value + (i < 100 ? 1 : 0));
    expect(rhat(x, 4)).toBeGreaterThan(1.05);
    expectRelative(
      rhat(
        x.map((value) => 5 + 2 * value),
        4,
      ),
      rhat(x, 4),
      1e-12,
    );
  });

  test("sees chains that differ in scale alone", () => {
    const x = autoregressive(9, 4, 500, 0).map((value, i) => (i < 500 ? 4 * value : value));
    expect(potentialScaleReduction(x, 4)).toBeLessThan(1.01);
    expect(rhat(x, 4)).toBeGreaterThan(1.05);
  });
});
