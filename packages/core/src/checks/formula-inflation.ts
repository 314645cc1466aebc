import { buildDesign, type Contrasts, formulaError, formulaTerms } from "../formula/index.ts";
import type { Frame } from "../frame/frame.ts";
import { checkColumns } from "../model/build-model.ts";
import { checkCollinearity } from "../model/collinearity.ts";
import { completeRows } from "../model/complete-rows.ts";
import { type VarianceInflation, varianceInflation } from "./vif.ts";

/**
 * Variance inflation of a formula's fixed effects on the rows that a fit would use, without a fit. Predictors that are exactly
 * dependent, and a formula with fewer than two terms, are InputErrors.
 */
export function formulaInflation(
  formula: string,
  frame: Frame,
  contrasts?: Contrasts,
): { readonly rows: number; readonly terms: readonly VarianceInflation[] } {
  const terms = formulaTerms(formula);
  checkColumns(terms, frame);
  const complete = completeRows(frame, terms.columns.keys()).frame;
  const design = buildDesign(terms, formula, complete, contrasts);
  checkCollinearity(design, complete.rows);
  const found = varianceInflation(design, complete.rows);
  if (found.length < 2)
    throw formulaError(
      formula,
      terms.response.position,
      "variance inflation compares the terms of the fixed effects, and there are fewer than two; add one",
    );
  return { rows: complete.rows, terms: found };
}
