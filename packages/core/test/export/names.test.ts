import { describe, expect, test } from "vitest";
import { labelledArrays, matchVariables, squareBrackets, stanNames } from "../../src/export/index.ts";
import { messageOf } from "../frame/message-of.ts";

describe("names for Stan", () => {
  test.each([
    ["valid ones stay", ["b_Intercept", "sigma"], ["b_Intercept", "sigma"]],
    ["what is not allowed becomes _", ["sd_a:b__Intercept", "b_x.y"], ["sd_a_b__Intercept", "b_x_y"]],
    ["every one is different", ["a:b", "a_b", "a.b"], ["a_b", "a_b_2", "a_b_3"]],
    ["none begins or ends as the sampler's do", ["1st", "_x", "y__", ":"], ["v_1st", "v__x", "y_", "v"]],
    [
      "levels are numbered in their order",
      ["r_g[b,Intercept]", "sigma", "r_g[a,Intercept]"],
      ["r_g.1", "sigma", "r_g.2"],
    ],
    [
      "a matrix in Stan's order keeps its indices",
      ["m[1,1]", "m[2,1]", "m[1,2]", "m[2,2]"],
      ["m.1.1", "m.2.1", "m.1.2", "m.2.2"],
    ],
    [
      "one in another order is numbered",
      ["m[1,1]", "m[1,2]", "m[2,1]", "m[2,2]"],
      ["m.1", "m.2", "m.3", "m.4"],
    ],
    ["and a part of one", ["v[2]", "v[3]"], ["v.1", "v.2"]],
  ])("%s", (_, names, expected) => {
    expect(stanNames(names)).toEqual(expected);
  });

  test("are read back with square brackets", () => {
    expect(["b.1", "m.1.2", "x.y", "sigma"].map(squareBrackets)).toEqual(["b[1]", "m[1,2]", "x.y", "sigma"]);
  });
});

describe("patterns", () => {
  const names = ["b_Intercept", "b_x", "r_g[a,Intercept]", "r_g[ab,Intercept]"];
  test.each([
    [[], [0, 1, 2, 3]],
    [["b_*"], [0, 1]],
    [["r_g[a,*"], [2]],
    [
      ["r_g[a?,Intercept]", "b_x"],
      [1, 3],
    ],
  ])("%j", (patterns, expected) => {
    expect(matchVariables(names, patterns)).toEqual(expected);
  });

  test("without a match are bad input", () => {
    expect(messageOf(() => matchVariables(names, ["b_y"]))).toMatch(
      /^no variable matches 'b_y': did you mean 'b_x'\? there are b_Intercept, b_x, /,
    );
  });
});

describe("arrays with named axes", () => {
  test("a group's levels, with commas in them", () => {
    expect(labelledArrays(["b_x", "r_g[a,b,Intercept]", "r_g[c,Intercept]"])).toEqual([
      { name: "b_x", axes: [], variables: [0] },
      { name: "r_g", axes: [{ name: "g", labels: ["a,b", "c"] }], variables: [1, 2] },
    ]);
  });

  test("levels by coefficients, whatever their order; whole numbers are numbers", () => {
    expect(labelledArrays(["r_g[2,Intercept]", "r_g[1,Intercept]", "r_g[1,x]", "r_g[2,x]"])).toEqual([
      {
        name: "r_g",
        axes: [
          { name: "g", labels: [2, 1] },
          { name: "g_coefficient", labels: ["Intercept", "x"] },
        ],
        variables: [0, 3, 1, 2],
      },
    ]);
  });

  test("Stan's arrays have ArviZ's names", () => {
    expect(labelledArrays(["theta[1]", "theta[2]"])).toEqual([
      { name: "theta", axes: [{ name: "theta_dim_0", labels: [1, 2] }], variables: [0, 1] },
    ]);
  });

  test("what is no rectangle stays apart, / parts folders", () => {
    expect(labelledArrays(["m[1,1]", "m[2,2]", "b_a/b"])).toEqual([
      { name: "m[1,1]", axes: [], variables: [0] },
      { name: "m[2,2]", axes: [], variables: [1] },
      { name: "b_a|b", axes: [], variables: [2] },
    ]);
  });

  test("axes do not meet variables, nor each other where labels differ", () => {
    const arrays = labelledArrays(["g", "r_g[a,Intercept]", "r_g[b,Intercept]", "r_draw[a,Intercept]"]);
    expect(arrays.flatMap(({ axes }) => axes.map(({ name }) => name))).toEqual(["r_g_dim_0", "r_draw_dim_0"]);
  });
});
