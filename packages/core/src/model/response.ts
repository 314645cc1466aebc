import { type FormulaTerms, formulaError } from "../formula/index.ts";
import type { Frame } from "../frame/frame.ts";
import { bernoulliResponse } from "./binary-response.ts";
import { binomialResponse } from "./count-response.ts";
import type { DeclaredLevels } from "./declared-levels.ts";
import type { Family, Model } from "./model.ts";
import { betaResponse, numericResponse } from "./numeric-response.ts";
import { orderedResponse } from "./ordered-response.ts";
import { responseError } from "./response-place.ts";

/**
 * The response of a family on a frame without missing values, [rows]: see the function of each family. A response that the family
 * cannot have, or that is the same in every row, is an InputError.
 */
export function responseValues(
  terms: FormulaTerms,
  family: Family,
  frame: Frame,
  levels: DeclaredLevels = {},
): Pick<Model, "y" | "trials" | "categories"> {
  if (terms.trials !== undefined && family !== "binomial")
    throw formulaError(
      terms.text,
      terms.trials.position,
      `trials() belongs to family binomial; a ${family} response has none`,
    );
  if (family === "binomial") return binomialResponse(terms, frame);
  const response =
    family === "cumulative" ? orderedResponse(terms, frame, levels) : { y: valuesOf(terms, family, frame) };
  const { y } = response;
  if (y.every((value) => value === y[0]))
    throw responseError(terms, `the response is ${y[0]} in every row used, so there is nothing to explain`);
  return response;
}

function valuesOf(terms: FormulaTerms, family: Family, frame: Frame): Float64Array {
  if (family === "bernoulli") return bernoulliResponse(terms, frame);
  return family === "beta" ? betaResponse(terms, frame) : numericResponse(terms, family, frame);
}
