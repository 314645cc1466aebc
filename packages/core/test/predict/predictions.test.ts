import { describe, expect, it } from "vitest";
import { frameFromArrays } from "../../src/frame/index.ts";
import {
  drawNewLevels,
  fittedRows,
  groupsNamed,
  newRows,
  type Prediction,
  predictRows,
  thinDraws,
} from "../../src/predict/index.ts";
import { randomStream } from "../../src/simulate/random.ts";
import { largestDifference, ordinal, readJson, readTable, sleep, verbal } from "../checks/fixture.ts";

/** [rows] Estimate, Est.Error, Q2.5, Q97.5 as brms prints them. */
type Summary = readonly (readonly number[])[];

const numbers = (rows: readonly Prediction[]): number[] =>
  rows.flatMap(({ estimate, error, quantiles }) => [estimate, error, ...quantiles]);

const expectSame = (ours: readonly Prediction[], theirs: Summary): void => {
  expect(largestDifference(numbers(ours), theirs.flat())).toBeLessThan(1e-10);
};

describe("gaussian with correlated slopes, from brms's draws", () => {
  const fitted = sleep();
  const { draws } = fitted;
  const theirs = readJson<Record<string, Summary>>("sleep");
  const data = readTable("checks/sleep-new.csv");

  it("fitted values are brms's, with and without group effects", () => {
    expectSame(predictRows(fittedRows(fitted), draws, { kind: "fitted" }), theirs["fitted"]!);
    expectSame(predictRows(fittedRows(fitted, []), draws, { kind: "fitted" }), theirs["fitted_marginal"]!);
  });

  it("new data are brms's", () => {
    const rows = frameFromArrays({ Days: [0, 2.5, 12], Subject: ["308", "309", "372"] });
    expectSame(predictRows(newRows(fitted, rows), draws, { kind: "fitted" }), theirs["new_fitted"]!);
    expectSame(
      predictRows(newRows(fitted, data, { groups: [] }), draws, { kind: "fitted" }),
      theirs["new_fitted_marginal"]!,
    );
  });

  it("drawn responses have brms's mean and spread", () => {
    const ours = predictRows(fittedRows(fitted), draws, { kind: "predicted", random: randomStream(3, "y") });
    // 200 draws on each side: the mean's standard error is the spread over sqrt(200), the sd's over sqrt(400)
    ours.forEach(({ estimate, error }, row) => {
      const [mean, sd] = theirs["predict"]![row]!;
      const spread = Math.hypot(error, sd!);
      expect(Math.abs(estimate - mean!)).toBeLessThan((4 * spread) / Math.sqrt(200));
      expect(Math.abs(error - sd!)).toBeLessThan((4 * spread) / Math.sqrt(400));
    });
  });

  it("a new subject's effects come from N(0, Sigma) of each draw", () => {
    const repeated = frameFromArrays({
      Days: Array.from({ length: 400 }, () => 4),
      Subject: Array.from({ length: 400 }, (_, k) => `new${k}`),
    });
    const rows = newRows(fitted, repeated, { newLevels: "sample" });
    const columns = drawNewLevels(rows, draws, randomStream(5, "new levels"));
    const ours = predictRows(rows, columns, { kind: "linear" });
    const column = (name: string): Float64Array => draws.column(name)!;
    const [sd0, sd1] = [column("sd_Subject__Intercept"), column("sd_Subject__Days")];
    const cor = column("cor_Subject__Intercept__Days");
    const variance =
      sd0.reduce((sum, a, s) => sum + a * a + 16 * sd1[s]! ** 2 + 8 * a * sd1[s]! * cor[s]!, 0) / draws.draws;
    const population = predictRows(newRows(fitted, repeated, { groups: [] }), draws, { kind: "linear" })[0]!;
    const total = variance + population.error ** 2;
    const meanOf = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    const effects = 400 * draws.draws;
    expect(Math.abs(meanOf(ours.map(({ estimate }) => estimate)) - population.estimate)).toBeLessThan(
      4 * Math.sqrt(variance / effects),
    );
    // of a normal variance over n values the standard error is variance sqrt(2 / n); the draws' mixture widens it
    expect(Math.abs(meanOf(ours.map(({ error }) => error ** 2)) / total - 1)).toBeLessThan(
      4 * Math.sqrt(4 / effects),
    );
    // and brms's own two new subjects lie within their error of the same distribution
    for (const row of [3, 4]) {
      const [mean, sd] = theirs["new_levels"]![row]!;
      expect(Math.abs(mean! - population.estimate)).toBeLessThan(4 * Math.sqrt(total / 200));
      expect(Math.abs(sd! / Math.sqrt(total) - 1)).toBeLessThan(4 * Math.sqrt(1 / 200));
    }
  });
});

