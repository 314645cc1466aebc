import { type BinaryOperator, type Expression, isComparison } from "./expression.ts";
import { characterAt, formulaError } from "./formula-error.ts";
import { scan, type Token } from "./scanner.ts";

/** A formula's two sides. */
export interface FormulaSyntax {
  readonly text: string;
  readonly response: Expression;
  readonly predictors: Expression;
}

/** Binding power of R's operators, weakest first (R's `?Syntax`); `^` binds to the right. */
const POWER: Readonly<Record<string, number>> = {
  "||": 1,
  "|": 1,
  "==": 2,
  "!=": 2,
  "<": 2,
  ">": 2,
  "<=": 2,
  ">=": 2,
  "+": 3,
  "-": 3,
  "*": 4,
  "/": 4,
  ":": 5,
  "^": 7,
};
/** A sign binds more than `:`, less than `^`: -x^2 is -(x^2). */
const SIGN_POWER = 6;

/** Parses `response ~ predictors`. What R could not parse either is an InputError with its place. */
export function parseFormula(text: string): FormulaSyntax {
  const tokens = scan(text);
  if (tokens.length === 1)
    throw formulaError(text, 1, "the formula is empty; write it as y ~ x + (1 | group)");
  const tildes = tokens.filter((token) => token.text === "~" && token.kind === "operator");
  if (tildes.length === 0)
    throw formulaError(text, tokens.at(-1)!.position, "expected '~' between response and predictors");
  if (tildes.length > 1) throw formulaError(text, tildes[1]!.position, "a second '~'; a formula has one");
  if (tokens[0] === tildes[0]) throw formulaError(text, 1, "expected a response before '~'");
  const reader = new Reader(text, tokens);
  const response = reader.expression(0);
  reader.take("~");
  const predictors = reader.expression(0);
  reader.end();
  return { text, response, predictors };
}

/** Parses an expression of columns, such as `log(x) > 0`, in the syntax of a formula's side. */
export function parseExpression(text: string): Expression {
  const tokens = scan(text);
  if (tokens.length === 1) throw formulaError(text, 1, "the expression is empty; write one such as x > 0");
  const reader = new Reader(text, tokens);
  const expression = reader.expression(0);
  reader.end();
  return expression;
}

class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  /** An expression whose operators bind more than `power`. */
  expression(power: number): Expression {
    let left = this.operand();
    for (;;) {
      const { kind, text: operator, position } = this.#peek();
      if (kind !== "operator") return left;
      if (operator.startsWith("%"))
        throw this.#error(
          `'${operator}' is not supported${operator === "%in%" ? "; write the interaction with ':'" : ""}`,
        );
      const binding = POWER[operator];
      if (binding === undefined || binding <= power) return left;
      this.#at++;
      const right = this.expression(operator === "^" ? binding - 1 : binding);
      if (isComparison(operator) && left.kind === "binary" && isComparison(left.operator))
        throw formulaError(this.#text, position, "comparisons cannot be chained");
      left = { kind: "binary", operator: operator as BinaryOperator, left, right, position };
    }
  }

  operand(): Expression {
    const { kind, text, position } = this.#peek();
    if (kind === "operator" && (text === "-" || text === "+")) {
      this.#at++;
      return { kind: "unary", operator: text, operand: this.expression(SIGN_POWER), position };
    }
    if (kind === "operator" && text === "(") {
      this.#at++;
      const inner = this.expression(0);
      this.take(")", position);
      return { kind: "parentheses", inner, position };
    }
    if (kind === "operator" || kind === "end") throw this.#unexpected();
    this.#at++;
    if (kind === "number") return { kind, value: Number(text), position };
    if (kind === "string") return { kind, value: text, position };
    return this.#isNext("(") ? this.#call(text, position) : { kind: "name", name: text, position };
  }

  #call(name: string, position: number): Expression {
    const open = this.#peek().position;
    this.take("(");
    const args: Expression[] = [];
    if (!this.#isNext(")")) {
      args.push(this.expression(0));
      while (this.#isNext(",")) {
        this.#at++;
        args.push(this.expression(0));
      }
    }
    this.take(")", open);
    return { kind: "call", name, args, position };
  }

  /** `opened`: place of the parenthesis that `text` closes. */
  take(text: string, opened?: number): void {
    if (this.#isNext(text)) {
      this.#at++;
      return;
    }
    const closes = opened === undefined ? "" : ` to close '(' of position ${characterAt(this.#text, opened)}`;
    throw this.#error(`expected '${text}'${closes}, found ${this.#found()}`);
  }

  end(): void {
    if (this.#peek().kind !== "end") throw this.#error(`expected '+' or the end, found ${this.#found()}`);
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #isNext(operator: string): boolean {
    const { kind, text } = this.#peek();
    return kind === "operator" && text === operator;
  }

  #found(): string {
    const { kind, text } = this.#peek();
    return kind === "end" ? "the end" : `'${text}'`;
  }

  #unexpected(): Error {
    const before = this.#tokens[this.#at - 1];
    return this.#error(
      `expected a term${before === undefined ? "" : ` after '${before.text}'`}, found ${this.#found()}`,
    );
  }

  #error(message: string): Error {
    return formulaError(this.#text, this.#peek().position, message);
  }
}
