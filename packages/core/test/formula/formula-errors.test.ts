import { describe, expect, test } from "vitest";
import { formulaTerms } from "../../src/formula/index.ts";
import { InputError } from "../../src/input-error.ts";
import { messageOf } from "../frame/message-of.ts";

const FUNCTIONS =
  "I, scale, factor, as.factor, log, log2, log10, log1p, exp, expm1, sqrt, abs, sin, cos, tanh";

describe("each error is one line with its place, the way out and the formula", () => {
  test.each([
    ["", 1, "the formula is empty; write it as y ~ x + (1 | group)"],
    ["y", 2, "expected '~' between response and predictors"],
    ["~ x", 1, "expected a response before '~'"],
    ["y ~", 4, "expected a term after '~', found the end"],
    ["y ~ x ~ z", 7, "a second '~'; a formula has one"],
    ["y ~ x + )", 9, "expected a term after '+', found ')'"],
    ["y ~ x +", 8, "expected a term after '+', found the end"],
    ["y ~ x z", 7, "expected '+' or the end, found 'z'"],
    ["y ~ x)", 6, "expected '+' or the end, found ')'"],
    ["y ~ (x + z", 11, "expected ')' to close '(' of position 5, found the end"],
    ["y ~ log(x", 10, "expected ')' to close '(' of position 8, found the end"],
    ["y ~ 3x", 6, "expected '+' or the end, found 'x'"],
    ["y ~ x $ z", 7, "unexpected character '$'; put unusual column names between backticks"],
    ["y ~ `x", 5, "` is never closed"],
    ["y ~ I(a %% 2)", 9, "'%%' is not supported"],
    [
      "y ~ I(a > 0 & b)",
      13,
      "unexpected character '&'; two comparisons that both hold are (a > 0) * (b > 0)",
    ],
    ["y ~ a %in% b", 7, "'%in%' is not supported; write the interaction with ':'"],
    ["y ~ I(a < b < c)", 13, "comparisons cannot be chained"],
    ["y ~ 2 + x", 5, "the number 2 is not a term; only 0 and 1 (no intercept, intercept) are"],
    ["y ~ x:1", 7, "1 cannot be part of an interaction"],
    ["y ~ 'a'", 5, `"a" cannot be part of an interaction`],
    ["y ~ x^2", 6, "a power goes inside I(): I(x^2)"],
    ["y ~ (a + b)^z", 12, "'^' of terms needs a whole number from 1 to 10, as in (a + b)^2"],
    ["y ~ x > 3", 7, "a comparison goes inside I(): I(x > 3)"],
    ["y ~ x:-z", 7, "arithmetic goes inside I(): I(-x)"],
    ["y ~ x - (a - b)", 12, "'-' inside what is subtracted; subtract the terms one by one"],
    ["y ~ .", 5, "'.' (all other columns) is not supported; name the columns"],
    ["y ~ x | g", 7, "a group term stands in parentheses: (1 | g)"],
    ["y ~ x:(1 | g)", 10, "a group term cannot be part of an interaction; add it: + (1 | g)"],
    ["y ~ x - (1 | g)", 12, "a group term cannot be subtracted; leave it out"],
    ["y ~ (0 | g)", 6, "nothing varies here; write (1 | g), or (0 + x | g)"],
    ["y ~ (x + (1 | h) | g)", 13, "a group term cannot stand inside another"],
    ["y ~ (1 + offset(x) | g)", 17, "an offset is no group-level effect; add it outside"],
    ["y ~ (x | g) + (0 + x | g)", 24, "'x' of the group g occurs twice; remove one"],
    ["y ~ (1 | id | g)", 13, "a second '|' (correlated terms) is not supported; write (1 | g)"],
    [
      "y ~ (1 | g) + (1 | g/h)",
      20,
      "the intercept of the group g occurs twice; remove one (0 + leaves it out)",
    ],
    [
      "y ~ (1 | g:h) + (1 | h:g)",
      22,
      "the intercept of the group h:g occurs twice; remove one (0 + leaves it out)",
    ],
    [
      "y ~ (1 | g + h)",
      12,
      "'g + h' is not a grouping; name columns, joined by '/' (nested) or ':', as in (1 | a/b)",
    ],
    [
      "y ~ (1 | log(g))",
      10,
      "'log(g)' is not a grouping; name columns, joined by '/' (nested) or ':', as in (1 | a/b)",
    ],
    ["y ~ (1 | gr(g))", 10, "gr() is not supported yet; write the group's name alone: (1 | g)"],
    ["y ~ (1 | mm(a, b))", 10, "mm() is a multi-membership term, which is not supported yet; use (1 | g)"],
    ["y ~ poly(x, 2)", 5, "poly() is not supported yet; write the powers as x + I(x^2)"],
    [
      "y ~ s(x)",
      5,
      "s() is a smooth, which is not supported yet; use the variable itself, or powers such as I(x^2)",
    ],
    ["y ~ x * offset(z)", 9, "offset() is a term of its own; add it: y ~ x + offset(z)"],
    ["y ~ x - offset(z)", 9, "an offset cannot be subtracted; write offset(-x)"],
    ["y ~ offset(x, z)", 5, "offset() takes one argument, found 2"],
    ["y ~ x + offset(y)", 16, "'y' is on both sides of '~'; take it out of one of them"],
    ["y ~ (y | g)", 6, "'y' is on both sides of '~'; take it out of one of them"],
    ["y ~ trials(n)", 5, "trials() stands beside the response: y | trials(n) ~ x"],
    ["y | trials() ~ x", 5, "trials() takes one argument, a column or a number, found 0"],
    ["y | trials(n) + trials(m) ~ x", 15, "trials() occurs twice; remove one"],
    ["y | n ~ x", 5, "after the response and '|' stands the number of trials: y | trials(n) ~ …"],
    ["y | trials(n) + cens(c) ~ x", 17, "cens() is not supported; leave censored rows out"],
    ["y ~ lgo(x)", 5, `no function lgo(); did you mean log()? the functions are ${FUNCTIONS}`],
    ["y ~ toString(x)", 5, `no function toString(); the functions are ${FUNCTIONS}`],
    ["y ~ log(x, 2)", 5, "log() takes one argument here, found 2"],
    ["y ~ scale()", 5, "scale() takes one argument here, found 0"],
    ["y ~ I(x:z)", 8, "':' cannot stand inside a function"],
    ["y ~ log(1 | x)", 11, "'|' cannot stand inside a function"],
    ["y ~ factor('a')", 12, `the text "a" can only be compared, as in x == "a"`],
    ["1 ~ x", 1, "the response must be a column of the data"],
    [
      "cbind(a, b) ~ x",
      1,
      "cbind() makes a response of several columns, which is not supported; fit one response at a time",
    ],
    ["y | weights(w) ~ x", 5, "weights() is not supported; repeat rows, or fit the rows themselves"],
    ["y ~ x + log(y)", 13, "'y' is on both sides of '~'; take it out of one of them"],
    ["log(y) ~ x + (1 | y)", 19, "'y' is on both sides of '~'; take it out of one of them"],
  ])("%j", (formula, position, message) => {
    expect(messageOf(() => formulaTerms(formula))).toBe(
      `formula, position ${position}: ${message}: '${formula}'`,
    );
  });

  test("a formula of several lines is shown on one", () => {
    expect(messageOf(() => formulaTerms("y ~ x +\n  "))).toBe(
      "formula, position 8: expected a term after '+', found the end: 'y ~ x +'",
    );
  });

  test("a pointer shows the place under the formula, by characters", () => {
    expect(pointerOf("y ~ x + `größe 😀` + lgo(x)")).toBe(
      "y ~ x + `größe 😀` + lgo(x)\n                    ^",
    );
    expect(pointerOf("y ~ x +\n  lgo(x)")).toBe("y ~ x +   lgo(x)\n          ^");
    expect(pointerOf("y ~ x + ")).toBe("y ~ x +\n       ^");
  });

  test("places in messages count characters too", () => {
    expect(messageOf(() => formulaTerms("`😀` ~ (1 | g"))).toMatch(
      /^formula, position 13: expected '\)' to close '\(' of position 7, found the end/,
    );
  });

  test("of a long formula, the pointer and the message show the piece around the place", () => {
    const many = Array.from({ length: 30 }, (_, k) => `x${k}`).join(" + ");
    const pointer = pointerOf(`y ~ ${many} + lgo(x) + ${many}`);
    const [piece = "", caret = ""] = pointer.split("\n");
    expect(piece).toMatch(/^….*\+ lgo\(x\) \+ x0 \+ .*…$/);
    expect(piece.length).toBeLessThanOrEqual(82);
    expect(piece.indexOf("lgo")).toBe(caret.length - 1);
    expect(caret.trim()).toBe("^");
  });
});

function pointerOf(formula: string): string {
  try {
    formulaTerms(formula);
  } catch (error) {
    if (error instanceof InputError) return error.pointer ?? "no pointer";
  }
  return "no error";
}
