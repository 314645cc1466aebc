import {
  buildModel,
  type Draws,
  diagnose,
  frameFromArrays,
  InputError,
  type Model,
  summarize,
  variableNames,
} from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { priorDensity } from "../src/density/prior.ts";
import { drive } from "../src/driver/drive.ts";
import type { Target } from "../src/driver/target.ts";
import { type SampleOptions, sample } from "../src/index.ts";
import { createEngine, planModel, targetOf } from "../src/plan.ts";
import { prepare } from "../src/problem.ts";
import { seedFrom } from "../src/random/philox.ts";
import { deviation, deviationBetween, drawsOf } from "./agreement.ts";
import { equal, normals, ONE_WAY_CASES, OTHER_CASES, oneWay } from "./edge-models.ts";
import { makeModel } from "./models.ts";
import { gridPosterior, oneWayPosterior, sinhAxis } from "./one-way-posterior.ts";

/** Cases that are known to mix slowly: they must say so, or be right. All others must converge. */
const SLOW = new Set(["gaussian: 100 groups of 1", "bernoulli: 100 groups of 1"]);

async function fitted(
  model: Model,
  options: SampleOptions,
): Promise<{ draws: Draws; share: number; warnings: readonly string[]; rhat: number }> {
  const fit = await sample(model, { seed: 7, ...options });
  const { draws } = fit;
  const found = diagnose({
    summaries: summarize(draws),
    divergences: fit.divergences,
    stepSize: fit.stepSize,
    acceptance: fit.acceptance,
    gradientsPerDraw: fit.gradientsPerDraw,
    chains: draws.chains,
    drawsPerChain: draws.draws,
  });
  return {
    draws,
    share: fit.divergences / (draws.chains * draws.draws),
    warnings: found.warnings,
    rhat: found.max_rhat?.value ?? Number.NaN,
  };
}

const isGlobal = (name: string): boolean => !name.startsWith("r_");

describe("hard geometries converge to the truth, or say that they do not", () => {
  const cases = [...ONE_WAY_CASES, ...OTHER_CASES].flatMap((edge) =>
    (edge.densities ?? (["auto"] as const)).map((density) => ({
      ...edge,
      density,
      title: `${edge.name} (${density})`,
    })),
  );
  it.each(cases)("$title", async ({ name, model, density, truth, options, densities }) => {
    const made = model();
    const { draws, share, warnings, rhat } = await fitted(made, { ...options, density });
    if (SLOW.has(name) && warnings.length > 0) return;
    expect(rhat).toBeLessThan(1.05);
    expect(share).toBeLessThan(0.005);
    if (truth === "quadrature")
      expect(deviation(draws, oneWayPosterior(made, made.family === "gaussian" ? 48 : 72))).toSatisfy(
        within4,
      );
    else if (truth === "two densities") {
      const other = await sample(made, {
        seed: 8,
        draws: 4000,
        density: densities!.find((d) => d !== density)!,
      });
      expect(deviationBetween(draws, other.draws, draws.variables.filter(isGlobal))).toSatisfy(within4);
    }
  });
});

const within4 = ({ z }: { z: number }): boolean => Math.abs(z) <= 4;

describe("100,000 groups", () => {
  it.each([
    ["gaussian", "collapsed"],
    ["bernoulli", "latent"],
  ] as const)("%s, %s", async (family, density) => {
    const model = oneWay({ family, sizes: equal(100_000, 2), sd: 0.7, intercept: 0.3 });
    const { draws, share } = await fitted(model, { density, chains: 2, warmup: 100, draws: 60 });
    expect(share).toBe(0);
    expect(deviation(draws, oneWayPosterior(model, 48))).toSatisfy(within4);
  });
});

describe("many small groups of a small sd, a third of them all alike", () => {
  // as in a subset of PRISM's conversations: written non-centred, such groups would take ESS from 1,100 to 210 of 4,000
  it("mix as the others do", async () => {
    const model = oneWay({ family: "bernoulli", sizes: equal(2400, 4), sd: 0.3, intercept: -1.1 });
    const plan = planModel(model, 0);
    const { information } = targetOf(plan).initial().reference!.transports[0]!;
    expect(information.every((i) => i > 0)).toBe(true);
    const { draws } = await fitted(model, {});
    const { ess_bulk: ess } = summarize(draws)["sd_g__Intercept"]!;
    expect(ess).toBeGreaterThan(400);
  });

  it("but few rows that are all alike are written non-centred", () => {
    const model = oneWay({ family: "bernoulli", sizes: equal(60, 1), sd: 1, intercept: 0 });
    const { information } = targetOf(planModel(model, 0)).initial().reference!.transports[0]!;
    expect(information.every((i) => i === 0)).toBe(true);
  });
});

