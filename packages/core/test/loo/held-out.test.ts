import { describe, expect, it } from "vitest";
import {
  type DrawColumns,
  type GroupTerm,
  heldOutDensity,
  heldOutVariables,
  InputError,
  logMeanExp,
  type Model,
  mean,
  modelOfRows,
  randomStream,
  variance,
} from "../../src/index.ts";
import { checkPredictors, foldsOf, splitRows } from "../../src/loo/index.ts";
import { drawLevels } from "../../src/predict/index.ts";

const FLAT = { kind: "flat" } as const;
const DRAWS = 40_000;

/** A group from labels, level order as in the text. */
function group(name: string, labels: readonly string[], more: Partial<GroupTerm> = {}): GroupTerm {
  const levels = [...new Set(labels)].sort();
  const index = Int32Array.from(labels, (label) => levels.indexOf(label));
  return { name, levels, index, coefficients: ["Intercept"], correlated: false, ...more };
}

function model(family: Model["family"], y: readonly number[], groups: readonly GroupTerm[]): Model {
  const rows = y.length;
  return {
    formula: "by hand",
    family,
    rows,
    response: "y",
    y: Float64Array.from(y),
    intercept: true,
    predictors: ["x", "w"],
    x: Float64Array.from({ length: 2 * rows }, (_, i) => Math.cos(i)),
    offset: Float64Array.from({ length: rows }, (_, i) => i / 10),
    groups,
    priors: {
      intercept: FLAT,
      thresholds: [],
      b: [FLAT, FLAT],
      sd: [[FLAT]],
      cor: [1],
      sigma: FLAT,
      nu: FLAT,
      phi: FLAT,
    },
  };
}

/** Draws in which every variable has one value. */
function fixed(values: Readonly<Record<string, number>>): DrawColumns {
  return {
    draws: DRAWS,
    column: (name) => (name in values ? new Float64Array(DRAWS).fill(values[name]!) : undefined),
  };
}

const normal = (y: number, m: number, v: number): number =>
  Math.exp((-0.5 * (y - m) ** 2) / v) / Math.sqrt(2 * Math.PI * v);

