import { describe, expect, test } from "vitest";
import type { Family } from "../../src/family/index.ts";
import { frameFromArrays } from "../../src/frame/index.ts";
import { roundToTenth } from "../../src/model/default-priors.ts";
import { buildModel, describePriors, formatPrior, parsePrior } from "../../src/model/index.ts";
import { messageOf } from "../frame/message-of.ts";

const frame = frameFromArrays({
  y: [12, 14.26, 15, 19, 40],
  c: [0, 1, 1, 0, 1],
  x: [1, 2, 4, 3, 7],
  z: [2, 1, 1, 5, 2],
  g: ["a", "b", "a", "b", "b"],
  h: ["s", "s", "t", "t", "u"],
});
const priors = (
  statements: string[],
  formula = "y ~ x + z + I(x^2) + (1 | g) + (1 | g:h)",
  family: Family = "gaussian",
): Record<string, string> => describePriors(buildModel({ formula, family, frame, priors: statements }).model);

describe("defaults are brms's", () => {
  test("gaussian: median and mad of the response, rounded to a tenth", () => {
    // median 15; deviations 3, 0.74, 0, 4, 25; their median 3 times 1.4826 is 4.4478
    expect(priors([])).toEqual({
      Intercept: "student_t(3, 15, 4.4)",
      b_x: "flat()",
      b_z: "flat()",
      b_IxE2: "flat()",
      sd_g__Intercept: "student_t(3, 0, 4.4)",
      "sd_g:h__Intercept": "student_t(3, 0, 4.4)",
      sigma: "student_t(3, 0, 4.4)",
    });
  });

  test("gaussian: of the transformed response, a scale of 2.5 at least", () => {
    // log(15) = 2.708
    expect(priors([], "log(y) ~ x")).toEqual({
      Intercept: "student_t(3, 2.7, 2.5)",
      b_x: "flat()",
      sigma: "student_t(3, 0, 2.5)",
    });
  });

  test("bernoulli", () => {
    expect(priors([], "c ~ x + (1 | g)", "bernoulli")).toEqual({
      Intercept: "student_t(3, 0, 2.5)",
      b_x: "flat()",
      sd_g__Intercept: "student_t(3, 0, 2.5)",
    });
  });

  test("no prior of an intercept that is not there", () => {
    const { model } = buildModel({ formula: "y ~ 0 + x", family: "gaussian", frame });
    expect(model.priors.intercept).toEqual({ kind: "flat" });
    expect(Object.keys(describePriors(model))).toEqual(["b_x", "sigma"]);
  });

  test.each([
    [0.15, 0.1], // 0.15 is below its decimal
    [0.25, 0.2],
    [0.35, 0.3],
    [0.75, 0.8],
    [2.449, 2.4],
    [4.4478, 4.4],
    [-0.25, -0.2],
    [-1.96, -2],
    [3, 3],
    [0, 0],
    [-0.01, 0],
  ])("roundToTenth(%d) = %d", (x, rounded) => {
    expect(roundToTenth(x)).toBe(rounded);
  });
});

describe("statements", () => {
  test("about a class, a coefficient, a group, the intercept, sigma", () => {
    expect(
      priors([
        "b ~ normal(0, 1e6)",
        "b[x] ~ student_t(3, -1.5, 1)",
        "Intercept ~ flat()",
        " sd~exponential( 1 ) ",
        "sd[g:h] ~ cauchy(0, 2)",
        "sigma ~ student_t(4, 0, 1e-4)",
      ]),
    ).toEqual({
      Intercept: "flat()",
      b_x: "student_t(3, -1.5, 1)",
      b_z: "normal(0, 1e+06)",
      b_IxE2: "normal(0, 1e+06)",
      sd_g__Intercept: "exponential(1)",
      "sd_g:h__Intercept": "cauchy(0, 2)",
      sigma: "student_t(4, 0, 1e-04)",
    });
  });

  test("the specific wins over the class whatever the order, the later over the earlier", () => {
    const { b_x, b_z } = priors(["b[x] ~ normal(0, 1)", "b ~ normal(0, 2)", "b ~ normal(0, 3)"]);
    expect([b_x, b_z]).toEqual(["normal(0, 1)", "normal(0, 3)"]);
    expect(priors(["b[x] ~ normal(0, 1)", "b[x] ~ normal(0, 4)"]).b_x).toBe("normal(0, 4)");
  });

  test("coefficients can be spelled as in R", () => {
    expect(priors(["b[I(x^2)] ~ normal(0, 5)"]).b_IxE2).toBe("normal(0, 5)");
    expect(priors(["b[IxE2] ~ normal(0, 5)"]).b_IxE2).toBe("normal(0, 5)");
  });

  test.each([
    "normal(0, 1e+06)",
    "student_t(3, -0.5, 123456)",
    "cauchy(0, 2.5)",
    "exponential(0.001)",
    "gamma(2, 0.1)",
    "inv_gamma(0.4, 0.3)",
    "lognormal(-1, 0.5)",
    "logistic(1, 2)",
    "double_exponential(0, 0.333333333333333)",
    "normal(1e-05, 1e+05)",
    "flat()",
  ])("formatPrior reads back: %s", (text) => {
    expect(formatPrior(parsePrior(`sd ~ ${text}`).prior)).toBe(text);
  });
});

