import { describe, expect, it } from "vitest";
import { averageEffects, type EffectOptions } from "../../src/effects/index.ts";
import { frameFromArrays } from "../../src/frame/index.ts";
import { buildModel } from "../../src/model/index.ts";
import { constantDraws, largestDifference, ordinal, readJson, sleep, verbal } from "../checks/fixture.ts";

const { draws, ...fitted } = verbal();
const theirs = readJson<Record<string, number[]>>("verbal");
const effectsOf = (options: EffectOptions) =>
  Object.fromEntries(
    averageEffects(fitted, draws, options).map((effect) => [`${effect.variable} ${effect.contrast}`, effect]),
  );

describe("average effects are those of brms's posterior_epred by hand, draw by draw", () => {
  it("of a step, through scale() and an interaction, without and with group effects", () => {
    const { "Anger +0.1": population } = effectsOf({ variables: ["Anger"] });
    expect(largestDifference(population!.draws, theirs["ame_step"]!)).toBeLessThan(1e-10);
    const { "Anger +0.1": groups } = effectsOf({ variables: ["Anger"], groups: fitted.model.groups });
    expect(largestDifference(groups!.draws, theirs["ame_step_groups"]!)).toBeLessThan(1e-10);
  });

  it("of factors' levels against the first", () => {
    const effects = effectsOf({});
    expect(Object.keys(effects)).toEqual([
      "Anger +0.1",
      "Gender M - F",
      "btype scold - curse",
      "btype shout - curse",
    ]);
    expect(largestDifference(effects["btype scold - curse"]!.draws, theirs["contrast_scold"]!)).toBeLessThan(
      1e-10,
    );
    expect(largestDifference(effects["btype shout - curse"]!.draws, theirs["contrast_shout"]!)).toBeLessThan(
      1e-10,
    );
    expect(largestDifference(effects["Gender M - F"]!.draws, theirs["contrast_M"]!)).toBeLessThan(1e-10);
  });

  it("at the mean, emmeans's contrasts on the response scale", () => {
    const effects = effectsOf({ variables: ["btype"], at: "mean" });
    // emmeans holds Anger at its mean and was told Gender = F, the more frequent level
    expect(largestDifference(effects["btype scold - curse"]!.draws, theirs["emmeans_scold"]!)).toBeLessThan(
      1e-10,
    );
    expect(largestDifference(effects["btype shout - curse"]!.draws, theirs["emmeans_shout"]!)).toBeLessThan(
      1e-10,
    );
  });

  it("of a step of a gaussian response, through a square and random slopes", () => {
    const { draws: own, ...slopes } = sleep();
    const reference = readJson<Record<string, number[]>>("sleep");
    const [population] = averageEffects(slopes, own);
    expect(largestDifference(population!.draws, reference["ame_step"]!)).toBeLessThan(1e-10);
    const [groups] = averageEffects(slopes, own, { groups: slopes.model.groups });
    expect(largestDifference(groups!.draws, reference["ame_step_groups"]!)).toBeLessThan(1e-10);
  });
});

it("a slope is the step's limit", () => {
  const { draws: own, ...slopes } = sleep();
  const [slope] = averageEffects(slopes, own, { step: "derivative" });
  const b = own.column("b_Days")!;
  const b2 = own.column("b_IDaysE2")!;
  // d/dx of b x + b2 x^2, averaged over days 0 to 9
  expect(slope!.contrast).toBe("slope");
  expect(
    largestDifference(
      slope!.draws,
      b.map((value, s) => value + 9 * b2[s]!),
    ),
  ).toBeLessThan(1e-6);
});

