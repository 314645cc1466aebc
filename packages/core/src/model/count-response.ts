import { deparse, Evaluator, type FormulaTerms, formulaError, namesIn } from "../formula/index.ts";
import { cellError, cellText } from "../frame/cells.ts";
import type { Frame } from "../frame/frame.ts";
import { responseCellError, responseError } from "./response-place.ts";

/** [rows] successes and trials: whole numbers, 0 <= y <= trials. A row of 0 trials says nothing, as in brms. */
export function binomialResponse(
  terms: FormulaTerms,
  frame: Frame,
): { readonly y: Float64Array; readonly trials: Float64Array } {
  const { text, trials: expression, responseLabel } = terms;
  if (expression === undefined)
    throw responseError(
      terms,
      `a binomial response needs its number of trials: ${responseLabel} | trials(n) ~ …, n a column or a number (for 0 and 1 use family bernoulli)`,
    );
  const evaluator = new Evaluator(text, frame);
  const trials = evaluator.numbers(expression, "trials()");
  const badTrials = trials.findIndex((value) => !isCount(value));
  if (badTrials >= 0) {
    const [name] = namesIn(expression).keys();
    const message = "trials are whole numbers of at least 0; mend the value or drop the row";
    if (name === undefined)
      throw formulaError(text, expression.position, `trials(${deparse(expression)}): ${message}`);
    const cell = cellText(frame.columns.get(name)!, badTrials);
    const given = deparse(expression) === name ? "" : `${deparse(expression)} is ${trials[badTrials]} at `;
    throw cellError(frame, badTrials, name, `${given}'${cell}'; ${message}`);
  }
  const y = evaluator.numbers(terms.response, "a binomial response");
  const row = y.findIndex((value, i) => !isCount(value) || value > trials[i]!);
  if (row >= 0)
    throw responseCellError(
      terms,
      frame,
      row,
      y[row]!,
      isCount(y[row]!)
        ? ` is more than the ${trials[row]} trials of its row; give the number of successes before '|', that of trials in trials()`
        : "; a binomial response is a whole number of successes, at least 0",
    );
  if (y.every((value) => value === 0) || y.every((value, i) => value === trials[i]))
    throw responseError(
      terms,
      `${y[0] === 0 ? "no trial" : "every trial"} succeeded in the rows used, so there is nothing to explain`,
    );
  return { y, trials };
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
