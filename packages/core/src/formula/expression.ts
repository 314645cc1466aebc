import { formatNumber } from "./format-number.ts";

/** A node of a formula's syntax tree; `position` is its place in the text, from 1 (of an operator: the operator's). */
export type Expression =
  | { readonly kind: "name"; readonly name: string; readonly position: number }
  | { readonly kind: "number"; readonly value: number; readonly position: number }
  | { readonly kind: "string"; readonly value: string; readonly position: number }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly position: number;
    }
  | {
      readonly kind: "unary";
      readonly operator: "-" | "+";
      readonly operand: Expression;
      readonly position: number;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly position: number;
    }
  | { readonly kind: "parentheses"; readonly inner: Expression; readonly position: number };

export type Comparison = "==" | "!=" | "<" | ">" | "<=" | ">=";
export type BinaryOperator = "+" | "-" | "*" | "/" | "^" | ":" | "|" | "||" | Comparison;

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">="]);

export function isComparison(operator: string): operator is Comparison {
  return COMPARISONS.has(operator);
}

/** The expression written as R's `deparse` writes it: `log(x + 1)`, `I(x^2)`, `a:b`, `r2 == "Y"`. */
export function deparse(expression: Expression): string {
  switch (expression.kind) {
    case "name":
      return expression.name;
    case "number":
      return formatNumber(expression.value);
    case "string":
      return `"${expression.value}"`;
    case "call":
      return `${expression.name}(${expression.args.map(deparse).join(", ")})`;
    case "unary":
      return `${expression.operator}${deparse(expression.operand)}`;
    case "parentheses":
      return `(${deparse(expression.inner)})`;
    case "binary": {
      const { operator } = expression;
      const space = operator === ":" || operator === "^" ? "" : operator === "/" ? "" : " ";
      return `${deparse(expression.left)}${space}${operator}${space}${deparse(expression.right)}`;
    }
  }
}

/** The expression without the parentheses around it. */
export function unwrap(expression: Expression): Expression {
  return expression.kind === "parentheses" ? unwrap(expression.inner) : expression;
}

/** The column names in an expression, in order, with the place of each first mention. */
export function namesIn(expression: Expression, found: Map<string, number> = new Map()): Map<string, number> {
  switch (expression.kind) {
    case "name":
      if (!found.has(expression.name)) found.set(expression.name, expression.position);
      break;
    case "call":
      for (const arg of expression.args) namesIn(arg, found);
      break;
    case "unary":
      namesIn(expression.operand, found);
      break;
    case "binary":
      namesIn(expression.left, found);
      namesIn(expression.right, found);
      break;
    case "parentheses":
      namesIn(expression.inner, found);
      break;
  }
  return found;
}
