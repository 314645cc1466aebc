import { deparse, type Expression, isComparison, unwrap } from "./expression.ts";
import { formulaError } from "./formula-error.ts";
import { checkVariable } from "./functions.ts";
import type { Variable } from "./linear-terms.ts";

type Binary = Expression & { kind: "binary" };
/** A term as the indices of its variables, upwards. */
type TermSet = readonly number[];

export interface TermSum {
  readonly intercept: boolean;
  readonly terms: readonly TermSet[];
  /** What stands in `( | )`. */
  readonly bars: readonly Binary[];
  /** What stands in `offset()`. */
  readonly offsets: readonly Expression[];
}

/** Works out a formula's right side by R's term algebra (Wilkinson & Rogers 1973). */
export class TermAlgebra {
  readonly variables: Variable[] = [];
  readonly #text: string;
  readonly #indices = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** The whole right side: `+` and `-` of terms, group terms and the numbers 0 and 1. */
  sum(expression: Expression): TermSum {
    const sum = {
      intercept: true,
      terms: [] as readonly TermSet[],
      bars: [] as Binary[],
      offsets: [] as Expression[],
    };
    for (const { piece, added } of this.#pieces(expression, true)) {
      const bar = unwrap(piece);
      if (isBar(bar)) {
        if (piece.kind !== "parentheses")
          throw this.#error(bar.position, "a group term stands in parentheses: (1 | g)");
        if (!added) throw this.#error(bar.position, "a group term cannot be subtracted; leave it out");
        sum.bars.push(bar);
      } else if (isOffset(piece)) {
        if (!added) throw this.#error(piece.position, "an offset cannot be subtracted; write offset(-x)");
        sum.offsets.push(this.#offset(piece));
      } else if (piece.kind === "number") {
        if (piece.value !== 0 && piece.value !== 1)
          throw this.#error(
            piece.position,
            `the number ${piece.value} is not a term; only 0 and 1 (no intercept, intercept) are`,
          );
        sum.intercept = (piece.value === 1) === added;
      } else {
        const terms = this.#terms(piece);
        sum.terms = added ? union(sum.terms, terms) : without(sum.terms, terms);
      }
    }
    return sum;
  }

  #offset({ args, position }: Expression & { kind: "call" }): Expression {
    const [inner, ...more] = args;
    if (inner === undefined || more.length > 0)
      throw this.#error(position, `offset() takes one argument, found ${args.length}`);
    checkVariable(this.#text, inner);
    return inner;
  }

  /** The summands in order, parentheses around sums taken away. */
  *#pieces(expression: Expression, added: boolean): Generator<{ piece: Expression; added: boolean }> {
    const inner = unwrap(expression);
    const { kind } = inner;
    if (kind === "unary" || (kind === "binary" && (inner.operator === "+" || inner.operator === "-"))) {
      if (inner.operator === "-" && !added)
        throw this.#error(inner.position, "'-' inside what is subtracted; subtract the terms one by one");
      if (kind === "binary") yield* this.#pieces(inner.left, added);
      yield* this.#pieces(kind === "unary" ? inner.operand : inner.right, added && inner.operator === "+");
    } else {
      yield { piece: isBar(inner) ? expression : inner, added };
    }
  }

  /** The terms of an expression that stands inside an interaction. */
  #terms(expression: Expression): TermSet[] {
    switch (expression.kind) {
      case "parentheses":
        return this.#terms(expression.inner);
      case "name":
      case "call":
        return [[this.#variable(expression)]];
      case "string":
      case "number":
        throw this.#error(expression.position, `${deparse(expression)} cannot be part of an interaction`);
      case "unary":
        throw this.#error(expression.position, "arithmetic goes inside I(): I(-x)");
      case "binary":
        return this.#operation(expression);
    }
  }

  #operation(expression: Binary): TermSet[] {
    const { operator, left, right, position } = expression;
    if (isComparison(operator))
      throw this.#error(position, `a comparison goes inside I(): I(${deparse(expression)})`);
    if (operator === "|" || operator === "||")
      throw this.#error(position, "a group term cannot be part of an interaction; add it: + (1 | g)");
    if (operator === "^") return this.#power(expression);
    const a = this.#terms(left);
    const b = this.#terms(right);
    switch (operator) {
      case "+":
        return union(a, b);
      case "-":
        return without(a, b);
      case ":":
        return cross(a, b);
      case "*":
        return union(union(a, b), cross(a, b));
      case "/":
        return union(a, cross([merge(a.flat(), [])], b));
    }
  }

  /** `(a + b)^2`: all terms up to that order. */
  #power({ left, right, position }: Binary): TermSet[] {
    const order = unwrap(right);
    if (unwrap(left).kind !== "binary")
      throw this.#error(position, `a power goes inside I(): I(${deparse(left)}^${deparse(right)})`);
    if (order.kind !== "number" || !Number.isInteger(order.value) || order.value < 1 || order.value > 10)
      throw this.#error(position, "'^' of terms needs a whole number from 1 to 10, as in (a + b)^2");
    const base = this.#terms(left);
    let terms = base;
    for (let k = 1; k < order.value; k++) terms = union(terms, cross(terms, base));
    return terms;
  }

  #variable(expression: Expression): number {
    if (expression.kind === "name" && expression.name === ".")
      throw this.#error(expression.position, "'.' (all other columns) is not supported; name the columns");
    checkVariable(this.#text, expression);
    const label = deparse(expression);
    const known = this.#indices.get(label);
    if (known !== undefined) return known;
    const index = this.variables.length;
    this.#indices.set(label, index);
    this.variables.push({ label, expression });
    return index;
  }

  #error(position: number, message: string): Error {
    return formulaError(this.#text, position, message);
  }
}

function isBar(expression: Expression): expression is Binary {
  return expression.kind === "binary" && (expression.operator === "|" || expression.operator === "||");
}

function isOffset(expression: Expression): expression is Expression & { kind: "call" } {
  return expression.kind === "call" && expression.name === "offset";
}

function merge(a: TermSet, b: TermSet): TermSet {
  return [...new Set([...a, ...b])].sort((i, j) => i - j);
}

function same(a: TermSet, b: TermSet): boolean {
  return a.length === b.length && a.every((variable, k) => variable === b[k]);
}

function union(a: readonly TermSet[], b: readonly TermSet[]): TermSet[] {
  const all = [...a];
  for (const term of b) if (!all.some((other) => same(other, term))) all.push(term);
  return all;
}

function without(a: readonly TermSet[], b: readonly TermSet[]): TermSet[] {
  return a.filter((term) => !b.some((other) => same(other, term)));
}

function cross(a: readonly TermSet[], b: readonly TermSet[]): TermSet[] {
  return union(
    [],
    a.flatMap((left) => b.map((right) => merge(left, right))),
  );
}
