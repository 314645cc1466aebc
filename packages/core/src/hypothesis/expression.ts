import { type ArithmeticOperator, arithmetic } from "../arithmetic.ts";
import { DRAW_FUNCTIONS } from "./functions.ts";

/** A node of an expression over draws; `position` is its place in the text, from 1 (of an operator: the operator's). */
export type DrawExpression =
  | { readonly kind: "number"; readonly value: number; readonly position: number }
  /** A variable of the draws, by its name there. */
  | { readonly kind: "variable"; readonly name: string; readonly position: number }
  | {
      readonly kind: "operation";
      readonly operator: ArithmeticOperator;
      readonly args: readonly [DrawExpression, DrawExpression];
      readonly position: number;
    }
  | {
      readonly kind: "negation";
      readonly args: readonly [DrawExpression];
      readonly position: number;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly DrawExpression[];
      readonly position: number;
    };

/** Draws by variable. */
export type DrawValues = ReadonlyMap<string, Float64Array>;

/** Value of an expression in one draw, in float64; NaN where it is not defined. */
export function valueAt(expression: DrawExpression, draws: DrawValues, draw: number): number {
  switch (expression.kind) {
    case "number":
      return expression.value;
    case "variable":
      return draws.get(expression.name)![draw]!;
    case "negation":
      return -valueAt(expression.args[0], draws, draw);
    case "call": {
      const [x, y] = expression.args;
      const second = y && valueAt(y, draws, draw);
      return DRAW_FUNCTIONS.get(expression.name)!.apply(valueAt(x!, draws, draw), second);
    }
    case "operation": {
      const a = valueAt(expression.args[0], draws, draw);
      const b = valueAt(expression.args[1], draws, draw);
      return arithmetic(expression.operator, a, b);
    }
  }
}

/** The innermost part of an expression that is not defined in a draw where the whole is not: what to point at. */
export function undefinedPart(expression: DrawExpression, draws: DrawValues, draw: number): DrawExpression {
  if (!("args" in expression)) return expression;
  const inner = expression.args.find((arg) => Number.isNaN(valueAt(arg, draws, draw)));
  return inner === undefined ? expression : undefinedPart(inner, draws, draw);
}

/** Names of the variables in an expression. */
export function variablesIn(expression: DrawExpression, found: Set<string> = new Set()): Set<string> {
  if (expression.kind === "variable") found.add(expression.name);
  if ("args" in expression) for (const arg of expression.args) variablesIn(arg, found);
  return found;
}
