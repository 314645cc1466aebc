import { describe, expect, test } from "vitest";
import { parseHypothesis, VariableNames } from "../../src/hypothesis/index.ts";
import { InputError } from "../../src/input-error.ts";

const names = new VariableNames([
  "b_Intercept",
  "b_x",
  "b_x2",
  "b_x:y",
  "sd_a:b__Intercept",
  "cor_g__Intercept__x",
  "r_g[gpt-4,Intercept]",
  "r_g[a<b,Intercept]",
  "sigma",
  "theta[1]",
  "exp",
]);

describe("parses", () => {
  test.each([
    ["b_x > 0", "(b_x) > 0", ["b_x"]],
    ["  x\t>0 ", "(x) > 0", ["b_x"]],
    ["x2 - x < 1 + 2", "(x2-x)-(1+2) < 0", ["b_x2", "b_x"]],
    ["x:y = 0.0", "(x:y)-(0.0) = 0", ["b_x:y"]],
    ["sd_a:b__Intercept/sigma>1", "(sd_a:b__Intercept/sigma)-(1) > 0", ["sd_a:b__Intercept", "sigma"]],
    ["r_g[gpt-4,Intercept]-x>0", "(r_g[gpt-4,Intercept]-x) > 0", ["r_g[gpt-4,Intercept]", "b_x"]],
    ["r_g[a<b, Intercept] < 0", "(r_g[a<b,Intercept]) < 0", ["r_g[a<b,Intercept]"]],
    ["`b_x:y` < theta[1]", "(`b_x:y`)-(theta[1]) < 0", ["b_x:y", "theta[1]"]],
    ["exp > exp(x)", "(exp)-(exp(x)) > 0", ["exp", "b_x"]],
    ["(x) > .5e1", "((x))-(.5e1) > 0", ["b_x"]],
  ])("%s", (text, label, variables) => {
    const hypothesis = parseHypothesis(text, names);
    expect(hypothesis.label).toBe(label);
    expect(hypothesis.variables).toEqual(variables);
  });
});

test("the longest name that fits, where names hold what looks like an operator", () => {
  const odd = new VariableNames(["a", "a-b", "b"]);
  expect(parseHypothesis("a-b > 0", odd).variables).toEqual(["a-b"]);
  expect(parseHypothesis("a - b > 0", odd).variables).toEqual(["a", "b"]);
  expect(parseHypothesis("`a`-b > 0", odd).variables).toEqual(["a", "b"]);
});

describe("refuses, with a caret at the place", () => {
  test.each([
    [
      "b_xx > 0",
      1,
      /no variable 'b_xx' in the draws; did you mean 'b_x2?'\? the variables are b_Intercept, b_x/,
    ],
    ["b_x - sigmma > 0", 7, /no variable 'sigmma'.*did you mean 'sigma'/],
    ["x:z > 0", 1, /no variable 'x:z'.*did you mean 'x:y'/],
    [
      "r_g[gpt-5,Intercept] > 0",
      1,
      /no variable 'r_g\[gpt-5,Intercept\]'.*did you mean 'r_g\[gpt-4,Intercept\]'/,
    ],
    ["theta[2] > 0", 1, /no variable 'theta\[2\]'/],
    ["`b x` > 0", 1, /no variable 'b x'/],
    ["`b_x > 0", 1, /` is never closed/],
    ["b_x >= 0", 5, /'>=' is not allowed: a hypothesis has exactly one of <, > and =; write '>'/],
    ["b_x <= 0", 5, /'<=' is not allowed.*write '<'/],
    ["b_x == 0", 5, /'==' is not allowed.*write '='/],
    ["0 < b_x < 1", 9, /a second comparison/],
    ["b_x", 4, /no comparison: a hypothesis has exactly one of <, > and =, such as 'b_x > 0'/],
    ["b_x != 0", 5, /'!' is none of the signs/],
    ["", 1, /it is empty/],
    ["> 0", 1, /a variable or a number is expected, found '>'/],
    ["b_x >", 6, /it ends where a variable or a number is expected/],
    ["(b_x > 0", 1, /'\(' is never closed/],
    ["exp(b_x > 0", 4, /'\(' is never closed/],
    ["b_x) > 0", 4, /'\)' closes nothing/],
    ["b_x > 0)", 8, /'\)' closes nothing/],
    ["b_x > ()", 8, /'\)' closes nothing, or a variable or a number is missing before it/],
    ["b_x b_x > 0", 5, /an operator or a comparison is expected, found 'b'/],
    ["(b_x b_x) > 0", 6, /an operator or '\)' is expected, found 'b'/],
    ["1 > 0", 1, /no variable on either side/],
    ["exq(b_x) > 0", 1, /no function exq\(\); did you mean 'exp'\?/],
    ["exp(b_x, 1) > 0", 1, /exp\(\) takes 1 argument, found 2/],
    ["max(b_x) > 0", 1, /max\(\) takes 2 arguments, found 1/],
    ["log() > 0", 1, /log\(\) takes 1 or 2 arguments, found 0/],
    ["b_x ** 2 > 0", 6, /found '\*'/],
  ])("%s", (text, position, message) => {
    let thrown: unknown;
    try {
      parseHypothesis(text, names);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InputError);
    const { message: line, pointer } = thrown as InputError;
    expect(line).toMatch(message);
    expect(line).toMatch(new RegExp(`^hypothesis, position ${position}: .*$`));
    expect(pointer).toBe(`${text.trimEnd()}\n${" ".repeat(position - 1)}^`);
  });
});
