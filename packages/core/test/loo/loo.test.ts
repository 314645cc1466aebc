import { describe, expect, it } from "vitest";
import { familyOf, type Model } from "../../src/index.ts";
import {
  type Compared,
  compareModels,
  kThreshold,
  LOO_2_5,
  LOO_2_10,
  type Loo,
  type LooRules,
  leadMayBeChance,
  logLikelihoodOf,
  logLikelihoodOfMatrix,
  loo,
  ObservationLooSampler,
  psis,
  waicOf,
} from "../../src/loo/index.ts";
import { columnOf, NAMES, type Name, readArviz, readMatrix, readReference } from "./fixture.ts";

const reference = readReference();
const RULES: readonly (readonly ["2.5.1" | "2.10.1", LooRules])[] = [
  ["2.5.1", LOO_2_5],
  ["2.10.1", LOO_2_10],
];
const TOLERANCE = 1e-10;

const number = (value: number | string): number => (value === "Inf" ? Infinity : Number(value));

/**
 * The largest relative difference (of values below 1, the absolute one) between ours and R's; where theirs is NaN or NA (a likelihood that
 * underflows in R), ours must be finite.
 */
function largestDifference(ours: Float64Array, theirs: readonly (number | string)[]): number {
  expect(ours).toHaveLength(theirs.length);
  return Math.max(
    ...theirs.map((value, i) => {
      const mine = ours[i]!;
      const wanted = number(value);
      if (Number.isNaN(wanted)) return Number.isFinite(mine) ? 0 : Number.NaN;
      if (mine === wanted) return 0;
      return Math.abs(mine - wanted) / Math.max(1, Math.abs(wanted));
    }),
  );
}

/** ESS of whole chains of equal draws: loo 2.5.1 divides by 0 and ends at half; we take the ratio as 1 in both rules. */
const withoutConstant = (
  values: readonly (number | string)[],
  names: readonly string[],
): (number | string)[] => values.map((value, i) => (names[i] === "constant" ? "NaN" : value));

describe.each(NAMES)("matrix %s", (name: Name) => {
  const { logLikelihood, names } = readMatrix(name);
  it.each(RULES)("pointwise values of loo %s", (version, rules) => {
    const theirs = reference[name][version];
    const { pointwise } = loo(logLikelihood, { rules });
    const differences = {
      r_eff: largestDifference(pointwise.rEff, withoutConstant(theirs.r_eff, names)),
      k: largestDifference(pointwise.k, theirs.k),
      elpd: largestDifference(pointwise.elpd, theirs.elpd),
      p: largestDifference(pointwise.p, theirs.p),
      n_eff: largestDifference(pointwise.nEff, withoutConstant(theirs.n_eff, names)),
      mcse: largestDifference(pointwise.mcse, theirs.mcse),
    };
    if (process.env["SHOW_DIFFERENCES"]) console.log(name, version, differences);
    for (const [what, difference] of Object.entries(differences))
      expect(difference, `${what} differs by ${difference}`).toBeLessThan(TOLERANCE);
  });

  it("sums with standard errors, thresholds and WAIC", () => {
    const theirs = reference[name];
    const ours = loo(logLikelihood, { rules: LOO_2_5 });
    const flat = (estimates: readonly { estimate: number; se: number }[]): Float64Array =>
      Float64Array.from(estimates.flatMap(({ estimate, se }) => [estimate, se]));
    expect(
      largestDifference(flat([ours.elpd, ours.p, ours.looic]), theirs["2.5.1"].estimates!.flat()),
    ).toBeLessThan(TOLERANCE);
    const waic = waicOf(ours.pointwise);
    expect(largestDifference(flat([waic.elpd, waic.p, waic.waic]), theirs.waic.flat())).toBeLessThan(
      TOLERANCE,
    );
    expect(kThreshold(logLikelihood.chains * logLikelihood.draws)).toBeCloseTo(theirs.threshold, 14);
    expect([100, 4000, 1e6].map((draws) => kThreshold(draws))).toEqual([0.5, 0.7, 0.7]);
    expect(kThreshold(10, LOO_2_5)).toBe(0.7);
  });

  it("log weights of psis", () => {
    const ratios = columnOf(logLikelihood, 0).map((value) => -value);
    const { logWeights } = psis(ratios, Number(reference[name]["2.5.1"].r_eff[0]));
    expect(largestDifference(logWeights, reference[name].log_weights_first)).toBeLessThan(TOLERANCE);
  });
});

describe("ArviZ", () => {
  it.each(["a", "b", "edge", "odd"] as const)("has the same elpd, p and k on matrix %s", (name) => {
    const { pointwise } = loo(readMatrix(name).logLikelihood);
    const theirs = readArviz()[name];
    for (const what of ["elpd", "p", "k"] as const) {
      const difference = largestDifference(pointwise[what], theirs[what]);
      if (process.env["SHOW_DIFFERENCES"]) console.log("arviz", name, what, difference);
      expect(difference, what).toBeLessThan(TOLERANCE);
    }
  });
});

