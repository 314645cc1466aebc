import { Evaluator, type FormulaTerms, logicalValues } from "../formula/index.ts";
import { cellError } from "../frame/cells.ts";
import { dropUnusedLevels } from "../frame/factor.ts";
import type { Frame } from "../frame/frame.ts";
import type { Family } from "./model.ts";
import { responseCellError, responseColumn, responseError } from "./response-place.ts";

/** [rows] finite numbers. */
export function numericResponse(terms: FormulaTerms, family: Family, frame: Frame): Float64Array {
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
    `'${text}' is not a number; the response of family ${family} is numeric${two ? " (for two levels use family bernoulli)" : ""}`,
  );
}

/** [rows] numbers between 0 and 1, both excluded. */
export function betaResponse(terms: FormulaTerms, frame: Frame): Float64Array {
  const y = numericResponse(terms, "beta", frame);
  const row = y.findIndex((value) => !(value > 0 && value < 1));
  if (row < 0) return y;
  const edge = y[row] === 0 || y[row] === 1;
  const label = terms.responseLabel;
  throw responseCellError(
    terms,
    frame,
    row,
    y[row]!,
    edge
      ? `; a beta response lies between 0 and 1 and never on them: move it inside, as in I((${label} * ${y.length - 1} + 0.5) / ${y.length}) (Smithson & Verkuilen 2006), or use family gaussian`
      : "; a beta response lies between 0 and 1: divide it by its largest possible value, or use family gaussian",
  );
}
