import { describe, expect, test } from "vitest";
import { betaCdf, betaQuantile } from "../../src/posterior/beta.ts";
import { expectRelative } from "./closeness.ts";

const PROBABILITIES = [1e-5, 0.01, 0.1586553, 0.5, 0.8413447, 0.999];

/**
 * I_x(a, b) for whole a, b in exact arithmetic: the chance of at least a successes in a + b - 1 trials,
 * x a fraction with denominator 2^60. 30 digits.
 */
function exactCdf(x: number, a: number, b: number): number {
  const unit = 2n ** 60n;
  const success = BigInt(Math.round(x * 2 ** 30)) * 2n ** 30n;
  const failure = unit - success;
  const trials = a + b - 1;
  let choose = 1n;
  let sum = 0n;
  for (let j = 0; j <= trials; j++) {
    if (j >= a) sum += choose * success ** BigInt(j) * failure ** BigInt(trials - j);
    choose = (choose * BigInt(trials - j)) / BigInt(j + 1);
  }
  return Number((sum * 10n ** 30n) / unit ** BigInt(trials)) / 1e30;
}

describe("betaCdf", () => {
  test.each([
    [1, 1, 0.3],
    [2, 2, 0.3],
    [21, 381, 0.04],
    [21, 381, 0.06],
    [201, 201, 0.49],
    [381, 21, 0.97],
    [40, 3, 0.5],
  ])("Beta(%d, %d) against exact binomial sums", (a, b, x) => {
    const dyadic = Math.round(x * 2 ** 30) / 2 ** 30;
    expectRelative(betaCdf(dyadic, a, b), exactCdf(dyadic, a, b), 1e-13);
  });

  test("is 0 and 1 outside (0, 1), NaN for impossible shapes", () => {
    expect(betaCdf(-1, 2, 3)).toBe(0);
    expect(betaCdf(1, 2, 3)).toBe(1);
    expect(betaCdf(0.5, 0, 3)).toBeNaN();
    expect(betaCdf(Number.NaN, 1, 3)).toBeNaN();
  });
});

describe("betaQuantile against closed forms", () => {
  test.each(PROBABILITIES)("p = %d", (p) => {
    for (const shape of [1, 7.5, 300.25, 20_000]) {
      expectRelative(
        betaQuantile(p, 1, shape),
        -Math.expm1(Math.log1p(-p) / shape),
        1e-12,
        `Beta(1, ${shape})`,
      );
      expectRelative(betaQuantile(p, shape, 1), p ** (1 / shape), 1e-12, `Beta(${shape}, 1)`);
    }
    // The arcsine distribution.
    expectRelative(betaQuantile(p, 0.5, 0.5), Math.sin((Math.PI * p) / 2) ** 2, 1e-12, "Beta(1/2, 1/2)");
  });

  test("the median of a symmetric one is 1/2", () => {
    for (const a of [1, 2.5, 500.5, 12_345.6]) expectRelative(betaQuantile(0.5, a, a), 0.5, 1e-14);
  });

  test("inverts the cdf, and is 0, 1 or NaN at the ends and outside", () => {
    for (const [a, b] of [
      [51.3, 951.7],
      [3000.4, 2.6],
      [1.01, 1.5],
    ] as const) {
      for (const p of PROBABILITIES) {
        // The cdf passes p within 1e-12 of the quantile.
        const x = betaQuantile(p, a, b);
        expect(betaCdf(x * (1 - 1e-12), a, b)).toBeLessThan(p);
        expect(betaCdf(x * (1 + 1e-12), a, b)).toBeGreaterThan(p);
      }
    }
    expect(betaQuantile(0, 2, 3)).toBe(0);
    expect(betaQuantile(1, 2, 3)).toBe(1);
    expect(betaQuantile(1.5, 2, 3)).toBeNaN();
    expect(betaQuantile(0.5, Number.NaN, 3)).toBeNaN();
  });
});
