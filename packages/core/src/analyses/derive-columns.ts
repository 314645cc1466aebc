import { Evaluator } from "../formula/evaluate.ts";
import { deparse, unwrap } from "../formula/expression.ts";
import { formulaError } from "../formula/formula-error.ts";
import { suggestColumn } from "../frame/cells.ts";
import { dropUnusedLevels, factorFromNumbers } from "../frame/factor.ts";
import type { Column, Frame } from "../frame/frame.ts";
import { InputError } from "../input-error.ts";
import { completeRows } from "../model/complete-rows.ts";
import { type ColumnExpression, parseColumnExpression } from "./column-expression.ts";
import { COLUMN_FUNCTIONS, type ColumnArguments } from "./column-functions.ts";
import { withoutPlace } from "./placed.ts";
import type { DerivedColumn } from "./plan.ts";

/**
 * The table with the derived columns, in order: each may use those before it, and replaces a column of its name. A comparison gives 0
 * and 1. A row in which a column of the expression is missing has a missing value, and plays no part in the others'. InputError for a
 * column that is not there, and for a value that is not finite.
 */
export function deriveColumns(frame: Frame, derive: readonly DerivedColumn[]): Frame {
  let table = frame;
  for (const { name, expression } of derive) {
    const column = computeColumn(table, name, expression, `derived column '${name}'`);
    table = { ...table, columns: new Map(table.columns).set(name, column) };
  }
  return table;
}

/** One column computed from others; missing where one of them is. `what`: what the expression is, for messages. */
export function computeColumn(frame: Frame, name: string, text: string, what: string): Column {
  try {
    return scatter(frame, name, parseColumnExpression(text));
  } catch (error) {
    if (!(error instanceof InputError && error.place.file === "formula")) throw error;
    throw new InputError(withoutPlace(error), { ...error.place, file: what }, error.pointer);
  }
}

function scatter(frame: Frame, name: string, parsed: ColumnExpression): Column {
  const { text, columns } = parsed;
  for (const [column, position] of columns)
    if (!frame.columns.has(column))
      throw formulaError(
        text,
        position,
        `no column '${column}' in ${frame.source}; ${suggestColumn(frame, column)}`,
      );
  const { frame: complete, kept } = completeRows(frame, columns.keys());
  const values = new Float64Array(frame.rows).fill(Number.NaN);
  if (kept.length === 0) return { type: "numeric", name, values };
  const value = new Evaluator(text, withCalls(complete, parsed, kept, frame.rows)).evaluate(
    unwrap(parsed.expression),
  );
  if (value.type === "factor") {
    const codes = new Int32Array(frame.rows).fill(-1);
    kept.forEach((row, k) => {
      codes[row] = value.codes[k]!;
    });
    return { type: "factor", name, levels: value.levels, codes };
  }
  kept.forEach((row, k) => {
    values[row] = value.values[k]!;
  });
  return { type: "numeric", name, values };
}

/** The complete rows with a column for each call of a column function. */
function withCalls(
  complete: Frame,
  { text, calls }: ColumnExpression,
  kept: Int32Array,
  rows: number,
): Frame {
  let frame = complete;
  for (const { name, call } of calls) {
    const evaluator = new Evaluator(text, frame);
    const args: ColumnArguments = {
      numbers: (k) => evaluator.numbers(call.args[k]!, `${call.name}()`),
      groups: (k) => {
        const value = evaluator.evaluate(call.args[k]!);
        return value.type === "factor"
          ? dropUnusedLevels(value)
          : factorFromNumbers(deparse(call.args[k]!), value.values);
      },
      label: (k) => deparse(call.args[k]!),
      kept,
      rows,
      fail: (k, message) => {
        throw formulaError(text, call.args[k]!.position, message);
      },
    };
    const values = COLUMN_FUNCTIONS.get(call.name)!.compute(args);
    frame = { ...frame, columns: new Map(frame.columns).set(name, { type: "numeric", name, values }) };
  }
  return frame;
}
