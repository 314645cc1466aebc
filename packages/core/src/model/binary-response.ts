import { Evaluator, type FormulaTerms, logicalValues } from "../formula/index.ts";
import { cellError } from "../frame/cells.ts";
import { dropUnusedLevels } from "../frame/factor.ts";
import type { FactorColumn, Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import { responseCellError, responseColumn, responseError } from "./response-place.ts";

const BERNOULLI = "0 and 1, TRUE and FALSE, or two levels";

/** [rows] 0 or 1: from numbers, from TRUE and FALSE, or from a factor with two levels, of which the second is 1 (as in brms). */
export function bernoulliResponse(terms: FormulaTerms, frame: Frame): Float64Array {
  const value = new Evaluator(terms.text, frame).evaluate(terms.response);
  if (value.type === "logical") return value.values;
  if (value.type === "factor") return twoLevels(terms, frame, dropUnusedLevels(value));
  const row = value.values.findIndex((number) => number !== 0 && number !== 1);
  if (row < 0) return value.values;
  throw responseCellError(
    terms,
    frame,
    row,
    value.values[row]!,
    `; a bernoulli response has ${BERNOULLI}: compare it (${responseColumn(terms)} > 50), or use family gaussian`,
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
