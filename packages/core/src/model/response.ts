import { Evaluator, type FormulaTerms, formulaError, logicalValues, namesIn } from "../formula/index.ts";
import { cellError, cellText } from "../frame/cells.ts";
import { dropUnusedLevels } from "../frame/factor.ts";
import type { FactorColumn, Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import type { Family } from "./model.ts";

const BERNOULLI = "0 and 1, TRUE and FALSE, or two levels";

/**
 * The response of a family on a frame without missing values, [rows]. gaussian: finite numbers; bernoulli: 0 or
 * 1 from numbers, from TRUE and FALSE, or from a factor with two levels, of which the second is 1 (as in brms).
 * Anything else, and a response that is the same in every row, is an InputError.
 */
export function responseValues(terms: FormulaTerms, family: Family, frame: Frame): Float64Array {
  const y = family === "gaussian" ? gaussianResponse(terms, frame) : bernoulliResponse(terms, frame);
  if (y.every((value) => value === y[0]))
    throw responseError(terms, `the response is ${y[0]} in every row used, so there is nothing to explain`);
  return y;
}

function gaussianResponse(terms: FormulaTerms, frame: Frame): Float64Array {
  const value = new Evaluator(terms.text, frame).evaluate(terms.response);
  if (value.type === "numeric") return value.values;
  if (value.type === "logical" || logicalValues(dropUnusedLevels(value)) !== undefined)
    throw responseError(terms, "the response is TRUE or FALSE; use family bernoulli");
  const row = value.codes.findIndex((code) => Number.isNaN(Number(value.levels[code])));
  const text = value.levels[value.codes[Math.max(row, 0)]!]!;
  const two = dropUnusedLevels(value).levels.length === 2;
  throw cellError(
    frame,
    Math.max(row, 0),
    responseColumn(terms),
    `'${text}' is not a number; the response of family gaussian is numeric${two ? " (for two levels use family bernoulli)" : ""}`,
  );
}

function bernoulliResponse(terms: FormulaTerms, frame: Frame): Float64Array {
  const value = new Evaluator(terms.text, frame).evaluate(terms.response);
  if (value.type === "logical") return value.values;
  if (value.type === "factor") return twoLevels(terms, frame, dropUnusedLevels(value));
  const row = value.values.findIndex((number) => number !== 0 && number !== 1);
  if (row < 0) return value.values;
  const name = responseColumn(terms);
  const cell = cellText(frame.columns.get(name)!, row);
  const given = terms.responseLabel === name ? "" : `${terms.responseLabel} is ${value.values[row]} at `;
  throw cellError(
    frame,
    row,
    name,
    `${given}'${cell}'; a bernoulli response has ${BERNOULLI}: compare it (${name} > 50), or use family gaussian`,
  );
}

function twoLevels(terms: FormulaTerms, frame: Frame, factor: FactorColumn): Float64Array {
  const logical = logicalValues(factor);
  if (logical !== undefined) return logical;
  const { levels, codes } = factor;
  if (levels.length < 2)
    throw responseError(terms, `the response has one level in the rows used ('${levels[0]}'); it needs two`);
  if (levels.length === 2) return Float64Array.from(codes);
  const seen = new Set<number>();
  const row = codes.findIndex((code) => seen.add(code).size > 2);
  const column = responseColumn(terms);
  throw cellError(
    frame,
    row,
    column,
    `'${levels[codes[row]!]}' is a third level (${listNames(levels)}); a bernoulli response has ${BERNOULLI}: compare it (${column} == "${levels.at(-1)}")`,
  );
}

function responseColumn(terms: FormulaTerms): string {
  return namesIn(terms.response).keys().next().value!;
}

function responseError(terms: FormulaTerms, message: string): Error {
  return formulaError(terms.text, terms.response.position, message);
}
