import type { Expression } from "./expression.ts";
import type { TermAlgebra, TermSum } from "./term-algebra.ts";

/** One variable: a column, or a function of columns. */
export interface Variable {
  /** As R's `deparse` writes it: `x`, `I(x^2)`. */
  readonly label: string;
  readonly expression: Expression;
}

/** A term: one variable, or the interaction of several. */
export interface Term {
  /** `a:b` */
  readonly label: string;
  /** Indices into `LinearTerms.variables`, upwards. */
  readonly variables: readonly number[];
}

/** What a design matrix is made from: the fixed effects, or what varies between the levels of a group. */
export interface LinearTerms {
  readonly intercept: boolean;
  /** brms's `0 + Intercept`: an intercept that is one of the coefficients, with predictors left uncentred. */
  readonly ownIntercept: boolean;
  /** In the order in which the formula mentions them. */
  readonly variables: readonly Variable[];
  /** Main effects first, then interactions by their order (R's `terms`). */
  readonly terms: readonly Term[];
}

/** The terms of a sum, labelled and in R's order. */
export function linearTerms(algebra: TermAlgebra, sum: TermSum): LinearTerms {
  const reserved = algebra.variables.findIndex(({ label }) => label === "Intercept");
  const isReserved = (term: readonly number[]): boolean => term.length === 1 && term[0] === reserved;
  const ownIntercept = !sum.intercept && sum.terms.some(isReserved);
  const sets = ownIntercept ? sum.terms.filter((term) => !isReserved(term)) : sum.terms;
  const terms = sets
    .map((variables) => ({ label: variables.map((v) => algebra.variables[v]!.label).join(":"), variables }))
    .sort((a, b) => a.variables.length - b.variables.length);
  return { intercept: sum.intercept, ownIntercept, variables: algebra.variables, terms };
}
