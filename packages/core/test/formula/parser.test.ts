import { describe, expect, test } from "vitest";
import { brmsName, deparse, parseFormula, scan } from "../../src/formula/index.ts";

/** With brackets around every operation, to show what binds what. */
function shape(text: string): string {
  const show = (e: ReturnType<typeof parseFormula>["response"]): string => {
    switch (e.kind) {
      case "binary":
        return `[${show(e.left)} ${e.operator} ${show(e.right)}]`;
      case "unary":
        return `[${e.operator}${show(e.operand)}]`;
      case "call":
        return `${e.name}(${e.args.map(show).join(", ")})`;
      case "parentheses":
        return `(${show(e.inner)})`;
      default:
        return deparse(e);
    }
  };
  return show(parseFormula(`y ~ ${text}`).predictors);
}

describe("scan", () => {
  test("kinds, texts and places of tokens", () => {
    expect(scan(`y ~ log(x.1_a) - 1e-3 + \`a b\` == "c d"`).map((t) => [t.kind, t.text, t.position])).toEqual(
      [
        ["name", "y", 1],
        ["operator", "~", 3],
        ["name", "log", 5],
        ["operator", "(", 8],
        ["name", "x.1_a", 9],
        ["operator", ")", 14],
        ["operator", "-", 16],
        ["number", "1e-3", 18],
        ["operator", "+", 23],
        ["name", "a b", 25],
        ["operator", "==", 31],
        ["string", "c d", 34],
        ["end", "", 39],
      ],
    );
  });

  test.each([
    ["größe", ["größe", ""]],
    [".5+.x", [".5", "+", ".x", ""]],
    ["a||b|c", ["a", "||", "b", "|", "c", ""]],
    ["a<=b!=c", ["a", "<=", "b", "!=", "c", ""]],
    ["2.50x", ["2.50", "x", ""]],
    ["a %in% b", ["a", "%in%", "b", ""]],
    ["", [""]],
    ["  ", [""]],
  ])("%j", (text, tokens) => {
    expect(scan(text).map((token) => token.text)).toEqual(tokens);
  });
});

describe("parseFormula", () => {
  test.each([
    ["a + b - c", "[[a + b] - c]"],
    ["a + b * c:d", "[a + [b * [c : d]]]"],
    ["a*b/c", "[[a * b] / c]"],
    ["a^b^2", "[a ^ [b ^ 2]]"],
    ["-x^2", "[-[x ^ 2]]"],
    ["-a:b", "[[-a] : b]"],
    ["x^-1", "[x ^ [-1]]"],
    ["(a + b):c", "[([a + b]) : c]"],
    ["x + (1 | a/b)", "[x + ([1 | [a / b]])]"],
    ["1 + x | g", "[[1 + x] | g]"],
    ["I(x > 2 + 1)", "I([x > [2 + 1]])"],
    ["f(a, b + 1, g())", "f(a, [b + 1], g())"],
  ])("%s", (text, expected) => {
    expect(shape(text)).toBe(expected);
  });

  test("an operator's place is its own", () => {
    const { predictors } = parseFormula("y ~ ab + c");
    expect(predictors).toMatchObject({
      kind: "binary",
      position: 8,
      left: { position: 5 },
      right: { position: 10 },
    });
  });
});

test.each([
  ["y~log( x+1 )", "log(x + 1)"],
  ["y~I(x ^ 2/3)", "I(x^2/3)"],
  ["y~I((x+1)*-z)", "I((x + 1) * -z)"],
  ["y~I(x*1000000)", "I(x * 1e+06)"],
  ["y~I(x==0.5)", "I(x == 0.5)"],
  ["y~I(g=='a')", 'I(g == "a")'],
  ["y~a : b", "a:b"],
])("deparse writes as R does: %s", (text, expected) => {
  expect(deparse(parseFormula(text).predictors)).toBe(expected);
});

test.each([
  ["x", "x"],
  ["factor(age)2", "factorage2"],
  ["I(x^2)", "IxE2"],
  ["log(x + 1)", "logxP1"],
  ["a:b", "a:b"],
  ["I(x * 2 - z/3)", "IxMU2MzD3"],
  ["typecontroversy guided", "typecontroversyguided"],
  ['I(g == "a")TRUE', "IgEQEQaTRUE"],
  ["model_namegpt-4", "model_namegptM4"],
  ["f[1]?,'x'", "f1x"],
])("brmsName(%j) = %j", (name, expected) => {
  expect(brmsName(name)).toBe(expected);
});
