import { buildModel, frameFromArrays, type Prior } from "@bridgewise/core";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { priorDensity } from "../src/density/prior.ts";
import { planModel } from "../src/plan.ts";
import { PriorRow } from "../src/tensor/prior.ts";
import { wasmRuntime } from "../src/tensor/wasm-runtime.ts";

/** Log density at `from[1]` less that at `from[0]`, from R 4.2.2 (dnorm, dt, dcauchy, dlogis, dlnorm, dgamma; the others by their formulas). */
const KINDS: readonly { prior: Prior; from: readonly [number, number]; difference: number }[] = [
  { prior: { kind: "flat" }, from: [-1.2, 3], difference: 0 },
  { prior: { kind: "normal", mean: 0.5, sd: 2 }, from: [-1.2, 3], difference: -0.42 },
  {
    prior: { kind: "student_t", df: 4, location: 0.5, scale: 2 },
    from: [-1.2, 3],
    difference: -0.40927331774707776,
  },
  { prior: { kind: "cauchy", location: 0.5, scale: 2 }, from: [-1.2, 3], difference: -0.39720662055885025 },
  { prior: { kind: "logistic", location: 0.5, scale: 2 }, from: [-1.2, 3], difference: -0.1921280258063538 },
  { prior: { kind: "double_exponential", location: 0.5, scale: 2 }, from: [-1.2, 3], difference: -0.4 },
  { prior: { kind: "exponential", rate: 1.5 }, from: [0.2, 3], difference: -4.2 },
  { prior: { kind: "gamma", shape: 2, rate: 0.5 }, from: [0.2, 3], difference: 1.3080502011022102 },
  {
    prior: { kind: "lognormal", meanLog: 0.3, sdLog: 0.8 },
    from: [0.2, 3],
    difference: -0.3579161746733204,
  },
  { prior: { kind: "inv_gamma", shape: 3, scale: 2 }, from: [0.2, 3], difference: -1.4988674710755072 },
];
const bounded = new Set<Prior["kind"]>(["exponential", "gamma", "lognormal", "inv_gamma"]);

describe("densities of priors", () => {
  beforeAll(async () => {
    await wasmRuntime().activate();
  });

  it.each(KINDS)("$prior.kind is R's", ({ prior, from: [a, b], difference }) => {
    expect(priorDensity(prior, b).value - priorDensity(prior, a).value).toBeCloseTo(difference, 13);
  });

  it.each(KINDS)("$prior.kind: the slope is the density's", ({ prior }) => {
    for (const x of [0.07, 0.6, 1, 2.9, 11, ...(bounded.has(prior.kind) ? [] : [-0.4, -7])]) {
      const h = 1e-6 * Math.abs(x);
      const difference = (priorDensity(prior, x + h).value - priorDensity(prior, x - h).value) / (2 * h);
      const { slope } = priorDensity(prior, x);
      expect(Math.abs(slope - difference)).toBeLessThan(1e-7 * (1 + Math.abs(slope)));
    }
  });

  it("the tensor program has the same, all kinds in one row", () => {
    const priors = KINDS.map(({ prior }) => prior);
    const at = (x: number): { values: number[]; slopes: number[] } =>
      tf.tidy(() => {
        const row = new PriorRow(priors);
        const distance = tf.tensor2d(
          row.locations.map((location) => x - location),
          [1, priors.length],
        );
        const { values, slopes } = row.evaluate(distance);
        return { values: [...values.dataSync()], slopes: [...slopes.dataSync()] };
      });
    const base = at(1.3);
    for (const x of [0.05, 0.7, 2.2, 6]) {
      const { values, slopes } = at(x);
      priors.forEach((prior, k) => {
        const { value, slope } = priorDensity(prior, x);
        const moved = value - priorDensity(prior, 1.3).value;
        expect(Math.abs(values[k]! - base.values[k]! - moved), prior.kind).toBeLessThan(
          3e-6 * (1 + Math.abs(value)),
        );
        expect(Math.abs(slopes[k]! - slope), prior.kind).toBeLessThan(3e-6 * (1 + Math.abs(slope)));
      });
    }
    const below = at(-0.5);
    priors.forEach((prior, k) => {
      const { slope } = priorDensity(prior, -0.5);
      expect(below.values[k]! < -1e29, prior.kind).toBe(bounded.has(prior.kind));
      if (!bounded.has(prior.kind)) expect(below.slopes[k]).toBeCloseTo(slope, 5);
    });
  });
});

it("a gaussian model is collapsed under priors that can be integrated alone", () => {
  const frame = frameFromArrays({ y: [1, 2.5, 3, 4.2, 5, 7], x: [1, 2, 2, 3, 5, 4] });
  const density = (prior: string): string =>
    planModel(buildModel({ formula: "y ~ x", family: "gaussian", frame, priors: [prior] }).model, 100)
      .density;
  expect(density("b ~ student_t(3, 0, 1)")).toBe("collapsed");
  expect(density("b ~ logistic(0, 1)")).toBe("latent");
  expect(density("Intercept ~ double_exponential(0, 1)")).toBe("latent");
});
