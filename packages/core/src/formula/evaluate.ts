import { type ArithmeticOperator, arithmetic } from "../arithmetic.ts";
import { cellError, cellText } from "../frame/cells.ts";
import { dropUnusedLevels, factorFromNumbers, factorFromTexts } from "../frame/factor.ts";
import type { Column, FactorColumn, Frame } from "../frame/frame.ts";
import { didYouMean, listNames } from "../frame/near-names.ts";
import { type Comparison, deparse, type Expression, isComparison, namesIn, unwrap } from "./expression.ts";
import { formulaError } from "./formula-error.ts";
import { NUMERIC_FUNCTIONS } from "./functions.ts";

/** Values of a variable, one for each row, without missing ones. A logical value is 0 or 1. */
export type Value =
  | { readonly type: "numeric"; readonly values: Float64Array }
  | { readonly type: "logical"; readonly values: Float64Array }
  | FactorColumn;

/** Mean and standard deviation that scale() takes from and divides by. */
export interface Scale {
  readonly mean: number;
  readonly sd: number;
}

type Binary = Expression & { kind: "binary" };

/**
 * Computes variables from the columns of a frame without missing values. Texts where numbers are needed, and
 * results that are not finite, are InputErrors that name line, column and value.
 */
export class Evaluator {
  readonly #text: string;
  readonly #frame: Frame;
  readonly #scales: Map<string, Scale>;

  /** `scales`: what scale() learnt on the rows of a fit, by its deparsed call; calls that are not there yet are added. */
  constructor(text: string, frame: Frame, scales: Map<string, Scale> = new Map()) {
    this.#text = text;
    this.#frame = frame;
    this.#scales = scales;
  }

  evaluate(expression: Expression): Value {
    switch (expression.kind) {
      case "parentheses":
        return this.evaluate(expression.inner);
      case "name": {
        const column = this.#column(expression.name);
        return column.type === "factor" ? column : { type: "numeric", values: column.values };
      }
      case "call":
        return this.#call(expression);
      case "binary":
        if (isComparison(expression.operator)) return this.#comparison(expression, expression.operator);
        return { type: "numeric", values: this.#arithmetic(expression) };
      default:
        return { type: "numeric", values: this.numbers(expression, "arithmetic") };
    }
  }

  #call(call: Expression & { kind: "call" }): Value {
    const argument = call.args[0]!;
    if (call.name === "I") return this.evaluate(argument);
    if (call.name === "factor" || call.name === "as.factor") return this.#factor(call, argument);
    const x = this.numbers(argument, `${call.name}()`);
    if (call.name === "scale") return { type: "numeric", values: this.#scale(call, x) };
    const { apply, needs } = NUMERIC_FUNCTIONS.get(call.name)!;
    const values = x.map(apply);
    this.#requireFinite(values, argument, needs, (row) => `${call.name}(${x[row]})`);
    return { type: "numeric", values };
  }

  #factor(call: Expression, argument: Expression): Value {
    const value = this.evaluate(argument);
    if (value.type === "factor") return value;
    if (value.type === "numeric") return factorFromNumbers(deparse(call), value.values);
    return truthFactor(deparse(call), value.values);
  }

