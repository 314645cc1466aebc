import type { Term } from "./linear-terms.ts";

/** How a factor enters a term: indicators of all levels, or of all but the first (treatment contrasts). */
export type Coding = "full" | "contrast";

/**
 * The coding of each variable in each term, [terms][variables of the term], by R's rule (`TermCode` in R's
 * model.c; Chambers & Hastie 1992, section 2.4): contrasts where the rest of the term is already in the model,
 * as a term or inside an earlier one, else full indicators; the first main effect of a factor is full where
 * there is no intercept. For a numeric variable the coding means nothing.
 *
 * R makes the first factor full even in an interaction such as `0 + x + x:f`, which is then exactly collinear;
 * here it keeps its contrasts.
 */
export function codeTerms(
  terms: readonly Pick<Term, "variables">[],
  isFactor: (variable: number) => boolean,
  intercept: boolean,
): Coding[][] {
  let missingIntercept = !intercept;
  return terms.map(({ variables }, t) =>
    variables.map((variable): Coding => {
      if (!isFactor(variable)) return "contrast";
      const rest = variables.filter((other) => other !== variable);
      if (rest.length === 0) {
        if (!missingIntercept) return "contrast";
        missingIntercept = false;
        return "full";
      }
      const contained = terms
        .slice(0, t)
        .some((earlier) => rest.every((other) => earlier.variables.includes(other)));
      return contained ? "contrast" : "full";
    }),
  );
}
