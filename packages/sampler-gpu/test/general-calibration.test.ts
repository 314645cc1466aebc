import type { Model } from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { type CalibrationRequest, calibrate } from "./calibration.ts";
import { type CalibrationShape, simulateGeneral } from "./general-calibration.ts";

/** As in calibration.test.ts. */
const small = { fits: 44, size: 54, bins: 5 };
const CHANCE = 1e-4;

const leastOf = async (
  request: Omit<CalibrationRequest, keyof typeof small | "options">,
): Promise<{ least: number; apart: number }> => {
  const { p, apart } = await calibrate({ ...small, ...request, options: { draws: 250, chains: 2 } });
  return { least: Math.min(...p.values()) * p.size, apart };
};

describe("the general density: ranks of the truth among the draws are uniform", () => {
  const cases: [CalibrationRequest["family"], CalibrationShape][] = [
    ["gaussian", "three"],
    ["student_t", "nested"],
    ["bernoulli", "slopes"],
    ["binomial", "nested"],
    ["cumulative", "slopes"],
    ["beta", "slopes"],
  ];
  it.each(cases)("%s, %s", async (family, shape) => {
    const { least, apart } = await leastOf({ family, shape: simulateGeneral(shape) });
    expect(least).toBeGreaterThan(CHANCE);
    expect(apart).toBeLessThanOrEqual(2);
  });

  it("notices another prior of the correlations", async () => {
    const fitted = (model: Model): Model => ({ ...model, priors: { ...model.priors, cor: [40] } });
    const { least } = await leastOf({ family: "gaussian", shape: simulateGeneral("three"), fitted });
    expect(least).toBeLessThan(CHANCE);
  });
});
