import { didYouMean } from "../frame/near-names.ts";
import type { DrawExpression } from "./expression.ts";
import { DRAW_FUNCTIONS } from "./functions.ts";
import { hypothesisError } from "./hypothesis-error.ts";
import type { VariableNames } from "./variable-names.ts";

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const CALL = /((?:\p{L}|\.)[\p{L}\p{N}._]*)\s*\(/uy;

/**
 * Reads expressions over draws from a text, one after the other, with R's precedence: `^` before a sign, a sign before
 * `*` and `/`, these before `+` and `-`. What stands there and cannot be read is an InputError with a caret.
 */
export class ExpressionReader {
  readonly text: string;
  /** Index of the next character. */
  at = 0;
  private readonly variables: VariableNames;

  constructor(text: string, variables: VariableNames) {
    this.text = text;
    this.variables = variables;
  }

  /** The next character that is not blank; empty at the end. */
  peek(): string {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
    return this.text[this.at] ?? "";
  }

  /** A whole expression, up to what cannot go on with it. */
  sum(): DrawExpression {
    let left = this.product();
    for (let operator = this.peek(); operator === "+" || operator === "-"; operator = this.peek()) {
      const position = ++this.at;
      left = { kind: "operation", operator, args: [left, this.product()], position };
    }
    return left;
  }

  fail(message: string, at: number = this.at): never {
    throw hypothesisError(this.text, Math.min(at, this.text.trimEnd().length) + 1, message);
  }

  private product(): DrawExpression {
    let left = this.signed();
    for (let operator = this.peek(); operator === "*" || operator === "/"; operator = this.peek()) {
      const position = ++this.at;
      left = { kind: "operation", operator, args: [left, this.signed()], position };
    }
    return left;
  }

  private signed(): DrawExpression {
    const sign = this.peek();
    if (sign !== "-" && sign !== "+") return this.power();
    const position = ++this.at;
    const inner = this.signed();
    return sign === "+" ? inner : { kind: "negation", args: [inner], position };
  }

  /** a^b^c is a^(b^c), and a^-b is a^(-b). */
  private power(): DrawExpression {
    const base = this.operand();
    if (this.peek() !== "^") return base;
    const position = ++this.at;
    return { kind: "operation", operator: "^", args: [base, this.signed()], position };
  }

  private operand(): DrawExpression {
    const { text } = this;
    const next = this.peek();
    const { at } = this;
    if (next === "`") return this.quoted();
    const found = this.variables.match(text, at);
    const call = matchAt(CALL, text, at);
    if (found !== undefined && (call === null || found.end > at + call[1]!.length)) {
      this.at = found.end;
      return { kind: "variable", name: found.name, position: at + 1 };
    }
    if (call !== null) return this.call(call[1]!, at + call[0].length);
    if (next === "(") {
      this.at++;
      const inner = this.sum();
      this.close(at);
      return inner;
    }
    const number = matchAt(NUMBER, text, at)?.[0];
    if (number !== undefined) {
      this.at += number.length;
      return { kind: "number", value: Number(number), position: at + 1 };
    }
    if (/[\p{L}._]/u.test(next)) {
      const { found: unknown, advice } = this.variables.unknown(text, at);
      this.fail(`no variable '${unknown}' in the draws; ${advice}`);
    }
    if (next === "") this.fail("it ends where a variable or a number is expected");
    if (next === ")") this.fail("')' closes nothing, or a variable or a number is missing before it");
    return this.fail(`a variable or a number is expected, found '${next}'`);
  }

  private quoted(): DrawExpression {
    const { at, text } = this;
    const close = text.indexOf("`", at + 1);
    if (close < 0) this.fail("` is never closed");
    const spelling = text.slice(at + 1, close);
    const name = this.variables.exact(spelling);
    if (name === undefined)
      this.fail(`no variable '${spelling}' in the draws; ${this.variables.advice(spelling)}`);
    this.at = close + 1;
    return { kind: "variable", name, position: at + 1 };
  }

  /** `open`: index after its parenthesis. */
  private call(name: string, open: number): DrawExpression {
    const { at } = this;
    const known = DRAW_FUNCTIONS.get(name);
    if (known === undefined) {
      const names = [...DRAW_FUNCTIONS.keys()];
      this.fail(`no function ${name}(); ${didYouMean(name, names)}the functions are ${names.join(", ")}`);
    }
    this.at = open;
    const args: DrawExpression[] = [];
    if (this.peek() !== ")")
      for (;;) {
        args.push(this.sum());
        if (this.peek() !== ",") break;
        this.at++;
      }
    this.close(open - 1);
    const [least, most] = known.arity;
    if (args.length < least || args.length > most) {
      const takes = least === most ? `${least}` : `${least} or ${most}`;
      this.fail(`${name}() takes ${takes} argument${most === 1 ? "" : "s"}, found ${args.length}`, at);
    }
    return { kind: "call", name, args, position: at + 1 };
  }

  /** The closing parenthesis of the one at index `open`. */
  private close(open: number): void {
    const next = this.peek();
    if (next === ")") this.at++;
    else if (next === "" || /[<>=]/.test(next)) this.fail("'(' is never closed", open);
    else this.fail(`an operator or ')' is expected, found '${next}'`);
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
