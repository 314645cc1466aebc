import { deparse, type Expression, namesIn, unwrap } from "./expression.ts";
import { formulaError } from "./formula-error.ts";
import { checkVariable } from "./functions.ts";
import { type GroupSpec, groupSpecs } from "./group-specs.ts";
import { type FormulaSyntax, parseFormula } from "./parser.ts";
import { TermAlgebra } from "./term-algebra.ts";

/** One variable of the fixed effects: a column, or a function of columns. */
export interface Variable {
  /** As R's `deparse` writes it: `x`, `I(x^2)`. */
  readonly label: string;
  readonly expression: Expression;
}

/** A fixed-effects term: one variable, or the interaction of several. */
export interface Term {
  /** `a:b` */
  readonly label: string;
  /** Indices into `FormulaTerms.variables`, upwards. */
  readonly variables: readonly number[];
}

/** What a formula means. */
export interface FormulaTerms {
  readonly text: string;
  readonly response: Expression;
  /** The response as R's `deparse` writes it: `score`, `log(score)`. */
  readonly responseLabel: string;
  readonly intercept: boolean;
  /** brms's `0 + Intercept`: an intercept that is one of the coefficients, with predictors left uncentred. */
  readonly ownIntercept: boolean;
  /** In the order in which the formula mentions them. */
  readonly variables: readonly Variable[];
  /** Main effects first, then interactions by their order (R's `terms`). */
  readonly terms: readonly Term[];
  readonly groups: readonly GroupSpec[];
  /** Every column the formula uses, with the place of its first mention (from 1). */
  readonly columns: ReadonlyMap<string, number>;
}

/** From a formula's text to its terms; see `expandTerms`. */
export function formulaTerms(text: string): FormulaTerms {
  return expandTerms(parseFormula(text));
}

/**
 * Expands `+ - : * / ^` and the group terms as R's `terms` and lme4 do: `a*b` is `a + b + a:b`, `a/b` is
 * `a + a:b`, `(1 | a/b)` is `(1 | a) + (1 | a:b)`. Without `0 +` or `- 1` there is an intercept. What is not
 * supported (random slopes, smooths, offsets) is an InputError that says what to write instead.
 */
export function expandTerms(syntax: FormulaSyntax): FormulaTerms {
  const { text } = syntax;
  const response = unwrap(syntax.response);
  checkResponse(text, response);
  const algebra = new TermAlgebra(text);
  const sum = algebra.sum(syntax.predictors);
  const reserved = algebra.variables.findIndex(({ label }) => label === "Intercept");
  const ownIntercept = !sum.intercept && sum.terms.some((term) => isOnly(term, reserved));
  const sets = ownIntercept ? sum.terms.filter((term) => !isOnly(term, reserved)) : sum.terms;
  const terms = sets
    .map((variables) => ({ label: variables.map((v) => algebra.variables[v]!.label).join(":"), variables }))
    .sort((a, b) => a.variables.length - b.variables.length);
  const groups = groupSpecs(text, sum.bars);

  const columns = namesIn(response);
  const inResponse = new Set(columns.keys());
  const onRight = new Map<string, number>();
  for (const { variables } of terms)
    for (const v of variables) namesIn(algebra.variables[v]!.expression, onRight);
  for (const { name, position } of groups.flatMap((group) => group.columns))
    if (!onRight.has(name)) onRight.set(name, position);
  for (const [name, position] of onRight) {
    if (inResponse.has(name))
      throw formulaError(text, position, `'${name}' is on both sides of '~'; take it out of one of them`);
    columns.set(name, position);
  }
  return {
    text,
    response,
    responseLabel: deparse(response),
    intercept: sum.intercept,
    ownIntercept,
    variables: algebra.variables,
    terms,
    groups,
    columns,
  };
}

/** Names of the columns that a formula uses, response first. */
export function formulaColumns(text: string): string[] {
  return [...formulaTerms(text).columns.keys()];
}

function isOnly(term: readonly number[], variable: number): boolean {
  return term.length === 1 && term[0] === variable;
}

function checkResponse(text: string, response: Expression): void {
  if (response.kind === "binary" && (response.operator === "|" || response.operator === "||"))
    throw formulaError(
      text,
      response.position,
      "additional information about the response (weights, trials, cens) is not supported yet; give the response alone",
    );
  checkVariable(text, response);
  if (namesIn(response).size === 0)
    throw formulaError(text, response.position, "the response must be a column of the data");
}
