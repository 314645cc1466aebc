import { describe, expect, test } from "vitest";
import type { Family } from "../../src/family/index.ts";
import { frameFromArrays } from "../../src/frame/index.ts";
import { buildModel, describePriors, type Model, variableNames } from "../../src/model/index.ts";
import { messageOf } from "../frame/message-of.ts";

const frame = frameFromArrays({
  y: [12, 14.26, 15, 19, 40, 3],
  c: [0, 1, 4, 0, 1, 2],
  n: [1, 2, 4, 4, 3, 2],
  o: [1, 2, 4, 3, 1, 2],
  p: [0.1, 0.5, 0.9, 0.2, 0.3, 0.4],
  x: [1, 2, 4, 3, 7, -1],
  f: ["a", "b", "c", "a", "b", "c"],
  g: ["u", "v", "u", "v", "v", "u"],
  h: ["s", "s", "t", "t", "s", "t"],
});
const build = (formula: string, family: Family = "gaussian", priors: string[] = []): Model =>
  buildModel({ formula, family, frame, priors }).model;

describe("what varies between a group's levels", () => {
  test("(1 + x | g): an intercept and a slope, correlated", () => {
    const [group] = build("y ~ x + (1 + x | g)").groups;
    expect(group).toMatchObject({ name: "g", coefficients: ["Intercept", "x"], correlated: true });
    expect(group!.z).toEqual(Float64Array.of(1, 1, 1, 2, 1, 4, 1, 3, 1, 7, 1, -1));
    expect(build("y ~ x + (x | g)").groups).toEqual(build("y ~ x + (1 + x | g)").groups);
  });

  test("(x || g): the same, independent", () => {
    const [group] = build("y ~ x + (x || g)").groups;
    expect(group).toMatchObject({ coefficients: ["Intercept", "x"], correlated: false });
    expect(group!.z).toEqual(Float64Array.of(1, 1, 1, 2, 1, 4, 1, 3, 1, 7, 1, -1));
  });

  test("(0 + x | g): a slope alone has no correlation", () => {
    const [group] = build("y ~ x + (0 + x | g)").groups;
    expect(group).toMatchObject({ coefficients: ["x"], correlated: false });
    expect(group!.z).toEqual(Float64Array.of(1, 2, 4, 3, 7, -1));
  });

  test("an intercept alone has no design", () => {
    expect(build("y ~ x + (1 | g)").groups[0]).not.toHaveProperty("z");
  });

  test("(1 | g) + (0 + x | g): two terms of one group", () => {
    const model = build("y ~ x + (1 | g) + (0 + x | g)");
    expect(model.groups.map(({ name, coefficients }) => [name, coefficients])).toEqual([
      ["g", ["Intercept"]],
      ["g", ["x"]],
    ]);
    expect(variableNames(model, 0)).toEqual([
      ...["b_Intercept", "b_x"],
      ...["sd_g__Intercept", "sd_g__x", "sigma"],
    ]);
  });

  test("(0 + f | g) has all levels, (f | g) contrasts", () => {
    expect(build("y ~ x + (0 + f | g)").groups[0]!.coefficients).toEqual(["fa", "fb", "fc"]);
    expect(build("y ~ x + (f | g)").groups[0]!.coefficients).toEqual(["Intercept", "fb", "fc"]);
    expect(build("y ~ x + (I(x^2):x | g)").groups[0]!.coefficients).toEqual(["Intercept", "IxE2:x"]);
  });

  test("(x | g/h) expands, each with its slope", () => {
    const model = build("y ~ (x | g/h)");
    expect(model.groups.map(({ name, coefficients }) => [name, coefficients])).toEqual([
      ["g", ["Intercept", "x"]],
      ["g:h", ["Intercept", "x"]],
    ]);
    expect(describePriors(model)).toMatchObject({
      sd_g__x: "student_t(3, 0, 5.2)",
      "sd_g:h__Intercept": "student_t(3, 0, 5.2)",
      cor_g: "lkj(1)",
      "cor_g:h": "lkj(1)",
    });
  });
});