describe("statements to mend", () => {
  test.each([
    ["b", "write a prior as b ~ normal(0, 1) or sd[group] ~ cauchy(0, 2)"],
    ["b ~ normal", "write a prior as b ~ normal(0, 1) or sd[group] ~ cauchy(0, 2)"],
    ["beta ~ normal(0, 1)", "no class 'beta'; the classes are b, Intercept, sd, cor, sigma, nu, phi"],
    [
      "intercept ~ flat()",
      "no class 'intercept'; did you mean 'Intercept'? the classes are b, Intercept, sd, cor, sigma, nu, phi",
    ],
    [
      "b_x ~ normal(0, 1)",
      "no class 'b_x'; write b[x]; the classes are b, Intercept, sd, cor, sigma, nu, phi",
    ],
    [
      "b_Intercept ~ flat()",
      "no class 'b_Intercept'; write Intercept; the classes are b, Intercept, sd, cor, sigma, nu, phi",
    ],
    [
      "sd_g__Intercept ~ flat()",
      "no class 'sd_g__Intercept'; write sd[g]; the classes are b, Intercept, sd, cor, sigma, nu, phi",
    ],
    [
      "b ~ norml(0, 1)",
      "no distribution 'norml'; did you mean 'normal'? there are normal, student_t, cauchy, logistic, double_exponential, exponential, gamma, inv_gamma, lognormal, lkj, flat",
    ],
    ["b ~ normal(0)", "normal(mean, sd) takes 2 numbers, found 1"],
    ["b ~ flat(1)", "flat() takes 0 numbers, found 1"],
    ["b ~ normal(0, one)", "the sd must be a finite number, found 'one'"],
    ["b ~ normal(, 1)", "the mean must be a finite number, found ''"],
    ["b ~ normal(Infinity, 1)", "the mean must be a finite number, found 'Infinity'"],
    ["b ~ normal(0, 0)", "the sd must be above 0, found 0"],
    ["sd ~ cauchy(0, -1)", "the scale must be above 0, found -1"],
    ["sd ~ student_t(0, 0, 1)", "the df must be above 0, found 0"],
    ["sd ~ exponential(-2)", "the rate must be above 0, found -2"],
    [
      "b[x] ~ exponential(1)",
      "exponential() allows positive values alone, and b can be negative; use normal() or student_t()",
    ],
    [
      "Intercept ~ exponential(1)",
      "exponential() allows positive values alone, and Intercept can be negative; use normal() or student_t()",
    ],
    ["sigma[x] ~ flat()", "sigma is one parameter; leave out [x]"],
    ["b[] ~ flat()", "[] names no parameter; leave it out"],
    ["b[xx] ~ flat()", "the model has no coefficient 'xx'; the coefficients are x, z, IxE2"],
    [
      "b[Ix2] ~ flat()",
      "the model has no coefficient 'Ix2'; did you mean 'IxE2'? the coefficients are x, z, IxE2",
    ],
    ["sd[h] ~ flat()", "the model has no group 'h'; the groups are g, g:h"],
  ])("%s", (statement, message) => {
    expect(messageOf(() => priors([statement]))).toBe(`prior: ${message}: '${statement}'`);
  });

  test.each<[string, string, Family, string]>([
    [
      "Intercept ~ flat()",
      "y ~ 0 + x",
      "gaussian",
      "the model has no intercept; its parameters are b[x], sigma",
    ],
    [
      "sigma ~ flat()",
      "c ~ x + (1 | g)",
      "bernoulli",
      "a bernoulli model has no sigma; its parameters are Intercept, b[x], sd[g]",
    ],
    [
      "b ~ normal(0, 1)",
      "y ~ 1 + (1 | g)",
      "gaussian",
      "the model has no coefficients; its parameters are Intercept, sd[g], sigma",
    ],
    [
      "sd ~ normal(0, 1)",
      "y ~ x",
      "gaussian",
      "the model has no groups; its parameters are Intercept, b[x], sigma",
    ],
  ])("%s in %s", (statement, formula, family, message) => {
    expect(messageOf(() => priors([statement], formula, family))).toBe(`prior: ${message}: '${statement}'`);
  });
});
