import type { Model, Prior } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import type { SampleOptions } from "../src/index.ts";
import { type CalibrationRequest, calibrate, PRIORS_AWAY_FROM_ZERO, uniformity } from "./calibration.ts";

/** `bench/calibration.mjs` has more fits, more bins and every case. */
const small = { fits: 44, size: 54, bins: 5 };
/** Least p of all parameters that is put down to chance, after counting the parameters. */
const CHANCE = 1e-4;

const leastOf = async (request: Omit<CalibrationRequest, keyof typeof small>): Promise<number> => {
  const { p } = await calibrate({ ...small, ...request, options: { draws: 250, ...request.options } });
  return Math.min(...p.values()) * p.size;
};

describe("ranks of the truth among the draws are uniform", () => {
  const cases: [CalibrationRequest["family"], CalibrationRequest["shape"], SampleOptions][] = [
    ["gaussian", "nested", { density: "collapsed" }],
    ["gaussian", "nested", { density: "latent" }],
    ["gaussian", "crossed", { density: "collapsed" }],
    ["gaussian", "crossed", { density: "latent", parametrisation: "centred" }],
    ["bernoulli", "nested", { parametrisation: "transport" }],
    ["bernoulli", "nested", { parametrisation: "transport", precision: "float32" }],
    ["bernoulli", "crossed", { parametrisation: "transport" }],
    ["bernoulli", "crossed", { parametrisation: "noncentred" }],
  ];
  it.each(cases)("%s, %s, %o", async (family, shape, options) => {
    const centred = options.parametrisation === "centred";
    const least = await leastOf({
      family,
      shape,
      options,
      ...(centred && { priors: PRIORS_AWAY_FROM_ZERO }),
    });
    expect(least).toBeGreaterThan(CHANCE);
  });
});

describe("a fault is noticed", () => {
  const withPriors = (change: (priors: Model["priors"]) => Partial<Model["priors"]>) => (model: Model) => ({
    ...model,
    priors: { ...model.priors, ...change(model.priors) },
  });
  const narrow: Prior = { kind: "exponential", rate: 6 };

  it.each(["collapsed", "latent"] as const)("another scale of an sd's prior, %s", async (density) => {
    const fitted = withPriors(({ sd }) => ({ sd: [[narrow], ...sd.slice(1)] }));
    expect(await leastOf({ family: "gaussian", shape: "nested", options: { density }, fitted })).toBeLessThan(
      CHANCE,
    );
  });

  it("another place of the Intercept's prior", async () => {
    const fitted = withPriors(() => ({ intercept: { kind: "normal", mean: -1.2, sd: 0.4 } }));
    expect(await leastOf({ family: "bernoulli", shape: "crossed", options: {}, fitted })).toBeLessThan(
      CHANCE,
    );
  });

  it("data that are not looked at: by the log likelihood's rank", async () => {
    // the response is another one, so that the posterior says nothing of the truth's own data
    const fitted = (model: Model): Model => ({ ...model, y: model.y.map((v) => 1 - v) });
    expect(await leastOf({ family: "bernoulli", shape: "nested", options: {}, fitted })).toBeLessThan(CHANCE);
  });
});

describe("chi-square of a histogram", () => {
  it("has the closed form's tail: 4 degrees of freedom", () => {
    // counts 7, 5, 5, 5, 3 of 25: X = 8 / 5, P = exp(-0.8) (1 + 0.8)
    expect(uniformity(Int32Array.of(7, 5, 5, 5, 3))).toBeCloseTo(Math.exp(-0.8) * 1.8, 12);
    expect(uniformity(Int32Array.of(5, 5, 5, 5, 5))).toBe(1);
  });
});