  /** (x - mean) / sd, those of the rows of the frame, sd with n - 1 (R's `scale`), or of the fit's rows. */
  #scale(call: Expression, x: Float64Array): Float64Array {
    const label = deparse(call);
    const { mean, sd } = this.#scales.get(label) ?? this.#learnScale(call, label, x);
    return x.map((value) => (value - mean) / sd);
  }

  #learnScale(call: Expression, label: string, x: Float64Array): Scale {
    if (x.every((value) => value === x[0]))
      throw formulaError(
        this.#text,
        call.position,
        `${label} cannot be scaled: it is ${x[0]} in every row; leave it out`,
      );
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const scale = { mean, sd: Math.sqrt(squares / (x.length - 1)) };
    this.#scales.set(label, scale);
    return scale;
  }

  #arithmetic(expression: Binary): Float64Array {
    const { operator, left, right } = expression;
    const a = this.numbers(left, `'${operator}'`);
    const b = this.numbers(right, `'${operator}'`);
    const values = a.map((x, row) => arithmetic(operator as ArithmeticOperator, x, b[row]!));
    const way = "mend the value or drop the row";
    this.#requireFinite(values, expression, way, (row) => `${a[row]} ${operator} ${b[row]}`);
    return values;
  }

  /** [rows] numbers; logical values are 0 and 1. `user`: what needs them, as a message names it. */
  numbers(expression: Expression, user: string): Float64Array {
    const inner = unwrap(expression);
    if (inner.kind === "number") return new Float64Array(this.#frame.rows).fill(inner.value);
    if (inner.kind === "unary") {
      const operand = this.numbers(inner.operand, `'${inner.operator}'`);
      return inner.operator === "-" ? operand.map((x) => -x) : operand;
    }
    const value = this.evaluate(inner);
    if (value.type !== "factor") return value.values;
    const logical = logicalValues(dropUnusedLevels(value));
    if (logical !== undefined) return logical;
    const row = value.codes.findIndex((code) => !Number.isFinite(Number(value.levels[code])));
    const message = `'${value.levels[value.codes[Math.max(row, 0)]!]}' is not a number; ${user} needs numbers`;
    throw inner.kind === "name"
      ? cellError(this.#frame, Math.max(row, 0), inner.name, message)
      : formulaError(this.#text, inner.position, `${deparse(inner)}: ${message}`);
  }

  #comparison(expression: Binary, operator: Comparison): Value {
    const { left, right, position } = expression;
    for (const [side, other] of [
      [unwrap(left), right],
      [unwrap(right), left],
    ] as const)
      if (side.kind === "string") return this.#textComparison(side.value, other, operator, position);
    const a = this.numbers(left, `'${operator}'`);
    const b = this.numbers(right, `'${operator}'`);
    return { type: "logical", values: a.map((x, row) => (compare(operator, x, b[row]!) ? 1 : 0)) };
  }

  #textComparison(text: string, side: Expression, operator: Comparison, position: number): Value {
    if (operator !== "==" && operator !== "!=")
      throw formulaError(
        this.#text,
        position,
        `texts have no order here; use == or != instead of ${operator}`,
      );
    const value = this.evaluate(side);
    if (value.type !== "factor")
      throw formulaError(
        this.#text,
        position,
        `${deparse(side)} is numeric; compare it with a number, without quotes`,
      );
    const code = value.levels.indexOf(text);
    if (code < 0)
      throw formulaError(
        this.#text,
        position,
        `${deparse(side)} has no level "${text}"; ${didYouMean(text, value.levels)}the levels are ${listNames(value.levels)}`,
      );
    const truth = operator === "==" ? 1 : 0;
    return {
      type: "logical",
      values: Float64Array.from(value.codes, (c) => (c === code ? truth : 1 - truth)),
    };
  }

  #requireFinite(
    values: Float64Array,
    argument: Expression,
    way: string,
    describe: (row: number) => string,
  ): void {
    const row = values.findIndex((value) => !Number.isFinite(value));
    if (row < 0) return;
    const names = [...namesIn(argument).keys()];
    const given = names.map((name) => `${name} is ${cellText(this.#column(name), row)}`).join(", ");
    const where = unwrap(argument).kind === "name" || given === "" ? "" : ` (${given})`;
    const message = `${describe(row)}${where} is not a finite number; ${way}`;
    throw names.length === 0
      ? formulaError(this.#text, argument.position, message)
      : cellError(this.#frame, row, names[0]!, message);
  }

  #column(name: string): Column {
    return this.#frame.columns.get(name)!;
  }
}

/** The factor of a logical value, levels FALSE and TRUE. */
export function truthFactor(name: string, values: Float64Array): FactorColumn {
  const texts = Array.from(values, (truth) => (truth === 1 ? "TRUE" : "FALSE"));
  return factorFromTexts(name, texts);
}

/** 0 and 1 for a factor whose levels are TRUE and FALSE (or `true`, `false`); undefined for another. */
export function logicalValues(factor: FactorColumn): Float64Array | undefined {
  const truths = factor.levels.map((level) => ["false", "true"].indexOf(level.toLowerCase()));
  return truths.includes(-1) ? undefined : Float64Array.from(factor.codes, (code) => truths[code]!);
}

function compare(operator: Comparison, a: number, b: number): boolean {
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case ">":
      return a > b;
    case "<=":
      return a <= b;
    case ">=":
      return a >= b;
  }
}
