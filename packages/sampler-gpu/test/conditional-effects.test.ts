import {
  type DrawColumns,
  type Draws,
  effectNames,
  type GroupTerm,
  logLikelihoodOf,
  loo,
  type Model,
  mcseMean,
  mcseSd,
  mean,
  standardDeviation,
  variableNames,
} from "@bridgewise/core";
import { describe, expect, it } from "vitest";
import { conditionalEffects, sample } from "../src/index.ts";
import { inverse } from "../src/linear/cholesky.ts";
import { drawsOf } from "./agreement.ts";
import { design } from "./designs.ts";
import { pastes, prismLike } from "./models.ts";

/** Columns of draws, those of some groups left out. */
function columnsOf(draws: Draws, without: readonly GroupTerm[] = []): DrawColumns {
  const left = new Set(without.flatMap(effectNames));
  const at = new Map(draws.variables.map((name, v) => [name, v]));
  const size = draws.chains * draws.draws;
  return {
    draws: size,
    column(name) {
      const v = at.get(name);
      return v === undefined || left.has(name) ? undefined : draws.values.subarray(v * size, (v + 1) * size);
    },
  };
}

const named = (model: Model, ...names: string[]): GroupTerm[] =>
  model.groups.filter(({ name }) => names.includes(name));

/** Draws whose globals and kept effects are all the same: what is drawn is a sample of one normal distribution. */
function fixedDraws(model: Model, values: Record<string, number>, draws: number): Draws {
  const variables = variableNames(model, Infinity);
  const all = new Float64Array(variables.length * draws);
  variables.forEach((name, v) => {
    all.fill(values[name] ?? 0.1 * Math.sin(v), v * draws, (v + 1) * draws);
  });
  return { variables, chains: 4, draws: draws / 4, values: all };
}

/** Mean and covariance of the effects of some groups given everything else, by the dense precision matrix. */
function dense(
  model: Model,
  draws: Draws,
  missing: readonly GroupTerm[],
): { mean: Float64Array; covariance: Float64Array; size: number } {
  const at = (name: string): number => drawsOf(draws, name)[0]!;
  const offsets: number[] = [];
  let size = 0;
  for (const { levels } of missing) {
    offsets.push(size);
    size += levels.length;
  }
  const precision = new Float64Array(size * size);
  const right = new Float64Array(size);
  missing.forEach((group, g) => {
    group.levels.forEach((_, j) => {
      precision[(offsets[g]! + j) * (size + 1)] = 1 / at(`sd_${group.name}__Intercept`) ** 2;
    });
  });
  const w = 1 / at("sigma") ** 2;
  const kept = model.groups.filter((group) => !missing.includes(group));
  for (let i = 0; i < model.rows; i++) {
    let r = model.y[i]! - at("b_Intercept");
    model.predictors.forEach((name, k) => {
      r -= model.x[i * model.predictors.length + k]! * at(`b_${name}`);
    });
    for (const { name, levels, index } of kept) r -= at(`r_${name}[${levels[index[i]!]},Intercept]`);
    const own = missing.map(({ index }, g) => offsets[g]! + index[i]!);
    for (const a of own) {
      right[a]! += w * r;
      for (const b of own) precision[a * size + b]! += w;
    }
  }
  const covariance = inverse(precision, size)!;
  const mean = right.map((_, a) =>
    right.reduce((sum, value, b) => sum + covariance[a * size + b]! * value, 0),
  );
  return { mean, covariance, size };
}