describe("categories and Monte Carlo error", () => {
  const { logLikelihood, names } = readMatrix("edge");
  const newer = loo(logLikelihood);
  const older = loo(logLikelihood, { rules: LOO_2_5 });
  const counts = ({ categories }: Loo): Record<string, number> =>
    Object.fromEntries(categories.map(({ label, count }) => [label, count]));

  it("count every observation once", () => {
    const theirs = (rule: "2.5.1" | "2.10.1", above: number, upTo: number): number =>
      reference.edge[rule].k.map(number).filter((k) => k > above && k <= upTo).length;
    const limit = reference.edge.threshold;
    expect(counts(newer)).toEqual({
      good: theirs("2.10.1", -Infinity, limit),
      bad: theirs("2.10.1", limit, 1),
      "very bad": theirs("2.10.1", 1, Infinity),
    });
    expect(counts(older)).toEqual({
      good: theirs("2.5.1", -Infinity, 0.5),
      ok: theirs("2.5.1", 0.5, 0.7),
      bad: theirs("2.5.1", 0.7, 1),
      "very bad": theirs("2.5.1", 1, Infinity),
    });
    expect(counts(newer)["very bad"]).toBeGreaterThan(0);
  });

  it("is not defined where some k is too high, and the root of the sum of squares where none is", () => {
    expect(newer.mcse).toBeNaN();
    const good = loo(readMatrix("b").logLikelihood);
    expect(good.mcse).toBeCloseTo(Math.hypot(...good.pointwise.mcse), 12);
  });

  it("equal ratios leave equal weights: elpd is the log likelihood itself, k is Infinity as loo's", () => {
    const at = names.indexOf("constant");
    expect(newer.pointwise.k[at]).toBe(Infinity);
    expect(newer.pointwise.elpd[at]).toBeCloseTo(-1.25, 14);
    expect(newer.pointwise.p[at]).toBeCloseTo(0, 14);
  });
});

describe("one observation", () => {
  it("shifting the log likelihood shifts elpd and leaves the rest, also far outside the range of exp", () => {
    const x = columnOf(readMatrix("a").logLikelihood, 7);
    const sampler = new ObservationLooSampler(4, 250);
    const here = sampler.of(x);
    for (const shift of [-5000, 5000]) {
      const there = sampler.of(x.map((value) => value + shift));
      expect(there.elpd - shift).toBeCloseTo(here.elpd, 10);
      expect(there.lpd - shift).toBeCloseTo(here.lpd, 10);
      expect(there.k).toBeCloseTo(here.k, 8);
      expect(there.mcse).toBeCloseTo(here.mcse, 10);
      expect(there.nEff).toBeCloseTo(here.nEff, 6);
    }
  });

  it("stays finite where the likelihood underflows in most draws", () => {
    const x = columnOf(readMatrix("a").logLikelihood, 7).map((value) => 400 * value);
    const { elpd, lpd, k, mcse } = new ObservationLooSampler(4, 250).of(x);
    expect([elpd, lpd, mcse].every(Number.isFinite)).toBe(true);
    expect(k).toBeGreaterThan(1);
    // a mean of likelihoods weighted by their reciprocals lies between the least and the largest
    expect(elpd).toBeGreaterThanOrEqual(Math.min(...x));
    expect(elpd).toBeLessThan(lpd);
  });

  it("refuses what is not finite, naming the observation and the draw", () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => -1 - i / 100);
    values[5] = Number.NaN;
    expect(() => loo(logLikelihoodOfMatrix(values, 2, 2))).toThrow(/observation 2 is NaN in draw 3/);
    values[5] = -Infinity;
    expect(() => loo(logLikelihoodOfMatrix(values, 2, 2))).toThrow(/observation 2 is -Infinity in draw 3/);
    expect(() => logLikelihoodOfMatrix(values, 3, 2)).toThrow(RangeError);
  });
});

