import { deparse, type Expression } from "../formula/expression.ts";
import { formulaError } from "../formula/formula-error.ts";
import { checkVariable } from "../formula/functions.ts";
import { parseExpression } from "../formula/parser.ts";
import { nearestName } from "../frame/near-names.ts";
import { COLUMN_FUNCTIONS } from "./column-functions.ts";

export type Call = Expression & { readonly kind: "call" };

/** An expression of columns, ready to be computed. */
export interface ColumnExpression {
  readonly text: string;
  /** The whole, with a name in place of each call of a column function: the call as `deparse` writes it. */
  readonly expression: Expression;
  /** Those calls, inner ones first, their arguments with names in place of calls as well. */
  readonly calls: readonly { readonly name: string; readonly call: Call }[];
  /** The columns in it, with the place of each first mention (from 1). */
  readonly columns: ReadonlyMap<string, number>;
}

/**
 * Parses what derives a column or chooses rows: a formula's arithmetic, functions and comparisons, and the functions of whole columns
 * (`COLUMN_FUNCTIONS`). An InputError with its place where it is neither.
 */
export function parseColumnExpression(text: string): ColumnExpression {
  const calls: { name: string; call: Call }[] = [];
  const columns = new Map<string, number>();
  const lowered = lower(text, parseExpression(text), calls, columns);
  checkVariable(text, lowered);
  return { text, expression: lowered, calls, columns };
}

/** The expression with names in place of column functions' calls, which are checked and collected. */
function lower(
  text: string,
  node: Expression,
  calls: { name: string; call: Call }[],
  columns: Map<string, number>,
): Expression {
  const inner = (child: Expression): Expression => lower(text, child, calls, columns);
  switch (node.kind) {
    case "name":
      if (!columns.has(node.name)) columns.set(node.name, node.position);
      return node;
    case "number":
    case "string":
      return node;
    case "parentheses":
      return { ...node, inner: inner(node.inner) };
    case "unary":
      return { ...node, operand: inner(node.operand) };
    case "binary":
      return { ...node, left: inner(node.left), right: inner(node.right) };
    case "call": {
      const definition = COLUMN_FUNCTIONS.get(node.name);
      const call: Call = { ...node, args: node.args.map(inner) };
      if (definition === undefined) {
        const near = nearestName(node.name, COLUMN_FUNCTIONS.keys());
        if (near !== undefined)
          throw formulaError(text, node.position, `no function ${node.name}(); did you mean ${near}()?`);
        return call;
      }
      if (call.args.length !== definition.parameters.length)
        throw formulaError(
          text,
          node.position,
          `${node.name}(${definition.parameters.join(", ")}) takes ${definition.parameters.length} arguments, found ${call.args.length}`,
        );
      call.args.forEach((arg, k) => {
        const parameter = definition.parameters[k]!;
        if (definition.constants.includes(parameter)) {
          if (arg.kind !== "number")
            throw formulaError(
              text,
              arg.position,
              `${parameter} of ${node.name}() is a number, found ${deparse(arg)}`,
            );
        } else checkVariable(text, arg);
      });
      const name = deparse(node);
      if (!calls.some((known) => known.name === name)) calls.push({ name, call });
      return { kind: "name", name, position: node.position };
    }
  }
}
