import { type FormulaTerms, formulaError, namesIn } from "../formula/index.ts";
import { cellError, cellText } from "../frame/cells.ts";
import type { Frame } from "../frame/frame.ts";

/** The column that a response is made from; of several, the first. */
export function responseColumn(terms: FormulaTerms): string {
  return namesIn(terms.response).keys().next().value!;
}

/** An InputError about the response as the formula has it. */
export function responseError(terms: FormulaTerms, message: string): Error {
  return formulaError(terms.text, terms.response.position, message);
}

/** An InputError about the response's value in one row, where its column stands in the data; `message` follows the value. */
export function responseCellError(
  terms: FormulaTerms,
  frame: Frame,
  row: number,
  value: number,
  message: string,
): Error {
  const name = responseColumn(terms);
  const cell = cellText(frame.columns.get(name)!, row);
  const given = terms.responseLabel === name ? "" : `${terms.responseLabel} is ${value} at `;
  return cellError(frame, row, name, `${given}'${cell}'${message}`);
}