describe("effects drawn from their conditional distribution", () => {
  it.each([
    ["a single term", ["user"], {}],
    ["two nested terms beside a kept factor", ["user", "talk"], {}],
    ["three nested terms", ["user", "talk", "turn"], { deep: true }],
    ["the outer of two nested terms", ["user"], { nested: true }],
    ["the inner of two nested terms", ["talk"], { unbalanced: true }],
    ["crossed terms, jointly", ["user", "item"], { nested: true }],
    ["nested and crossed terms, jointly", ["user", "talk", "item"], { nested: true }],
  ])("have the mean and covariance of the dense normal: %s", (_, names, options) => {
    const model = design("gaussian", options);
    const missing = named(model, ...names);
    const S = 40_000;
    const values = {
      sigma: 0.8,
      sd_user__Intercept: 0.7,
      sd_talk__Intercept: 0.5,
      sd_turn__Intercept: 0.4,
      sd_item__Intercept: 0.6,
    };
    const draws = fixedDraws(model, values, S);
    const { draws: size, column } = conditionalEffects(model, columnsOf(draws, missing), {
      seed: 5,
      chains: 4,
    });
    expect(size).toBe(S);
    const columns = missing.flatMap(effectNames).map((name) => column(name)!);
    const truth = dense(model, draws, missing);
    expect(columns).toHaveLength(truth.size);
    columns.forEach((x, a) => {
      const sd = Math.sqrt(truth.covariance[a * (truth.size + 1)]!);
      expect(Math.abs(mean(x) - truth.mean[a]!)).toBeLessThan(4 * (sd / Math.sqrt(S)));
      for (let b = 0; b <= a; b++) {
        const y = columns[b]!;
        const other = Math.sqrt(truth.covariance[b * (truth.size + 1)]!);
        const wanted = truth.covariance[a * truth.size + b]!;
        let sum = 0;
        for (let s = 0; s < S; s++) sum += (x[s]! - truth.mean[a]!) * (y[s]! - truth.mean[b]!);
        // of a product of two normals: var = sd^2 other^2 + cov^2; one in 1,000 pairs would pass 4 errors' tail too seldom to matter
        const error = Math.sqrt((sd ** 2 * other ** 2 + wanted ** 2) / S);
        expect(Math.abs(sum / S - wanted)).toBeLessThan(4.5 * error);
      }
    });
  });

  it("agree with a run that kept them, and so does its LOO: Pastes, casks in batches", async () => {
    const model = pastes();
    const { draws } = await sample(model, { seed: 3, draws: 2000, reportedLevels: Infinity });
    const added = conditionalEffects(model, columnsOf(draws, model.groups), { seed: 3, chains: 4 });
    for (const name of model.groups.flatMap(effectNames)) {
      const [ours, kept] = [added.column(name)!, drawsOf(draws, name)];
      expect(ours).not.toEqual(kept);
      const error = Math.hypot(mcseMean(ours, 4), mcseMean(kept, 4));
      expect(Math.abs(mean(ours) - mean(kept)), name).toBeLessThan(4 * error);
      const sdError = Math.hypot(mcseSd(ours, 4), mcseSd(kept, 4));
      expect(Math.abs(standardDeviation(ours) - standardDeviation(kept)), name).toBeLessThan(4 * sdError);
    }
    compareLoo(model, draws, added);
  });

  it("agree in full size: PRISM-like ratings, 7,960 conversations of 1,396 users", async () => {
    const model = prismLike("gaussian");
    const { draws } = await sample(model, { seed: 4, draws: 250, reportedLevels: Infinity });
    const large = model.groups.filter(({ levels }) => levels.length > 100);
    expect(large).toHaveLength(2);
    const added = conditionalEffects(model, columnsOf(draws, large), { seed: 4, chains: 4 });
    for (const group of large) {
      // all effects at once: their differences in standard errors are standard normal, squared they sum to a chi-square
      const names = effectNames(group);
      let sum = 0;
      for (const name of names) {
        const [ours, kept] = [added.column(name)!, drawsOf(draws, name)];
        const error = Math.sqrt((standardDeviation(ours) ** 2 + standardDeviation(kept) ** 2) / 1000);
        sum += ((mean(ours) - mean(kept)) / error) ** 2;
      }
      // given the same globals the two are not independent, which makes the differences smaller, never larger
      expect(sum / names.length).toBeLessThan(1 + 4 * Math.sqrt(2 / names.length));
      expect(sum / names.length).toBeGreaterThan(0.8);
    }
    compareLoo(model, draws, added);
  });

  it("do not depend on the draws that follow, and follow the seed", () => {
    const model = design("gaussian");
    const missing = named(model, "user", "talk");
    const at = (draws: number, seed: number): Float64Array =>
      conditionalEffects(model, columnsOf(fixedDraws(model, {}, draws), missing), { seed, chains: 4 }).column(
        effectNames(missing[1]!)[2]!,
      )!;
    expect(at(400, 1).subarray(0, 50)).toEqual(at(200, 1).subarray(0, 50));
    expect(at(200, 2)).not.toEqual(at(200, 1));
  });
});

/** Elpd of the kept effects and of those drawn anew, within 4 combined Monte Carlo errors. */
function compareLoo(model: Model, draws: Draws, added: DrawColumns): void {
  const [kept, ours] = [columnsOf(draws), added].map((columns) => loo(logLikelihoodOf(model, columns, 4)));
  const error = (x: Float64Array): number => Math.sqrt(x.reduce((sum, value) => sum + value ** 2, 0));
  const combined = Math.hypot(error(kept!.pointwise.mcse), error(ours!.pointwise.mcse));
  expect(Math.abs(kept!.elpd.estimate - ours!.elpd.estimate)).toBeLessThan(4 * combined);
}

describe("effects that cannot be drawn afterwards", () => {
  const message = (model: Model, missing: readonly GroupTerm[]): string => {
    try {
      conditionalEffects(model, columnsOf(fixedDraws(model, {}, 40), missing), { seed: 1, chains: 4 });
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  it("name the groups and the way out", () => {
    const gaussian = design("gaussian");
    const crossed = design("gaussian", { rows: 9 * 260 });
    expect(message(crossed, named(crossed, "user", "item"))).toMatch(
      /no effects of 'user' \(260 levels\) and 'item' \(5 levels\), and these are crossed.*fit again with --effects all/,
    );
    const bernoulli = design("bernoulli");
    expect(message(bernoulli, named(bernoulli, "user"))).toMatch(/family gaussian alone.*--effects all/);
    const slopes = {
      ...gaussian,
      groups: gaussian.groups.map((group) =>
        group.name === "user"
          ? { ...group, coefficients: ["Intercept", "a"], z: new Float64Array(2 * gaussian.rows).fill(1) }
          : group,
      ),
    };
    expect(message(slopes, named(slopes, "user"))).toMatch(/'user' has slopes.*--effects all/);
  });
  it("are none where all are kept", () => {
    const model = design("gaussian");
    const columns = columnsOf(fixedDraws(model, {}, 40));
    expect(conditionalEffects(model, columns, { seed: 1, chains: 4 })).toBe(columns);
  });
});
