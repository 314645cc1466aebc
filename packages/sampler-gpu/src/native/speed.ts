import type { Model } from "@bridgewise/core";
import { type SampleOptions, sample } from "../sample.ts";

const ROWS = 10_000;
const PREDICTORS = 8;
const GROUPS = 500;
const CHAINS = 4;
/** Draws of the first, short fit, which says how long the second has to be. */
const SHORT = 20;

/** The speed test's model, no different from machine to machine: a logistic regression with one grouping factor. */
function speedModel(): Model {
  const half = { kind: "student_t", df: 3, location: 0, scale: 2.5 } as const;
  return {
    formula: "y ~ x1 + … + x8 + (1 | g)",
    family: "bernoulli",
    rows: ROWS,
    response: "y",
    y: Float64Array.from({ length: ROWS }, (_, i) => (Math.sin(i * i) > 0 ? 1 : 0)),
    intercept: true,
    predictors: Array.from({ length: PREDICTORS }, (_, k) => `x${k + 1}`),
    x: Float64Array.from({ length: ROWS * PREDICTORS }, (_, i) => Math.sin((i + 1) ** 2)),
    groups: [
      {
        name: "g",
        levels: Array.from({ length: GROUPS }, (_, j) => `${j}`),
        index: Int32Array.from({ length: ROWS }, (_, i) => i % GROUPS),
        coefficients: ["Intercept"],
        correlated: false,
      },
    ],
    priors: {
      intercept: half,
      thresholds: [],
      b: Array(PREDICTORS).fill({ kind: "flat" }),
      sd: [[half]],
      cor: [1],
      sigma: half,
      nu: half,
      phi: half,
    },
  };
}

/**
 * Gradients per second, each of one chain, of the speed test's model with four chains: the rate of whole transitions, everything outside
 * the gradient included, on one thread. Takes about `seconds`, and the time of the set-up.
 */
export async function gradientsPerSecond(
  seconds: number,
  options: Pick<SampleOptions, "runtime" | "precision"> = {},
): Promise<number> {
  const model = speedModel();
  const rate = async (draws: number): Promise<number> => {
    const fit = await sample(model, { ...options, chains: CHAINS, warmup: 20, draws, reportedLevels: 0 });
    return (fit.gradientsPerDraw * draws * CHAINS) / fit.seconds.sampling;
  };
  const first = await rate(SHORT);
  const perDraw = CHAINS * 4;
  return rate(Math.max(SHORT, Math.ceil((first * seconds) / perDraw)));
}
