import { buildDesign, type FormulaTerms, formulaError, formulaTerms } from "../formula/index.ts";
import { suggestColumn } from "../frame/cells.ts";
import type { Frame } from "../frame/frame.ts";
import { InputError } from "../input-error.ts";
import { assignPriors } from "./assign-priors.ts";
import { checkCollinearity } from "./collinearity.ts";
import { type CompleteRows, completeRows, type DroppedRows } from "./complete-rows.ts";
import { defaultPriors } from "./default-priors.ts";
import { groupTerms } from "./group-terms.ts";
import type { Family, Model } from "./model.ts";
import { responseValues } from "./response.ts";

export interface ModelRequest {
  /** `y ~ x + (1 | g)` */
  readonly formula: string;
  readonly family: Family;
  readonly frame: Frame;
  /** Statements such as `b ~ normal(0, 1e6)`; brms's defaults where none applies. */
  readonly priors?: readonly string[];
}

export interface BuiltModel {
  readonly model: Model;
  /** Rows left out because a used column is missing there. */
  readonly dropped: DroppedRows;
  /** [rows] index in the frame of each of the model's rows. */
  readonly kept: Int32Array;
  readonly terms: FormulaTerms;
  /** [predictors] label of the term that each predictor belongs to. */
  readonly termOf: readonly string[];
}

/**
 * From a formula and a table to a model that can be sampled: terms, complete rows, response, design matrix, group
 * terms, priors. Whatever a person has to mend in formula, data or priors is an InputError.
 */
export function buildModel({ formula, family, frame, priors = [] }: ModelRequest): BuiltModel {
  const terms = formulaTerms(formula);
  checkColumns(terms, frame);
  const complete = completeRows(frame, terms.columns.keys());
  checkRows(complete, frame);
  const y = responseValues(terms, family, complete.frame);
  const design = buildDesign(terms, complete.frame);
  checkCollinearity(design, y.length);
  const groups = groupTerms(formula, terms.groups, complete.frame);
  const { intercept, columns: predictors } = design;
  if (!intercept && predictors.length === 0 && groups.length === 0)
    throw formulaError(
      formula,
      terms.response.position,
      "there is nothing to estimate; add a term or an intercept",
    );
  const defaults = defaultPriors({
    family,
    y,
    intercept,
    predictors: predictors.length,
    groups,
    thresholds: 0,
  });
  const model: Model = {
    formula,
    family,
    rows: y.length,
    response: terms.responseLabel,
    y,
    intercept,
    predictors,
    x: design.x,
    groups,
    priors: assignPriors(priors, { family, intercept, predictors, groups }, defaults),
  };
  return { model, dropped: complete.dropped, kept: complete.kept, terms, termOf: design.termOf };
}

function checkColumns(terms: FormulaTerms, frame: Frame): void {
  for (const [name, position] of terms.columns)
    if (!frame.columns.has(name))
      throw formulaError(
        terms.text,
        position,
        `no column '${name}' in ${frame.source}; ${suggestColumn(frame, name)}`,
      );
}

function checkRows({ kept, dropped }: CompleteRows, frame: Frame): void {
  if (kept.length >= 2) return;
  const missing = Object.entries(dropped.byColumn).map(([column, rows]) => `${column}: ${rows}`);
  const because =
    missing.length === 0
      ? ""
      : ` have all columns that the formula uses (missing cells: ${missing.join(", ")})`;
  throw new InputError(
    `${kept.length} of ${frame.rows} rows${because === "" ? " remain" : because}; a model needs 2 at least`,
    { file: frame.source },
  );
}