describe("ratios", () => {
  it("are exp(b) where the linear predictor changes alike in all rows, and left out elsewhere", () => {
    const effects = effectsOf({});
    expect(effects["Anger +0.1"]!.ratio).toBeUndefined();
    const b = draws.column("b_btypescold")!;
    const { ratio } = effects["btype scold - curse"]!;
    expect(ratio!.kind).toBe("odds ratio");
    const sorted = b.toSorted();
    const middle = sorted.length / 2;
    // not the mean, which the upper tail rules
    expect(ratio!.estimate).toBeCloseTo((Math.exp(sorted[middle - 1]!) + Math.exp(sorted[middle]!)) / 2, 12);
  });

  it("of the log of a score are score ratios", () => {
    const frame = frameFromArrays({ y: [1, 2, 4, 3], x: [0, 1, 2, 4] });
    const { model, terms, kept } = buildModel({ formula: "log(y) ~ x", family: "gaussian", frame });
    const one = constantDraws({ b_Intercept: 0, b_x: 0.5, sigma: 1 });
    const [effect] = averageEffects({ model, terms, kept, frame }, one, { step: 1 });
    expect(effect!.ratio).toMatchObject({ kind: "score ratio", estimate: Math.exp(0.5) });
    expect(effect!.unit).toBe("log(y)");
  });
});

it("a ratio that differs from level to level of a group is left out", () => {
  const frame = frameFromArrays({
    y: [1, 2, 4, 3, 5, 6],
    x: [0, 1, 2, 4, 3, 5],
    g: ["a", "b", "a", "b", "a", "b"],
  });
  const { model, terms, kept } = buildModel({
    formula: "log(y) ~ x + (1 + x | g)",
    family: "gaussian",
    frame,
  });
  const one = constantDraws({
    b_Intercept: 0,
    b_x: 0.5,
    sigma: 1,
    "r_g[a,Intercept]": 0,
    "r_g[b,Intercept]": 0,
    "r_g[a,x]": 0.25,
    "r_g[b,x]": -0.125,
  });
  const of = (groups: typeof model.groups) =>
    averageEffects({ model, terms, kept, frame }, one, { step: 2, groups })[0]!;
  expect(of([]).ratio!.estimate).toBeCloseTo(Math.exp(1), 12);
  expect(of([]).estimate).toBeCloseTo(1, 12);
  expect(of(model.groups).ratio).toBeUndefined();
  expect(of(model.groups).estimate).toBeCloseTo(1 + 0.25 - 0.125, 12);
});

it("all pairs of a factor's levels", () => {
  const effects = effectsOf({ variables: ["btype"], pairwise: ["btype"] });
  expect(Object.keys(effects)).toEqual(["btype scold - curse", "btype shout - curse", "btype shout - scold"]);
  const [a, b, c] = Object.values(effects).map(({ estimate }) => estimate);
  expect(c!).toBeCloseTo(b! - a!, 12);
});

it("of ordered categories: the mean and each category's probability, which add up", () => {
  const { draws: own, ...rows } = ordinal();
  const effects = averageEffects(rows, own, { variables: ["Anger"], step: 1 });
  expect(effects.map(({ outcome }) => outcome)).toEqual([
    "mean resp",
    "P(resp = no)",
    "P(resp = perhaps)",
    "P(resp = yes)",
  ]);
  const [mean, no, perhaps, yes] = effects.map(({ estimate }) => estimate);
  expect(no! + perhaps! + yes!).toBeCloseTo(0, 12);
  expect(no! + 2 * perhaps! + 3 * yes!).toBeCloseTo(mean!, 12);
  expect(mean).toBeGreaterThan(0);
});

describe("bad requests", () => {
  it.each([
    [{ variables: ["Angr"] }, "no column 'Angr'; did you mean 'Anger'?"],
    [{ variables: ["item"] }, "'item' is not among the fixed effects; they use Anger, Gender, btype"],
    [{ pairwise: ["Anger"] }, "'Anger' is numeric; --contrasts takes factors"],
    [{ step: 0 }, "--step is 'derivative' or a number other than 0: 0"],
  ])("%o", (options, message) => {
    expect(() => effectsOf(options)).toThrow(message);
  });
});