describe("a bad start", () => {
  /** Starts many posterior sds from where the geometry says, and all chains on one side. */
  const misled = (target: Target): Target => ({
    globals: target.globals,
    learn: (moments, geometry) => target.learn(moments, geometry),
    initial: () => {
      const { metric, ...rest } = target.initial();
      const n = metric.mean.length;
      const mean = metric.mean.map(
        (m, k) => m + 8 * Math.hypot(...metric.factor.subarray(k * n, k * n + k + 1)),
      );
      return { ...rest, metric: { ...metric, mean } };
    },
  });
  it.each([
    ["gaussian", "collapsed"],
    ["gaussian", "latent"],
    ["bernoulli", "latent"],
  ] as const)("is found out of: %s, %s", async (family, density) => {
    const model = oneWay({ family, sizes: equal(20, 10), sd: 0.8, intercept: 1 });
    const plan = planModel(model, 0, { density });
    const chains = 4;
    const draws = 1000;
    const variables = variableNames(plan.problem.model, 0);
    const engine = await createEngine(plan, [0, 1, 2, 3], seedFrom(9));
    const values = new Float64Array(variables.length * chains * draws);
    for await (const { block } of drive(engine, misled(targetOf(plan)), { draws, warmup: 1000, variables })) {
      if (block === undefined) continue;
      for (let s = 0; s < variables.length * chains; s++)
        values.set(
          block.values.subarray(s * block.draws, (s + 1) * block.draws),
          s * draws + block.iteration,
        );
    }
    expect(deviation({ variables, chains, draws, values }, oneWayPosterior(model, 64))).toSatisfy(within4);
  });
});

describe("predictors", () => {
  const x = Array.from({ length: 40 }, (_, i) => (i - 19.5) / 10);
  const y = x.map((v) => (v > 0 ? 1 : 0));

  it("separable data have the posterior of their prior: quadrature", async () => {
    const model = makeModel({ family: "bernoulli", y, x: { x }, b: { kind: "normal", mean: 0, sd: 2.5 } });
    const { draws, warnings } = await fitted(model, {});
    const truth = gridPosterior(
      { b_Intercept: sinhAxis(0, 1, 50, true), b_x: sinhAxis(0, 1, 50, true) },
      ([a, b]) =>
        priorDensity(model.priors.intercept, a!).value +
        priorDensity(model.priors.b[0]!, b!).value -
        x.reduce((sum, v, i) => sum + Math.log1p(Math.exp((1 - 2 * y[i]!) * (a! + b! * v))), 0),
      96,
    );
    expect(warnings).toEqual([]);
    expect(deviation(draws, truth)).toSatisfy(within4);
  });

  it("separable data under a flat prior have no posterior, and every fit says so", async () => {
    const model = makeModel({ family: "bernoulli", y, x: { x } });
    const fits = await Promise.all([1, 2, 3].map((seed) => fitted(model, { seed })));
    for (const { warnings } of fits) {
      const said = warnings.join("\n");
      expect(said).toMatch(/The chains disagree.*'b_x'.*do not use these draws/);
      expect(said).toMatch(/transitions after warm-up diverged/);
      expect(said).toMatch(/Bulk ESS of 'b_x' is \d\d?, below 400/);
    }
  });

  it.each(["collapsed", "latent"] as const)(
    "nearly collinear ones have least squares' posterior: %s",
    async (density) => {
      const n = 200;
      const z = normals(3 * n, 5);
      const a = z.slice(0, n);
      const b = a.map((v, i) => v + 1e-4 * z[n + i]!);
      const flat = { kind: "flat" } as const;
      const model = makeModel({
        family: "gaussian",
        y: a.map((v, i) => v + z[2 * n + i]!),
        x: { a, b },
        priors: { intercept: flat, sigma: flat },
      });
      const { draws, warnings } = await fitted(model, { density });
      expect(warnings).toEqual([]);
      // the difference b - a is what is known badly: y on a and d = b - a, both centred, has coefficients (b_a + b_b, b_b)
      const problem = prepare(model);
      const column = (f: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => f(i));
      const first = column((i) => problem.x[3 * i + 1]!);
      const second = column((i) => problem.x[3 * i + 2]! - problem.x[3 * i + 1]!);
      const dot = (p: ArrayLike<number>, q: ArrayLike<number>): number => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += p[i]! * q[i]!;
        return sum;
      };
      const slope = dot(first, second) / dot(first, first);
      const rest = second.map((v, i) => v - slope * first[i]!);
      const estimate = dot(rest, problem.y) / dot(rest, rest);
      const x = drawsOf(draws, "b_b");
      const mean = x.reduce((s, v) => s + v, 0) / x.length;
      const { mcse_mean } = summarize(draws)["b_b"]!;
      expect(Math.abs(mean - estimate)).toBeLessThan(4 * mcse_mean!);
    },
  );

  const refused = (arrays: Record<string, ArrayLike<number>>, formula: string): string => {
    try {
      buildModel({ formula, family: "gaussian", frame: frameFromArrays(arrays) });
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      return (error as InputError).message;
    }
    return "accepted";
  };

  it("constant and exactly collinear ones, and a group of one level, are named", () => {
    const one = x.map(() => 1);
    expect(refused({ y: x, one }, "y ~ one")).toMatch(/predictor 'one' is 1 in every row used/);
    const twice = x.map((v) => 2 * v);
    expect(refused({ y, x, twice }, "y ~ x + twice")).toMatch(/'twice' is an exact linear combination of x;/);
    expect(refused({ y: x, one }, "y ~ 1 + (1 | one)")).toMatch(/group 'one' has one level/);
  });
});

describe("a group of one level in a model made by hand", () => {
  it.each([
    ["gaussian", "collapsed"],
    ["gaussian", "latent"],
    ["bernoulli", "latent"],
  ] as const)("has the posterior that its prior gives it: %s, %s", async (family, density) => {
    const model = oneWay({ family, sizes: [30], sd: 1 });
    const { draws, rhat } = await fitted(model, { density });
    expect(rhat).toBeLessThan(1.05);
    expect(deviation(draws, oneWayPosterior(model, 64))).toSatisfy(within4);
  });
});
