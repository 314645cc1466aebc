import { deparse, type Expression, namesIn } from "./expression.ts";
import { formulaError } from "./formula-error.ts";
import { type GroupSpec, groupSpecs } from "./group-specs.ts";
import { type LinearTerms, linearTerms } from "./linear-terms.ts";
import { type FormulaSyntax, parseFormula } from "./parser.ts";
import { type ResponseSyntax, responseSyntax } from "./response-syntax.ts";
import { TermAlgebra } from "./term-algebra.ts";

/** What a formula means: its response, its fixed effects, and the rest of its linear predictor. */
export interface FormulaTerms extends LinearTerms, ResponseSyntax {
  readonly text: string;
  /** The response as R's `deparse` writes it: `score`, `log(score)`. */
  readonly responseLabel: string;
  readonly groups: readonly GroupSpec[];
  /** What the `offset()` terms add to the linear predictor. */
  readonly offsets: readonly Expression[];
  /** Every column the formula uses, with the place of its first mention (from 1). */
  readonly columns: ReadonlyMap<string, number>;
}

/** From a formula's text to its terms; see `expandTerms`. */
export function formulaTerms(text: string): FormulaTerms {
  return expandTerms(parseFormula(text));
}

/**
 * Expands `+ - : * / ^` and the group terms as R's `terms` and lme4 do: `a*b` is `a + b + a:b`, `a/b` is
 * `a + a:b`, `(x | a/b)` is `(x | a) + (x | a:b)`. Without `0 +` or `- 1` there is an intercept. What is not
 * supported (smooths, weights) is an InputError that says what to write instead.
 */
export function expandTerms(syntax: FormulaSyntax): FormulaTerms {
  const { text } = syntax;
  const left = responseSyntax(text, syntax.response);
  const algebra = new TermAlgebra(text);
  const sum = algebra.sum(syntax.predictors);
  const fixed = linearTerms(algebra, sum);
  const groups = groupSpecs(text, sum.bars);

  const columns = namesIn(left.response);
  const inResponse = new Set(columns.keys());
  const onRight = new Map<string, number>();
  for (const { variables, terms } of [fixed, ...groups.map(({ effects }) => effects)])
    for (const v of terms.flatMap((term) => term.variables)) namesIn(variables[v]!.expression, onRight);
  for (const offset of sum.offsets) namesIn(offset, onRight);
  for (const { name, position } of groups.flatMap((group) => group.columns))
    if (!onRight.has(name)) onRight.set(name, position);
  for (const [name, position] of onRight)
    if (inResponse.has(name))
      throw formulaError(text, position, `'${name}' is on both sides of '~'; take it out of one of them`);
  if (left.trials !== undefined) namesIn(left.trials, columns);
  for (const [name, position] of onRight) if (!columns.has(name)) columns.set(name, position);
  return {
    text,
    ...left,
    responseLabel: deparse(left.response),
    ...fixed,
    groups,
    offsets: sum.offsets,
    columns,
  };
}

/** Names of the columns that a formula uses, response first. */
export function formulaColumns(text: string): string[] {
  return [...formulaTerms(text).columns.keys()];
}
