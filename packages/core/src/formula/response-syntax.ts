import { type Expression, namesIn, unwrap } from "./expression.ts";
import { formulaError } from "./formula-error.ts";
import { checkVariable } from "./functions.ts";

/** A formula's left side. */
export interface ResponseSyntax {
  readonly response: Expression;
  /** Of `y | trials(n)`. */
  readonly trials?: Expression;
}

/** Known from brms beside the response, not supported: the way out. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  weights: "repeat rows, or fit the rows themselves",
  cens: "leave censored rows out",
  trunc: "use the response as it is",
  se: "use the response as it is",
  mi: "rows with missing values are left out",
  thres: "give the response's categories in order",
  cat: "give the response's categories in order",
  rate: "use an offset: offset(log(t))",
  vint: "use the response alone",
  vreal: "use the response alone",
  dec: "use the response alone",
  subset: "choose the rows before",
  index: "use the response alone",
};

/** Reads `y` or `y | trials(n)`, n a number or made of columns; what else brms writes after `|` is an InputError. */
export function responseSyntax(text: string, left: Expression): ResponseSyntax {
  const whole = unwrap(left);
  const barred = whole.kind === "binary" && (whole.operator === "|" || whole.operator === "||");
  const response = unwrap(barred ? whole.left : whole);
  checkVariable(text, response);
  if (namesIn(response).size === 0)
    throw formulaError(text, response.position, "the response must be a column of the data");
  return barred ? { response, trials: trialsOf(text, unwrap(whole.right)) } : { response };
}

function trialsOf(text: string, addition: Expression): Expression {
  if (addition.kind === "binary" && addition.operator === "+") {
    for (const side of [addition.left, addition.right]) if (!isTrials(side)) refuse(text, side);
    throw formulaError(text, addition.position, "trials() occurs twice; remove one");
  }
  if (!isTrials(addition)) return refuse(text, addition);
  const [trials, ...more] = addition.args;
  if (trials === undefined || more.length > 0)
    throw formulaError(
      text,
      addition.position,
      `trials() takes one argument, a column or a number, found ${addition.args.length}`,
    );
  checkVariable(text, trials);
  return trials;
}

function isTrials(expression: Expression): expression is Expression & { kind: "call" } {
  return expression.kind === "call" && expression.name === "trials";
}

function refuse(text: string, addition: Expression): never {
  const name = addition.kind === "call" ? addition.name : undefined;
  if (name !== undefined && Object.hasOwn(UNSUPPORTED, name))
    throw formulaError(text, addition.position, `${name}() is not supported; ${UNSUPPORTED[name]}`);
  throw formulaError(
    text,
    addition.position,
    "after the response and '|' stands the number of trials: y | trials(n) ~ …",
  );
}