describe("folds", () => {
  const sizes = (folds: Int32Array, k: number): number[] =>
    Array.from({ length: k }, (_, f) => folds.filter((fold) => fold === f).length);

  it("have sizes that differ by one at most, and follow the seed", () => {
    const folds = foldsOf(103, { k: 10, seed: 1 });
    expect(sizes(folds, 10).sort()).toEqual([...new Array(7).fill(10), ...new Array(3).fill(11)]);
    expect(foldsOf(103, { k: 10, seed: 1 })).toEqual(folds);
    expect(foldsOf(103, { k: 10, seed: 2 })).not.toEqual(folds);
    // not in the order of the rows
    expect([...folds].slice(0, 10)).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("leave out whole groups", () => {
    const by = Int32Array.from({ length: 200 }, (_, i) => (i * 7) % 23);
    const folds = foldsOf(200, { k: 5, seed: 3, by });
    for (let level = 0; level < 23; level++)
      expect(new Set(folds.filter((_, i) => by[i] === level)).size).toBe(1);
    expect(new Set(folds).size).toBe(5);
  });

  it("get their share of each stratum", () => {
    const stratify = Int32Array.from({ length: 100 }, (_, i) => (i < 27 ? 1 : 0));
    const folds = foldsOf(100, { k: 4, seed: 3, stratify });
    for (let fold = 0; fold < 4; fold++) {
      const rare = folds.filter((own, i) => own === fold && stratify[i] === 1).length;
      expect(rare).toBeGreaterThanOrEqual(6);
      expect(rare).toBeLessThanOrEqual(7);
    }
    expect(sizes(folds, 4)).toEqual([25, 25, 25, 25]);
  });

  it("are at most as many as rows or groups", () => {
    expect(() => foldsOf(5, { k: 6, seed: 1 })).toThrow(/2 to the number of rows, 5: 6/);
    expect(() => foldsOf(9, { k: 4, seed: 1, by: Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2) })).toThrow(
      /2 to the number of groups, 3: 4/,
    );
    expect(() => foldsOf(5, { k: 1, seed: 1 })).toThrow(RangeError);
  });

  it("split the rows in two", () => {
    expect(splitRows({ rows: 5 }, (row) => row % 2 === 1)).toEqual({ kept: [0, 2, 4], held: [1, 3] });
  });
});

describe("a model of some rows", () => {
  const whole = model(
    "gaussian",
    [1, 2, 3, 4, 5],
    [group("g", ["a", "b", "c", "b", "d"], { z: Float64Array.of(10, 11, 12, 13, 14), coefficients: ["x"] })],
  );
  it("keeps what belongs to them, and drops levels that have none", () => {
    const some = modelOfRows(whole, [4, 1, 3]);
    expect(some.rows).toBe(3);
    expect(some.y).toEqual(Float64Array.of(5, 2, 4));
    expect(some.x).toEqual(Float64Array.of(...[8, 9, 2, 3, 6, 7].map(Math.cos)));
    expect(some.offset).toEqual(Float64Array.of(0.4, 0.1, 0.3));
    expect(some.groups[0]).toMatchObject({ levels: ["b", "d"], coefficients: ["x"] });
    expect(some.groups[0]!.index).toEqual(Int32Array.of(1, 0, 0));
    expect(some.groups[0]!.z).toEqual(Float64Array.of(14, 11, 13));
    expect(some.priors).toBe(whole.priors);
  });
  it("without anything to learn a coefficient from is an error that says of which rows", () => {
    const x = Float64Array.of(0.5, 1, 0.5, 2, 0.5, 3, 9, 4, 9, 5);
    const constant = { ...whole, x };
    expect(() => checkPredictors(modelOfRows(constant, [0, 1, 2]), "fold 3")).toThrow(
      /without fold 3 the predictor 'x' is 0.5 in every row/,
    );
    expect(() => checkPredictors(modelOfRows(constant, [0, 1, 3]), "fold 3")).not.toThrow();
    // a constant column is an intercept where there is none
    expect(() =>
      checkPredictors(modelOfRows({ ...constant, intercept: false }, [0, 1, 2]), "x"),
    ).not.toThrow();
  });
});

describe("effects of new levels", () => {
  it("have the standard deviations and correlations of each draw; known levels stay as they are", () => {
    const own = group("g", ["a", "b", "new"], {
      coefficients: ["Intercept", "x", "w"],
      correlated: true,
      z: new Float64Array(9),
    });
    const sds = [0.5, 2, 0.1];
    const cor = { Intercept__x: 0.6, Intercept__w: -0.3, x__w: 0.2 };
    const columns = fixed({
      sd_g__Intercept: sds[0]!,
      sd_g__x: sds[1]!,
      sd_g__w: sds[2]!,
      ...Object.fromEntries(Object.entries(cor).map(([pair, value]) => [`cor_g__${pair}`, value])),
      "r_g[a,x]": 7,
    });
    const all = drawLevels([{ ...own, levels: ["new"] }], columns, randomStream(1, "test"));
    expect(all.column("r_g[a,x]")![5]).toBe(7);
    expect(all.column("r_g[b,x]")).toBeUndefined();
    const drawn = ["Intercept", "x", "w"].map((name) => all.column(`r_g[new,${name}]`)!);
    const wanted = [cor.Intercept__x, cor.Intercept__w, cor.x__w];
    let pair = 0;
    for (let k = 0; k < 3; k++) {
      expect(Math.abs(mean(drawn[k]!))).toBeLessThan((4 * sds[k]!) / Math.sqrt(DRAWS));
      expect(Math.abs(variance(drawn[k]!) / sds[k]! ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / DRAWS));
    }
    for (const [a, b] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const rho = mean(drawn[a]!.map((value, s) => value * drawn[b]![s]!)) / (sds[a]! * sds[b]!);
      const expected = wanted[pair++]!;
      expect(Math.abs(rho - expected)).toBeLessThan(4 * Math.sqrt((1 + expected ** 2) / DRAWS));
    }
  });
});

describe("the density of rows held out", () => {
  const globals = { b_Intercept: 0.3, b_x: 0.5, b_w: -0.2, sigma: 0.8, sd_g__Intercept: 0.7 };
  const eta = (m: Model, row: number): number =>
    0.3 + 0.5 * m.x[2 * row]! - 0.2 * m.x[2 * row + 1]! + m.offset![row]!;

  it("of a known level has its effect, of a new one the distribution's: gaussian, closed form", () => {
    const whole = model("gaussian", [1, 0.2, 2.5, -1], [group("g", ["a", "b", "new", "a"])]);
    const held = modelOfRows(whole, [1, 2]);
    const fitted = modelOfRows(whole, [0, 3, 1]);
    const columns = fixed({ ...globals, "r_g[b,Intercept]": 0.4 });
    const [known, fresh] = heldOutDensity(held, fitted, columns, randomStream(2, "test"));
    expect(known).toBeCloseTo(Math.log(normal(0.2, eta(whole, 1) + 0.4, 0.64)), 12);
    const m = eta(whole, 2);
    const exact = normal(2.5, m, 0.64 + 0.49);
    // E lik^2 over the new effect: a normal of half the variance
    const second = normal(2.5, m, 0.32 + 0.49) / (2 * 0.8 * Math.sqrt(Math.PI));
    const error = Math.sqrt((second / exact ** 2 - 1) / DRAWS);
    expect(Math.abs(fresh! - Math.log(exact))).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.02);
  });

  it("bernoulli, by quadrature", () => {
    const whole = model("bernoulli", [1, 0, 1], [group("g", ["a", "a", "new"])]);
    const columns = fixed({ ...globals, sd_g__Intercept: 1.5 });
    const [density] = heldOutDensity(
      modelOfRows(whole, [2]),
      modelOfRows(whole, [0, 1]),
      columns,
      randomStream(3, "test"),
    );
    let exact = 0;
    let second = 0;
    for (let u = -12; u < 12; u += 0.001) {
      const p = 1 / (1 + Math.exp(-eta(whole, 2) - u));
      exact += 0.001 * normal(u, 0, 2.25) * p;
      second += 0.001 * normal(u, 0, 2.25) * p * p;
    }
    expect(Math.abs(density! - Math.log(exact))).toBeLessThan(
      4 * Math.sqrt((second / exact ** 2 - 1) / DRAWS),
    );
  });

  it("asks for the variables of its rows alone, and says which are missing", () => {
    const whole = model("gaussian", [1, 0.2, 2.5], [group("g", ["a", "b", "c"])]);
    const held = modelOfRows(whole, [1]);
    expect([...heldOutVariables(held)].sort()).toEqual(
      ["b_Intercept", "b_w", "b_x", "r_g[b,Intercept]", "sd_g__Intercept", "sigma"].sort(),
    );
    const fitted = modelOfRows(whole, [0, 2]);
    const columns = fixed({ ...globals, sd_g__Intercept: Number.NaN });
    const without = {
      ...columns,
      column: (n: string) => (n.startsWith("sd_") ? undefined : columns.column(n)),
    };
    expect(() => heldOutDensity(held, fitted, without, randomStream(1, "t"))).toThrow(InputError);
  });

  it("averages densities, not their logs", () => {
    expect(logMeanExp(Float64Array.of(Math.log(1), Math.log(3)))).toBeCloseTo(Math.log(2), 14);
    expect(logMeanExp(Float64Array.of(-2000, -2000))).toBe(-2000);
    expect(logMeanExp(Float64Array.of(-Infinity, -Infinity))).toBe(-Infinity);
  });
});