describe("the log likelihood of a model", () => {
  const FLAT = { kind: "flat" } as const;
  const values: Record<string, number> = {
    b_Intercept: 0.3,
    "b_Intercept[1]": -0.4,
    "b_Intercept[2]": 0.9,
    b_x: 0.5,
    sigma: 0.7,
    nu: 4,
    phi: 3,
    "r_g[a,Intercept]": 0.2,
    "r_g[b,Intercept]": -0.6,
  };
  it.each([
    ["gaussian", [1.5, -0.2]],
    ["student_t", [1.5, -0.2]],
    ["bernoulli", [1, 0]],
    ["binomial", [3, 0]],
    ["cumulative", [3, 1]],
    ["beta", [0.2, 0.9]],
  ] as const)("%s: the family's density at intercept + x b + offset + effect", (family, y) => {
    const cumulative = family === "cumulative";
    const trials = Float64Array.of(5, 2);
    const model: Model = {
      ...{ formula: "by hand", family, rows: 2, response: "y", y: Float64Array.from(y), intercept: true },
      ...{ predictors: ["x"], x: Float64Array.of(2, -1), offset: Float64Array.of(0.1, 0.05), trials },
      ...(cumulative && { categories: ["1", "2", "3"] }),
      groups: [
        {
          ...{ name: "g", levels: ["a", "b"], index: Int32Array.of(1, 0) },
          ...{ coefficients: ["Intercept"], correlated: false },
        },
      ],
      priors: {
        ...{ intercept: FLAT, thresholds: [], b: [FLAT], sd: [[FLAT]], cor: [1] },
        ...{ sigma: FLAT, nu: FLAT, phi: FLAT },
      },
    };
    // the second draw has another slope
    const columns = {
      draws: 2,
      column: (name: string) =>
        name in values ? Float64Array.of(values[name]!, values[name]! + (name === "b_x" ? 1 : 0)) : undefined,
    };
    const ours = columnOf(logLikelihoodOf(model, columns, 2), 0);
    const definition = familyOf(family);
    const aux = [...definition.parameters.map((name) => values[name]!), ...(cumulative ? [-0.4, 0.9] : [])];
    [0.5, 1.5].forEach((slope, s) => {
      const eta = (cumulative ? 0 : 0.3) + 2 * slope + 0.1 - 0.6;
      expect(ours[s]).toBeCloseTo(definition.logLik(y[0], eta, aux, 5), 13);
    });
  });
});

describe("comparison", () => {
  const compared = (name: "a" | "b", rules: LooRules): Compared => {
    const { pointwise, threshold } = loo(readMatrix(name).logLikelihood, { rules });
    return { label: name, elpd: pointwise.elpd, k: pointwise.k, threshold };
  };

  it("differences and standard errors of loo 2.5.1", () => {
    const ours = compareModels([compared("a", LOO_2_5), compared("b", LOO_2_5)]);
    reference.compare_2_5_1.forEach((theirs, i) => {
      const { elpd, elpdDiff, seDiff } = ours[i]!;
      const values = Float64Array.of(elpdDiff, seDiff, elpd.estimate, elpd.se);
      const wanted = ["elpd_diff", "se_diff", "elpd_loo", "se_elpd_loo"].map((key) => theirs[key]!);
      expect(largestDifference(values, wanted)).toBeLessThan(TOLERANCE);
    });
  });

  it("p_worse and flags of loo 2.10.1", () => {
    // its elpd come from 2.5.1's relative efficiencies in the fixture
    const ours = compareModels([
      { ...compared("a", LOO_2_5), threshold: kThreshold(1000) },
      { ...compared("b", LOO_2_5), threshold: kThreshold(1000) },
    ]);
    reference.compare_2_10_1.forEach((theirs, i) => {
      const { label, pWorse, diagDiff, diagElpd } = ours[i]!;
      expect([label, diagDiff, diagElpd]).toEqual([
        theirs["model"],
        theirs["diag_diff"],
        theirs["diag_elpd"],
      ]);
      if (theirs["p_worse"] === "NA") expect(pWorse).toBeNull();
      else expect(largestDifference(Float64Array.of(pWorse!), [theirs["p_worse"]!])).toBeLessThan(TOLERANCE);
    });
  });

  it("flags small differences of many rows, and neither where both are large", () => {
    const base = Float64Array.from({ length: 400 }, (_, i) => -1 + Math.sin(i));
    const less = (by: number): Float64Array => base.map((value, i) => value - by - 0.01 * Math.cos(i));
    const flags = (by: number): string[] =>
      compareModels([
        { label: "less", elpd: less(by) },
        { label: "more", elpd: base },
      ]).map(({ diagDiff }) => diagDiff);
    expect(flags(0.005)).toEqual(["", "|elpd_diff| < 4"]);
    expect(flags(0.02)).toEqual(["", ""]);
  });

  it.each(reference.due_to_chance)("lead of the best by chance: $models models, slope $slope", (theirs) => {
    const models = Array.from({ length: theirs.models }, (_, m) => ({
      label: `m${m + 1}`,
      elpd: Float64Array.from(
        { length: 120 },
        (_, i) => -1 + 0.3 * Math.sin((i + 1) * (m + 1)) - theirs.slope * (m + 1),
      ),
    }));
    expect(leadMayBeChance(compareModels(models))).toBe(theirs.flagged);
  });

  it("refuses models with different rows, and a single one", () => {
    const one = { label: "one", elpd: new Float64Array(3) };
    const two = { label: "two", elpd: new Float64Array(4) };
    expect(() => compareModels([one, two])).toThrow(/'one' has 3 rows and 'two' 4/);
    expect(() => compareModels([one])).toThrow(/two models at least/);
  });
});
