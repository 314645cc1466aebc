import { describe, expect, it } from "vitest";
import {
  checkLevels,
  checkModel,
  checkStatistics,
  countChecks,
  densityOverlay,
  pitHistogram,
  pitValues,
  type Replicates,
  skewness,
} from "../../src/checks/index.ts";
import { type DrawColumns, requireColumn } from "../../src/predict/index.ts";
import { randomStream } from "../../src/simulate/random.ts";
import { largestDifference, ordinal, readJson, sleep, verbal } from "./fixture.ts";

/** Replicated data sets given by hand. */
const replicatesOf = (...sets: number[][]): Replicates => ({
  count: sets.length,
  rows: sets[0]!.length,
  y: Float64Array.from(sets.flat()),
  expected: new Float64Array(sets[0]!.length),
});

describe("checks of replicated data given by hand", () => {
  const y = Float64Array.of(0, 1, 1, 4);
  const replicates = replicatesOf([0, 0, 0, 4], [1, 1, 1, 3], [2, 2, 2, 2], [0, 1, 1, 4]);

  it("p-values are shares of replicated statistics that reach the observed one", () => {
    const found = checkStatistics(y, replicates, "counts");
    const of = (name: string) => found.find(({ statistic }) => statistic === name)!;
    expect(of("mean")).toMatchObject({ observed: 1.5, p_value: 0.75 });
    expect(of("max")).toMatchObject({ observed: 4, p_value: 0.5 });
    expect(of("share of 0")).toMatchObject({ observed: 0.25, p_value: 0.5 });
    expect(of("mean").replicated.estimate).toBeCloseTo((1 + 1.5 + 2 + 1.5) / 4, 14);
  });

  it("levels' means", () => {
    const [a, b] = checkLevels(y, replicates, ["a", "b"], Int32Array.of(0, 0, 1, 1));
    expect(a).toMatchObject({ level: "a", rows: 2, observed: 0.5, p_value: 0.75 });
    expect(b).toMatchObject({ level: "b", rows: 2, observed: 2.5, p_value: 0.25 });
  });

  it("counts of values, of categories and of ranges", () => {
    expect(countChecks(y, replicates).map(({ value, observed }) => [value, observed])).toEqual([
      ["0", 1],
      ["1", 2],
      ["2", 0],
      ["3", 0],
      ["4", 1],
    ]);
    const ordered = countChecks(Float64Array.of(1, 2, 2), replicatesOf([1, 1, 2]), ["low", "high"]);
    expect(ordered.map(({ value, observed, replicated }) => [value, observed, replicated.estimate])).toEqual([
      ["low", 1, 2],
      ["high", 2, 1],
    ]);
    expect(countChecks(Float64Array.of(0, 121), replicatesOf([5, 6])).slice(0, 2)).toMatchObject([
      { value: "0 to 2", observed: 1 },
      { value: "3 to 5", observed: 0 },
    ]);
  });

  it("PIT values lie where the observed value does among the replicated ones", () => {
    const half = { uniform: () => 0.5, normal: () => 0 };
    expect([...pitValues(y, replicates, half)]).toEqual([0.3, 0.5, 0.5, 0.7]);
    expect(pitHistogram(Float64Array.of(0, 0.5, 0.999, 1), "plain").counts).toEqual([
      1,
      ...new Array(9).fill(0),
      1,
      ...new Array(8).fill(0),
      2,
    ]);
  });
});

it("density and skewness are R's", () => {
  const y = sleep().model.y;
  const theirs = readJson<{ density: number[]; skewness: number }>("calibration");
  const { density } = { density: densityOverlay(y, replicatesOf([...y])) };
  // kept to six digits
  density.y.forEach((value, i) => {
    expect(Math.abs(value / theirs.density[i]! - 1)).toBeLessThan(1e-5);
  });
  expect(density.y_rep).toEqual([density.y]);
  expect(largestDifference([skewness(y)], [theirs.skewness])).toBeLessThan(1e-12);
});

describe("checks of brms's fits", () => {
  it("of a gaussian model", () => {
    const { model, draws } = sleep();
    const checks = checkModel(model, draws, { random: randomStream(1, "check") });
    expect(checks).toMatchObject({
      rows: 180,
      draws: 200,
      replicates: 100,
      groups_drawn: [],
      calibration: null,
    });
    const { bayes_R2 } = readJson<{ bayes_R2: number[] }>("sleep");
    const mean = bayes_R2.reduce((sum, v) => sum + v, 0) / 200;
    expect(checks.r2.bayes.conditional!.estimate).toBeCloseTo(mean, 12);
    expect(checks.predictive.by_group).toMatchObject({ group: "Subject" });
    expect(checks.predictive.by_group!.levels).toHaveLength(18);
    expect(checks.predictive.density!.y_rep).toHaveLength(50);
    expect(checks.predictive.counts).toBeNull();
    const statistic = checks.predictive.statistics.find((row) => row.statistic === "mean")!;
    expect(statistic.p_value).toBeGreaterThan(0.1);
    expect(statistic.p_value).toBeLessThan(0.9);
    expect(checks.predictive.pit.counts.reduce((sum, count) => sum + count, 0)).toBe(180);
    expect(JSON.parse(JSON.stringify(checks))).toEqual(checks);
  });

  it("a model with far too little spread is found out", () => {
    const { model, draws } = sleep();
    const narrow: DrawColumns = {
      ...draws,
      column: (name) =>
        name === "sigma" ? requireColumn(draws, name).map((v) => v / 4) : draws.column(name),
    };
    const { predictive } = checkModel(model, narrow, { random: randomStream(1, "check") });
    const { counts, expected } = predictive.pit;
    expect(counts[0]! + counts.at(-1)!).toBeGreaterThan(4 * expected);
    expect(predictive.statistics.find((row) => row.statistic === "sd")!.p_value).toBeLessThan(0.05);
  });

  it("of a binary and of an ordered response", () => {
    const { model, draws } = verbal();
    const binary = checkModel(model, draws, { by: "item", random: randomStream(1, "check") });
    expect(binary.calibration!.bins).toHaveLength(10);
    expect(binary.predictive.statistics.map(({ statistic }) => statistic)).toEqual(["share of 1"]);
    expect(binary.predictive.by_group!.group).toBe("item");
    expect(binary.predictive.counts!.map(({ value }) => value)).toEqual(["0", "1"]);
    expect(Object.keys(binary.icc!.by_group)).toEqual(["id", "item"]);
    const ordered = ordinal();
    const { predictive } = checkModel(ordered.model, ordered.draws, { random: randomStream(1, "check") });
    expect(predictive.counts!.map(({ value }) => value)).toEqual(["no", "perhaps", "yes"]);
    expect(predictive.counts!.reduce((sum, { observed }) => sum + observed, 0)).toBe(480);
  });

  it("effects that were not kept are drawn anew, and said to be", () => {
    const { model, draws } = verbal();
    const without: DrawColumns = {
      ...draws,
      column: (name) => (name.startsWith("r_id") ? undefined : draws.column(name)),
    };
    const checks = checkModel(model, without, { random: randomStream(1, "check") });
    expect(checks.groups_drawn).toEqual(["id"]);
    expect(checks.r2.bayes.conditional).toBeNull();
    const whole = checkModel(model, draws, { random: randomStream(1, "check") });
    expect(checks.calibration!.brier).toBeGreaterThan(whole.calibration!.brier);
    const spread = (of: typeof checks): number => of.predictive.statistics[0]!.replicated.error;
    // new persons vary more than those that were seen
    expect(spread(checks)).toBeGreaterThan(1.3 * spread(whole));
  });
});