describe("bernoulli with scale(), factors and crossed groups, from brms's draws", () => {
  const fitted = verbal();
  const { draws, model } = fitted;
  const theirs = readJson<Record<string, Summary>>("verbal");
  const data = readTable("checks/verbal-new.csv");
  const predict = (names: string[], kind: "fitted" | "linear") =>
    predictRows(fittedRows(fitted, groupsNamed(model, names)), draws, { kind });

  it("fitted values and the linear predictor are brms's, for any choice of groups", () => {
    expectSame(predict(["all"], "fitted"), theirs["fitted"]!);
    expectSame(predict(["none"], "fitted"), theirs["fitted_marginal"]!);
    expectSame(predict(["id"], "fitted"), theirs["fitted_id"]!);
    expectSame(predict(["all"], "linear"), theirs["linear"]!);
  });

  it("new data are coded with the fit's levels and scaled by the fit's mean and sd", () => {
    const rows = frameFromArrays({
      Anger: [10, 25],
      Gender: ["F", "M"],
      btype: ["scold", "curse"],
      id: ["1", "17"],
      item: ["S1WantCurse", "S2DoShout"],
    });
    expectSame(predictRows(newRows(fitted, rows), draws, { kind: "fitted" }), theirs["new_fitted"]!);
    expectSame(
      predictRows(newRows(fitted, data, { groups: [] }), draws, { kind: "fitted" }),
      theirs["new_fitted_marginal"]!,
    );
  });

  it("new levels may be drawn, count as zero, or be refused", () => {
    expect(() => newRows(fitted, data)).toThrow(
      "checks/verbal-new.csv, line 4, column 'id': 'someone' is a new level of id; say --new-levels sample",
    );
    const zero = predictRows(newRows(fitted, data, { newLevels: "zero" }), draws, { kind: "fitted" });
    const none = predictRows(newRows(fitted, data, { groups: [] }), draws, { kind: "fitted" });
    expect(zero[3]).toEqual(none[3]);
    expect(zero[0]).not.toEqual(none[0]);
    const rows = newRows(fitted, data, { newLevels: "sample" });
    expect(rows.drawn).toEqual([["someone", "other"], ["new item"]]);
    const sampled = predictRows(rows, drawNewLevels(rows, draws, randomStream(1, "new")), { kind: "fitted" });
    expect(sampled[0]).toEqual(zero[0]);
    for (const row of [2, 3]) {
      const [mean, sd] = theirs["new_levels"]![row]!;
      const spread = Math.hypot(sampled[row]!.error, sd!);
      expect(Math.abs(sampled[row]!.estimate - mean!)).toBeLessThan((4 * spread) / Math.sqrt(200));
      expect(Math.abs(sampled[row]!.error - sd!)).toBeLessThan((4 * spread) / Math.sqrt(400));
    }
  });

  it.each([
    [
      { btype: ["curse", "yell"] },
      "row 2: 'yell' is a level of btype that the fit did not see, so it has no coefficient; the levels are curse, scold, shout",
    ],
    [{ Anger: ["12", "much"] }, "column 'Anger': row 2: 'much' is not a number"],
    [{ Anger: [12, Number.NaN] }, "column 'Anger': row 2: the cell is missing or not finite"],
    [{ id: undefined }, "no column 'id', which 'r2 ~ scale(Anger)"],
  ])("bad new data: %o", (change, message) => {
    const good = {
      Anger: [12, 13],
      Gender: ["F", "M"],
      btype: ["curse", "scold"],
      id: ["1", "1"],
      item: ["S1WantCurse", "S1WantCurse"],
    };
    const columns = Object.fromEntries(
      Object.entries({ ...good, ...change }).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
    );
    expect(() => newRows(fitted, frameFromArrays(columns))).toThrow(message);
  });

  it("an unknown group is refused with those that exist", () => {
    expect(() => groupsNamed(model, ["person"])).toThrow(
      "no group 'person'; give all, none, or some of id, item",
    );
  });
});

describe("ordered categories, from brms's draws", () => {
  it("fitted gives each category's probability", () => {
    const fitted = ordinal();
    const theirs = readJson<{ fitted: number[][][] }>("ordinal").fitted;
    const ours = predictRows(fittedRows(fitted), fitted.draws, { kind: "fitted" });
    fitted.model.categories!.forEach((category, k) => {
      const rows = ours.filter((row) => row.category === category).slice(0, 40);
      expectSame(rows, theirs[k]!);
    });
  });

  it("predicted gives each category's share of the drawn responses", () => {
    const fitted = ordinal();
    const rows = fittedRows(fitted);
    const expected = predictRows(rows, fitted.draws, { kind: "fitted" });
    const ours = predictRows(rows, fitted.draws, { kind: "predicted", random: randomStream(4, "y") });
    const shares = new Map<number, number>();
    ours.forEach(({ row, category, estimate, quantiles }, k) => {
      const p = expected[k]!;
      expect([row, category]).toEqual([p.row, p.category]);
      // a share of n draws, counted in steps of 1 / n, which is all where hardly any is expected
      const n = fitted.draws.draws;
      expect(Math.abs(estimate - p.estimate)).toBeLessThan(
        4 * Math.sqrt((p.estimate * (1 - p.estimate)) / n) + 1 / n,
      );
      expect(quantiles.every((q) => q >= 0 && q <= 1)).toBe(true);
      shares.set(row, (shares.get(row) ?? 0) + estimate);
    });
    for (const total of shares.values()) expect(total).toBeCloseTo(1, 12);
  });
});

describe("thinned draws", () => {
  const all = { draws: 10, column: () => Float64Array.from({ length: 10 }, (_, s) => s) };

  it("are spread over all of them", () => {
    expect([...thinDraws(all, 5).column("x")!]).toEqual([1, 3, 5, 7, 9]);
    expect(thinDraws(all, 20)).toBe(all);
    expect(() => thinDraws(all, 0)).toThrow("whole number of at least 1");
  });
});
