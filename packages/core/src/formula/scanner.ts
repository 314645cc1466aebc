import { formulaError } from "./formula-error.ts";

export type TokenKind = "name" | "number" | "string" | "operator" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** A name without backticks, a string without its quotes, an operator as written; empty at the end. */
  readonly text: string;
  /** Place of the first character in the formula, from 1. */
  readonly position: number;
}

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["name", /(?:\p{L}|\.(?!\d))[\p{L}\p{M}\p{N}._]*/uy],
  ["operator", /%[^%]*%|\|\||==|!=|<=|>=|[-+*/^():,~|<>!]/y],
];

/**
 * Tokens of a formula in R's syntax, an `end` token last. Names are R's (letters, digits, `.`, `_`), or anything
 * between backticks. A character that has no place in a formula, or a quote that is not closed, is an InputError.
 */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    if (at >= text.length) break;
    const position = at + 1;
    const quote = text[at]!;
    if (quote === "`" || quote === '"' || quote === "'") {
      const close = text.indexOf(quote, at + 1);
      if (close < 0) throw formulaError(text, position, `${quote} is never closed`);
      tokens.push({ kind: quote === "`" ? "name" : "string", text: text.slice(at + 1, close), position });
      at = close + 1;
      continue;
    }
    const token = match(text, at);
    if (token === undefined)
      throw formulaError(
        text,
        position,
        text[at] === "&"
          ? "unexpected character '&'; two comparisons that both hold are (a > 0) * (b > 0)"
          : `unexpected character '${String.fromCodePoint(text.codePointAt(at)!)}'; put unusual column names between backticks`,
      );
    tokens.push({ ...token, position });
    at += token.text.length;
  }
  tokens.push({ kind: "end", text: "", position: text.trimEnd().length + 1 });
  return tokens;
}

function match(text: string, at: number): Pick<Token, "kind" | "text"> | undefined {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return { kind, text: found[0] };
  }
  return undefined;
}
