import { nearestName } from "../frame/near-names.ts";
import { type Expression, isComparison } from "./expression.ts";
import { formulaError } from "./formula-error.ts";

/** A function of one number, and what it needs where its value would not be finite. */
export interface NumericFunction {
  readonly apply: (x: number) => number;
  readonly needs: string;
}

const POSITIVE = "it needs numbers above 0: drop the row, or use log1p()";
const MODERATE = "the number is too large";

/** The functions of one number that formulas know, under R's names. */
export const NUMERIC_FUNCTIONS: ReadonlyMap<string, NumericFunction> = new Map([
  ["log", { apply: Math.log, needs: POSITIVE }],
  ["log2", { apply: Math.log2, needs: POSITIVE }],
  ["log10", { apply: Math.log10, needs: POSITIVE }],
  ["log1p", { apply: Math.log1p, needs: "it needs numbers above -1: drop the row" }],
  ["exp", { apply: Math.exp, needs: MODERATE }],
  ["expm1", { apply: Math.expm1, needs: MODERATE }],
  ["sqrt", { apply: Math.sqrt, needs: "it needs numbers of at least 0: drop the row" }],
  ["abs", { apply: Math.abs, needs: MODERATE }],
  ["sin", { apply: Math.sin, needs: MODERATE }],
  ["cos", { apply: Math.cos, needs: MODERATE }],
  ["tanh", { apply: Math.tanh, needs: MODERATE }],
]);

/** I(): as it is; scale(): to mean 0 and standard deviation 1 over the rows used; factor(): levels. */
const OTHER_FUNCTIONS: ReadonlySet<string> = new Set(["I", "scale", "factor", "as.factor"]);

const SUPPORTED = [...OTHER_FUNCTIONS, ...NUMERIC_FUNCTIONS.keys()];

const SMOOTH = "is a smooth, which is not supported yet; use the variable itself, or powers such as I(x^2)";
const RESPONSES = "makes a response of several columns, which is not supported; fit one response at a time";
/** Known from R and brms, not supported: why, and the way out. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  poly: "is not supported yet; write the powers as x + I(x^2)",
  s: SMOOTH,
  t2: SMOOTH,
  te: SMOOTH,
  ti: SMOOTH,
  ns: SMOOTH,
  bs: SMOOTH,
  gp: SMOOTH,
  offset: "is a term of its own; add it: y ~ x + offset(z)",
  trials: "stands beside the response: y | trials(n) ~ x",
  mo: "is a monotonic effect, which is not supported yet; use factor() or the variable itself",
  me: "is a predictor with measurement error, which is not supported yet; use the variable itself",
  mi: "is not supported yet; rows with missing values are left out",
  gr: "is not supported yet; write the group's name alone: (1 | g)",
  mm: "is a multi-membership term, which is not supported yet; use (1 | g)",
  cbind: RESPONSES,
  mvbind: RESPONSES,
};

/**
 * Refuses what cannot be computed in an expression that stands for one variable: functions that do not exist,
 * wrong numbers of arguments, `:` and `|` inside a function, texts outside comparisons.
 */
export function checkVariable(text: string, expression: Expression): void {
  switch (expression.kind) {
    case "name":
    case "number":
      return;
    case "string":
      throw formulaError(
        text,
        expression.position,
        `the text "${expression.value}" can only be compared, as in x == "${expression.value}"`,
      );
    case "parentheses":
      checkVariable(text, expression.inner);
      return;
    case "unary":
      checkVariable(text, expression.operand);
      return;
    case "call":
      checkCall(text, expression);
      return;
    case "binary": {
      const { operator, left, right, position } = expression;
      if (operator === ":" || operator === "|" || operator === "||")
        throw formulaError(text, position, `'${operator}' cannot stand inside a function`);
      const sides = isComparison(operator)
        ? [left, right].filter(({ kind }) => kind !== "string")
        : [left, right];
      if (sides.length === 0) throw formulaError(text, position, "one side of a comparison must be a column");
      for (const side of sides) checkVariable(text, side);
    }
  }
}

function checkCall(text: string, call: Expression & { kind: "call" }): void {
  const { name, args, position } = call;
  const unsupported = Object.hasOwn(UNSUPPORTED, name) ? UNSUPPORTED[name] : undefined;
  if (unsupported !== undefined) throw formulaError(text, position, `${name}() ${unsupported}`);
  if (!SUPPORTED.includes(name)) {
    const near = nearestName(name, SUPPORTED);
    throw formulaError(
      text,
      position,
      `no function ${name}(); ${near === undefined ? "" : `did you mean ${near}()? `}the functions are ${SUPPORTED.join(", ")}`,
    );
  }
  if (args.length !== 1)
    throw formulaError(text, position, `${name}() takes one argument here, found ${args.length}`);
  checkVariable(text, args[0]!);
}
