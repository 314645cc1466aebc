import { inflationNotes } from "../checks/inflation-note.ts";
import {
  buildDesign,
  type Contrast,
  type Contrasts,
  contrastsOf,
  Evaluator,
  type FormulaTerms,
  formulaError,
  formulaTerms,
  type Scale,
} from "../formula/index.ts";
import { suggestColumn } from "../frame/cells.ts";
import type { Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";
import { assignPriors } from "./assign-priors.ts";
import { checkCollinearity } from "./collinearity.ts";
import { type CompleteRows, completeRows, type DroppedRows } from "./complete-rows.ts";
import { type DeclaredLevels, declareLevels } from "./declared-levels.ts";
import { defaultPriors } from "./default-priors.ts";
import { groupTerms } from "./group-terms.ts";
import type { Family, Model } from "./model.ts";
import { emptyCategories } from "./ordered-response.ts";
import { checkProperPriors } from "./proper-priors.ts";
import { responseValues } from "./response.ts";

export interface ModelRequest {
  /** `y ~ x + (1 | g)` */
  readonly formula: string;
  readonly family: Family;
  readonly frame: Frame;
  /** Statements such as `b ~ normal(0, 1e6)`; brms's defaults where none applies. */
  readonly priors?: readonly string[];
  /** How factors are coded; treatment where nothing is said. */
  readonly contrasts?: Contrasts;
  /** The order of text columns' levels, where the alphabet's is not meant; needed for a cumulative response of texts. */
  readonly levels?: DeclaredLevels;
  /** For sampling the prior alone, which needs proper priors. */
  readonly priorOnly?: boolean;
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
  /** Of each factor of the formula, by the variable's label. */
  readonly contrasts: Readonly<Record<string, Contrast>>;
  /** What a person should know about the model, in words: rows left out, categories without rows. */
  readonly notes: readonly string[];
}

/**
 * From a formula and a table to a model that can be sampled: terms, complete rows, response, design matrix, group
 * terms, priors. Whatever a person has to mend in formula, data or priors is an InputError.
 */
export function buildModel(request: ModelRequest): BuiltModel {
  const { formula, family, priors = [], contrasts = "treatment", levels = {}, priorOnly = false } = request;
  const terms = formulaTerms(formula);
  const frame = declareLevels(request.frame, levels);
  checkColumns(terms, frame);
  checkReserved(terms, frame);
  checkThresholds(terms, family);
  const complete = completeRows(frame, terms.columns.keys());
  checkRows(complete, frame);
  const response = responseValues(terms, family, complete.frame, levels);
  const { y, categories = [] } = response;
  const design = buildDesign(terms, formula, complete.frame, contrasts);
  checkCollinearity(design, y.length);
  const { groups, designs } = groupTerms(formula, terms.groups, complete.frame, contrasts);
  const coded = contrastsOf(
    contrasts,
    [design, ...designs].flatMap(({ factors }) => factors),
  );
  const offset = offsetValues(terms, complete.frame);
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
    ...(offset && { offset }),
    intercept,
    predictors: predictors.length,
    groups,
    thresholds: Math.max(categories.length - 1, 0),
  });
  const model: Model = {
    formula,
    family,
    rows: y.length,
    response: terms.responseLabel,
    ...response,
    intercept,
    predictors,
    x: design.x,
    ...(offset && { offset }),
    groups,
    priors: assignPriors(priors, { family, intercept, predictors, groups, categories }, defaults),
    ...(priorOnly && { priorOnly }),
  };
  if (priorOnly) checkProperPriors(model);
  const { dropped, kept } = complete;
  const notes = [
    ...droppedNotes(dropped),
    ...emptyNotes(emptyCategories(y, categories)),
    ...inflationNotes(design, y.length),
  ];
  return { model, dropped, kept, terms, termOf: design.termOf, contrasts: coded, notes };
}

/** [rows] the sum of the formula's offsets; undefined where there are none. `scales`: see `Evaluator`. */
export function offsetValues(
  { text, offsets }: FormulaTerms,
  frame: Frame,
  scales?: Map<string, Scale>,
): Float64Array | undefined {
  if (offsets.length === 0) return undefined;
  const evaluator = new Evaluator(text, frame, scales);
  const sum = new Float64Array(frame.rows);
  for (const expression of offsets) {
    const values = evaluator.numbers(expression, "offset()");
    for (let row = 0; row < sum.length; row++) sum[row]! += values[row]!;
  }
  return sum;
}

function droppedNotes({ byColumn }: DroppedRows): string[] {
  return Object.entries(byColumn).map(
    ([column, rows]) => `${rows} ${rows === 1 ? "row" : "rows"} left out: '${column}' is missing`,
  );
}

function emptyNotes(empty: readonly string[]): string[] {
  return empty.length === 0
    ? []
    : [`no row has the category ${listNames(empty)}: the thresholds around it rest on their priors`];
}

/** brms refuses it as well: the thresholds are the intercepts. */
function checkThresholds({ text, response, intercept }: FormulaTerms, family: Family): void {
  if (family === "cumulative" && !intercept)
    throw formulaError(
      text,
      response.position,
      "a cumulative model has thresholds in place of an intercept; leave out '0 +' or '- 1'",
    );
}

/** In `0 + Intercept` the name means the intercept, so a column of that name would go unused without a word; brms refuses it as well. */
function checkReserved({ text, ownIntercept, response }: FormulaTerms, frame: Frame): void {
  if (ownIntercept && frame.columns.has("Intercept"))
    throw formulaError(
      text,
      response.position,
      `in '0 + Intercept' that name is the intercept's, and ${frame.source} has a column of it; rename the column (--rename NEW=Intercept), or write 1 for the intercept`,
    );
}

/** A column that the formula uses and the frame lacks is an InputError. */
export function checkColumns(terms: FormulaTerms, frame: Frame): void {
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
