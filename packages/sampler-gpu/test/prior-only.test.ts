import { type Model, summarize } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { sample } from "../src/index.ts";
import { numbers } from "./designs.ts";
import { generalDesign, generalModel } from "./general-models.ts";
import { batchMean } from "./posteriors.ts";

describe("sampling the prior alone", () => {
  const rows = 40;
  const z = numbers(4 * rows, 8);
  const column = (k: number): Float64Array => z.slice(k * rows, (k + 1) * rows);
  const columns = { Intercept: column(0).map(() => 1), a: column(1), b: column(2), c: column(3) };
  const { c: _, ...three } = columns;
  const { b: __, ...two } = three;
  const of = Array.from({ length: rows }, (___, i) => i % 8);
  const model: Model = {
    ...generalModel({
      family: "student_t",
      y: column(0),
      x: { a: column(1).map((v) => v + 3) },
      groups: [
        { name: "four", of, columns },
        { name: "three", of: of.map((v) => v % 4), columns: three },
        { name: "two", of: of.map((v) => v % 3), columns: two },
      ],
      priors: {
        b: [{ kind: "normal", mean: 1, sd: 2 }],
        intercept: { kind: "normal", mean: -1, sd: 0.5 },
        sd: [4, 3, 2].map((q) => new Array(q).fill({ kind: "exponential", rate: 2 })),
        cor: [1, 1.5, 1],
        sigma: { kind: "exponential", rate: 0.2 },
        nu: { kind: "gamma", shape: 2, rate: 0.1 },
      },
    }),
    priorOnly: true,
  };

  it("gives the priors' probabilities below points, of correlations too", async () => {
    const fit = await sample(model, { seed: 9, draws: 4096 });
    expect(fit.divergences).toBe(0);
    const gamma = (x: number): number => 1 - (1 + 0.1 * x) * Math.exp(-0.1 * x);
    // r = 2 v - 1 with v ~ Beta(a, a), a = eta - 1 + q / 2 (Lewandowski et al. 2009, section 3)
    const beta2 = (r: number): number => ((r + 1) / 2) ** 2 * (3 - (r + 1));
    const cases: [string, (x: number) => number, number[]][] = [
      ["b_a", (x) => normal((x - 1) / 2), [-1, 1, 4]],
      ["sigma", (x) => 1 - Math.exp(-0.2 * x), [0.5, 3, 12]],
      ["nu", (x) => (gamma(x) - gamma(1)) / (1 - gamma(1)), [4, 15, 45]],
      ["sd_four__c", (x) => 1 - Math.exp(-2 * x), [0.03, 0.3, 1.2]],
      ["sd_two__Intercept", (x) => 1 - Math.exp(-2 * x), [0.03, 0.3, 1.2]],
      ["cor_two__Intercept__a", (x) => (x + 1) / 2, [-0.9, 0, 0.7]],
      ["cor_three__Intercept__a", beta2, [-0.8, 0.1, 0.7]],
      ["cor_three__a__b", beta2, [-0.8, 0.1, 0.7]],
      ["cor_four__Intercept__c", beta2, [-0.8, 0.1, 0.7]],
      ["cor_four__b__c", beta2, [-0.8, 0.1, 0.7]],
    ];
    for (const [name, probability, points] of cases) {
      for (const point of points) {
        const below = {
          draws: {
            ...fit.draws,
            values: fit.draws.values.map((v) => (v < point ? 1 : 0)),
          },
        };
        const { mean, mcse } = batchMean(below, name);
        expect(Math.abs(mean - probability(point)), `${name} below ${point}: ${mean}`).toBeLessThan(4 * mcse);
      }
    }
  });

  it("reaches the thresholds' tails: they are order statistics of their prior", async () => {
    const t3 = { kind: "student_t", df: 3, location: 0, scale: 2.5 } as const;
    const ordered: Model = {
      ...generalModel({
        family: "cumulative",
        y: Float64Array.from({ length: rows }, (___, i) => 1 + (i % 4)),
        categories: 4,
        x: { a: column(1) },
        groups: [],
        priors: { b: [{ kind: "normal", mean: 0, sd: 1 }], thresholds: [t3, t3, t3] },
      }),
      priorOnly: true,
    };
    const fit = await sample(ordered, { seed: 9, draws: 8192 });
    expect(fit.divergences).toBe(0);
    // Student's distribution function with 3 degrees of freedom
    const t = (x: number): number => {
      const u = x / 2.5 / Math.sqrt(3);
      return 0.5 + (Math.atan(u) + u / (1 + u * u)) / Math.PI;
    };
    const first = (x: number): number => 1 - (1 - t(x)) ** 3;
    const second = (x: number): number => t(x) ** 2 * (3 - 2 * t(x));
    const cases: [string, (x: number) => number, number[]][] = [
      ["b_Intercept[1]", first, [-17, -8, -2, 1]],
      ["b_Intercept[2]", second, [-5, 0, 5]],
      ["b_Intercept[3]", (x) => t(x) ** 3, [-1, 2, 8, 17]],
    ];
    const summary = summarize(fit.draws);
    for (const [name, probability, points] of cases) {
      // chains that rarely reach a tail tell a Monte Carlo error that is too small
      expect(summary[name]!.ess_tail, name).toBeGreaterThan(0.2 * 4 * 8192);
      for (const point of points) {
        const values = fit.draws.values.map((v) => (v < point ? 1 : 0));
        const { mean, mcse } = batchMean({ draws: { ...fit.draws, values } }, name);
        expect(Math.abs(mean - probability(point)), `${name} below ${point}: ${mean}`).toBeLessThan(4 * mcse);
      }
    }
  });

  it("takes models that the other densities sample with their rows", async () => {
    const { offset: _, ...crossed } = generalDesign("gaussian", "siblings");
    const fit = await sample({ ...crossed, priorOnly: true }, { seed: 2, draws: 2048 });
    expect(fit.density).toBe("general");
    const { mean, mcse } = batchMean(fit, "b_a");
    expect(Math.abs(mean - 0.1)).toBeLessThan(4 * mcse);
  });

  it("refuses priors that are not proper, and says which", async () => {
    const flat: Model = { ...model, priors: { ...model.priors, b: [{ kind: "flat" }] } };
    await expect(sample(flat, {})).rejects.toThrow(
      /the prior cannot be sampled while .*b_a.* has a flat prior/,
    );
  });
});

/** The normal distribution function, by Simpson's rule. */
function normal(x: number): number {
  const n = 2000;
  const h = (x + 10) / n;
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-0.5 * (-10 + i * h) ** 2);
  }
  return (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}
