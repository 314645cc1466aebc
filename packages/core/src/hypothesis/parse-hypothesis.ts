import { type DrawExpression, variablesIn } from "./expression.ts";
import { ExpressionReader } from "./parse-expression.ts";
import type { VariableNames } from "./variable-names.ts";

export type Sign = "<" | ">" | "=";

/** A hypothesis about draws. */
export interface Hypothesis {
  /** As brms prints it: `(lhs)-(rhs) > 0`, without the second part where that is 0; no blanks. */
  readonly label: string;
  readonly sign: Sign;
  /** Left side minus right side, which is compared with 0. */
  readonly difference: DrawExpression;
  /** Names of the variables in it, each once. */
  readonly variables: readonly string[];
  readonly text: string;
}

const SIGNS: ReadonlySet<string> = new Set(["<", ">", "="]);
const ONE_SIGN = "a hypothesis has exactly one of <, > and =";

/** Parses `left > right`, `left < right` or `left = right` by brms's rules. InputError with a caret where it is none. */
export function parseHypothesis(text: string, variables: VariableNames): Hypothesis {
  const reader = new ExpressionReader(text, variables);
  if (reader.peek() === "") reader.fail("it is empty; write one such as 'b_x > 0'");
  const left = reader.sum();
  const sign = reader.peek();
  const at = reader.at;
  if (sign === "") reader.fail(`no comparison: ${ONE_SIGN}, such as '${text.trim()} > 0'`);
  if (sign === "!") reader.fail(`'!' is none of the signs: ${ONE_SIGN}`);
  checkSign(reader, sign);
  reader.at++;
  const next = text[reader.at] ?? "";
  if (SIGNS.has(next)) refusePair(reader, sign + next, at);
  const right = reader.sum();
  const rest = reader.peek();
  if (SIGNS.has(rest)) reader.fail(`a second comparison: ${ONE_SIGN}; write two hypotheses`);
  if (rest !== "") checkSign(reader, rest);
  const difference: DrawExpression = {
    kind: "operation",
    operator: "-",
    args: [left, right],
    position: at + 1,
  };
  const names = [...variablesIn(difference)];
  if (names.length === 0)
    reader.fail(`no variable on either side, so there is nothing to test; ${variables.advice("")}`, 0);
  const [lhs, rhs] = [squeeze(text.slice(0, at)), squeeze(text.slice(at + 1))];
  return {
    label: `(${lhs})${rhs === "0" ? "" : `-(${rhs})`} ${sign} 0`,
    sign: sign as Sign,
    difference: rhs === "0" ? left : difference,
    variables: names,
    text,
  };
}

/** What stands where a sign, or nothing, may stand. */
function checkSign(reader: ExpressionReader, found: string): void {
  if (SIGNS.has(found)) return;
  reader.fail(
    found === ")"
      ? "')' closes nothing"
      : `an operator or a comparison is expected, found '${found}'; put unusual variable names between backticks`,
  );
}

function refusePair(reader: ExpressionReader, pair: string, at: number): never {
  const instead = pair === ">=" || pair === "=>" ? ">" : pair === "<=" || pair === "=<" ? "<" : "=";
  const why = pair === "==" || instead === "=" ? "" : " (a single value has no posterior probability)";
  return reader.fail(`'${pair}' is not allowed: ${ONE_SIGN}; write '${instead}'${why}`, at);
}

/** Without blanks, but for those between backticks. */
function squeeze(text: string): string {
  return text.replace(/`[^`]*`|\s+/g, (part) => (part.startsWith("`") ? part : ""));
}
