import { Evaluator, type FormulaTerms } from "../formula/index.ts";
import { cellError } from "../frame/cells.ts";
import { dropUnusedLevels } from "../frame/factor.ts";
import type { Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import type { DeclaredLevels } from "./declared-levels.ts";
import { responseCellError, responseColumn, responseError } from "./response-place.ts";

/** Most categories: more is a number that was taken for a rating. */
const MOST_CATEGORIES = 100;

/**
 * [rows] categories 1 to K, and their labels: whole numbers from 1, K the largest, as in brms; or texts whose order was declared,
 * without those that no row has. Texts without a declared order are an InputError: sorted by name they would be in a wrong one.
 */
export function orderedResponse(
  terms: FormulaTerms,
  frame: Frame,
  declared: DeclaredLevels,
): { readonly y: Float64Array; readonly categories: readonly string[] } {
  const value = new Evaluator(terms.text, frame).evaluate(terms.response);
  if (value.type === "logical")
    throw responseError(terms, "the response is TRUE or FALSE; use family bernoulli");
  if (value.type === "numeric") return numbered(terms, frame, value.values);
  const column = responseColumn(terms);
  const { levels, codes } = dropUnusedLevels(value);
  if (!Object.hasOwn(declared, column) || terms.response.kind !== "name")
    throw cellError(
      frame,
      0,
      column,
      `'${levels[codes[0]!]}' is a text, and texts have no order; declare it (--levels '${column}=lowest,…,highest'; there are ${listNames(levels)}), or use whole numbers from 1`,
    );
  return atLeastThree(
    terms,
    Float64Array.from(codes, (code) => code + 1),
    levels,
  );
}

function numbered(terms: FormulaTerms, frame: Frame, y: Float64Array) {
  const row = y.findIndex((value) => !(Number.isSafeInteger(value) && value >= 1));
  if (row >= 0)
    throw responseCellError(
      terms,
      frame,
      row,
      y[row]!,
      y[row] === 0
        ? `; the categories of a cumulative model are whole numbers from 1: write I(${terms.responseLabel} + 1)`
        : "; the categories of a cumulative model are whole numbers from 1; mend the value, or use family gaussian",
    );
  const count = y.reduce((most, value) => Math.max(most, value), 0);
  if (count > MOST_CATEGORIES)
    throw responseCellError(
      terms,
      frame,
      y.indexOf(count),
      count,
      `; a cumulative model has one category for each whole number up to the largest, at most ${MOST_CATEGORIES}; use family gaussian`,
    );
  return atLeastThree(
    terms,
    y,
    Array.from({ length: count }, (_, k) => String(k + 1)),
  );
}

function atLeastThree(terms: FormulaTerms, y: Float64Array, categories: readonly string[]) {
  if (categories.length < 3)
    throw responseError(
      terms,
      `the response has ${categories.length === 1 ? "one category" : "two categories"} in the rows used (${listNames(categories)}), and a cumulative model needs three${categories.length === 2 ? "; use family bernoulli" : ""}`,
    );
  return { y, categories };
}

/** Categories that no row has. */
export function emptyCategories(y: Float64Array, categories: readonly string[]): string[] {
  const seen = new Set(y);
  return categories.filter((_, k) => !seen.has(k + 1));
}