describe("offsets", () => {
  test("are summed, and move the default prior of a gaussian intercept by their mean", () => {
    const model = build("y ~ 1 + offset(x) + offset(2 * c)");
    expect(model.offset).toEqual(Float64Array.of(1, 4, 12, 3, 9, 3));
    // median 14.63, rounded 14.6, less 32/6
    expect(model.priors.intercept).toMatchObject({ location: 14.6 - 32 / 6, kind: "student_t" });
    expect(model.predictors).toEqual([]);
  });

  test("and leave that of a logit link where it is", () => {
    expect(build("c | trials(n) ~ 1 + offset(x)", "binomial").priors.intercept).toMatchObject({
      location: 0,
    });
  });

  test("must be numbers", () => {
    expect(messageOf(() => build("y ~ 1 + offset(f)"))).toMatch(
      /row 1: .*'a' is not a number; offset\(\) needs numbers/,
    );
  });
});

describe("priors of the wider class", () => {
  test("of slopes' sds and correlations, from the general to the specific", () => {
    const statements = [
      "sd[g,x] ~ exponential(2)",
      "sd[g] ~ exponential(3)",
      "sd ~ exponential(4)",
      "cor ~ lkj(2)",
      "cor[g:h] ~ lkj(0.5)",
    ];
    expect(describePriors(build("y ~ (x | g/h)", "gaussian", statements))).toMatchObject({
      sd_g__Intercept: "exponential(3)",
      sd_g__x: "exponential(2)",
      "sd_g:h__Intercept": "exponential(4)",
      "sd_g:h__x": "exponential(4)",
      cor_g: "lkj(2)",
      "cor_g:h": "lkj(0.5)",
    });
  });

  test("of thresholds", () => {
    expect(
      describePriors(
        build("o ~ x", "cumulative", ["Intercept ~ normal(0, 3)", "Intercept[2] ~ normal(1, 1)"]),
      ),
    ).toEqual({
      "Intercept[1]": "normal(0, 3)",
      "Intercept[2]": "normal(1, 1)",
      "Intercept[3]": "normal(0, 3)",
      b_x: "flat()",
    });
  });

  test("of the families' parameters", () => {
    expect(describePriors(build("y ~ 1", "student_t"))).toMatchObject({
      sigma: "student_t(3, 0, 5.2)",
      nu: "gamma(2, 0.1)",
    });
    expect(describePriors(build("p ~ 1", "beta"))).toMatchObject({ phi: "gamma(0.01, 0.01)" });
    expect(
      describePriors(build("y ~ 1", "student_t", ["nu ~ exponential(0.1)", "sigma ~ gamma(2, 3)"])),
    ).toMatchObject({ nu: "exponential(0.1)", sigma: "gamma(2, 3)" });
  });

  test.each([
    ["sd[g,z] ~ flat()", "the model has no coefficient 'z' in g; the coefficients in g are Intercept, x"],
    ["cor[h] ~ lkj(1)", "the model has no correlated group 'h'; the correlated groups are g"],
    ["cor ~ normal(0, 1)", "the prior of correlations is lkj(eta)"],
    ["sd ~ lkj(1)", "lkj() is a prior of correlations (cor); sd needs another"],
    [
      "cor_g__Intercept__x ~ lkj(1)",
      "no class 'cor_g__Intercept__x'; write cor[g]; the classes are b, Intercept, sd, cor, sigma, nu, phi",
    ],
    [
      "sd_g__x ~ flat()",
      "no class 'sd_g__x'; write sd[g,x]; the classes are b, Intercept, sd, cor, sigma, nu, phi",
    ],
    [
      "nu ~ gamma(2, 0.1)",
      "a gaussian model has no nu; its parameters are Intercept, sd[g,Intercept], sd[g,x], cor[g], sigma",
    ],
    ["Intercept[1] ~ flat()", "Intercept is one parameter; leave out [1]"],
    ["cor ~ lkj(1, 2)", "lkj(eta) takes 1 number, found 2"],
  ])("%s", (statement, message) => {
    expect(messageOf(() => build("y ~ (x | g)", "gaussian", [statement]))).toBe(
      `prior: ${message}: '${statement}'`,
    );
  });
});
