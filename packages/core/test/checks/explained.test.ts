import { describe, expect, it } from "vitest";
import { bayesR2, varianceParts, varianceShares } from "../../src/checks/index.ts";
import { buildModel } from "../../src/model/index.ts";
import { constantDraws, largestDifference, ordinal, readJson, readTable, sleep, verbal } from "./fixture.ts";

interface Explained {
  readonly bayes_R2: number[];
  readonly bayes_R2_marginal: number[];
  readonly variances: { readonly fixed: number[]; readonly residual: number[] };
}

describe.each([
  ["sleep", sleep],
  ["verbal", verbal],
] as const)("%s: from brms's own draws", (name, load) => {
  const { model, draws } = load();
  const theirs = readJson<Explained>(name);

  it("R2 is bayes_R2, with and without group effects", () => {
    expect(largestDifference(bayesR2(model, draws), theirs.bayes_R2)).toBeLessThan(1e-10);
    expect(largestDifference(bayesR2(model, draws, []), theirs.bayes_R2_marginal)).toBeLessThan(1e-10);
  });

  it("the fixed effects' variance and the residual are R's", () => {
    const parts = varianceParts(model, draws)!;
    expect(largestDifference(parts.fixed, theirs.variances.fixed)).toBeLessThan(1e-10);
    expect(largestDifference(parts.residual, theirs.variances.residual)).toBeLessThan(1e-10);
  });
});

it("R2 of ordered categories takes them as 1 to K, as brms does", () => {
  const { model, draws } = ordinal();
  const { bayes_R2 } = readJson<Explained>("ordinal");
  expect(largestDifference(bayesR2(model, draws), bayes_R2)).toBeLessThan(1e-10);
});

interface Point {
  readonly fixef: Record<string, number>;
  readonly varcorr: { grp: string; var1?: string; var2?: string; sdcor: number }[];
  readonly r2_conditional: number;
  readonly r2_marginal: number;
  readonly icc: { ICC_adjusted: number; ICC_unadjusted: number };
}

/** lme4's estimates as one draw. */
function oneDraw({ fixef, varcorr }: Point) {
  const name = (text: string): string => (text === "(Intercept)" ? "Intercept" : text);
  return constantDraws({
    ...Object.fromEntries(Object.entries(fixef).map(([k, v]) => [`b_${name(k)}`, v])),
    ...Object.fromEntries(
      varcorr.map(({ grp, var1, var2, sdcor }) =>
        grp === "Residual"
          ? ["sigma", sdcor]
          : var2 === undefined
            ? [`sd_${grp}__${name(var1!)}`, sdcor]
            : [`cor_${grp}__${name(var1!)}__${name(var2)}`, sdcor],
      ),
    ),
  });
}

describe("R2 and ICC are performance's at lme4's estimates", () => {
  const points = readJson<Record<string, Point>>("performance");
  const slopes = buildModel({
    formula: "Reaction ~ Days + (1 + Days | Subject)",
    family: "gaussian",
    frame: readTable("checks/sleep.csv"),
  }).model;
  const penicillin = buildModel({
    formula: "diameter ~ 1 + (1 | plate) + (1 | sample)",
    family: "gaussian",
    frame: readTable("data/Penicillin.csv"),
  }).model;
  const verbagg = buildModel({
    formula: "r2 ~ Anger + Gender + btype + (1 | id) + (1 | item)",
    family: "bernoulli",
    frame: readTable("data/VerbAgg.csv"),
  }).model;

  it.each([
    ["sleepstudy", slopes],
    ["penicillin", penicillin],
    ["verbagg", verbagg],
  ] as const)("%s", (name, model) => {
    const point = points[name]!;
    const shares = varianceShares(varianceParts(model, oneDraw(point))!);
    const ours = [shares.r2Conditional, shares.r2Marginal, shares.iccAdjusted!, shares.iccUnadjusted!];
    const { ICC_adjusted, ICC_unadjusted } = point.icc;
    expect(
      largestDifference(
        ours.map((values) => values[0]!),
        [point.r2_conditional, point.r2_marginal, ICC_adjusted, ICC_unadjusted],
      ),
    ).toBeLessThan(1e-10);
  });

  it.each([
    ["penicillin", penicillin],
    ["verbagg", verbagg],
  ] as const)("%s by group", (name, model) => {
    const byGroup =
      readJson<Record<string, { Group: string; ICC: number }[]>>("performance")[`${name}_by_group`]!;
    const shares = varianceShares(varianceParts(model, oneDraw(points[name]!))!);
    expect(
      largestDifference(
        byGroup.map(({ Group }) => shares.byGroup.get(Group)![0]!),
        byGroup.map(({ ICC }) => ICC),
      ),
    ).toBeLessThan(1e-10);
  });
});

it("a variable that the draws lack is an InputError that names it", () => {
  expect(() => varianceParts(verbal().model, constantDraws({ b_Intercept: 0 }))).toThrow(
    "the draws hold no 'b_scaleAnger': they are not this model's",
  );
});
