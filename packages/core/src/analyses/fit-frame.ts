import { suggestColumn } from "../frame/cells.ts";
import { dropUnusedLevels } from "../frame/factor.ts";
import type { Frame } from "../frame/frame.ts";
import { selectRows } from "../frame/select.ts";
import { VariableNames } from "../hypothesis/variable-names.ts";
import { InputError } from "../input-error.ts";
import { deriveColumns } from "./derive-columns.ts";
import { fitColumns } from "./fit-columns.ts";
import type { Plan, PlannedFit } from "./plan.ts";
import { selectWhere } from "./select-where.ts";

/**
 * The table of one fit: its derived columns, computed over all rows, and then the rows of its subset. `frame`: the data, its columns
 * renamed as the plan says. InputError for a column, a level or a subset's rows that are not there.
 */
export function fitFrame(frame: Frame, plan: Plan, fit: PlannedFit): Frame {
  const { data, derived } = fitColumns(plan, fit);
  const missing = data.find((name) => !frame.columns.has(name));
  if (missing !== undefined)
    throw new InputError(
      `the fit '${fit.id}' needs a column '${missing}', which ${frame.source} has not; ${suggestColumn(frame, missing)}`,
      { file: plan.file, line: fit.line },
    );
  const table = deriveColumns(frame, derived);
  const rows = selectWhere(table, fit.where);
  if (rows.length === 0)
    throw new InputError(
      `the fit '${fit.id}' has no rows: none of the ${frame.rows} of ${frame.source} has ${fit.where.join(" and ")}`,
      { file: plan.file, line: fit.line },
    );
  return rows.length === table.rows ? table : selectRows(table, rows);
}

/** Columns that a fit needs and the data lack, as the reason why it cannot be run; null where it can. */
export function missingColumns(frame: Frame, plan: Plan, fit: PlannedFit): readonly string[] {
  return fitColumns(plan, fit).data.filter((name) => {
    const column = frame.columns.get(name);
    if (column === undefined) return true;
    return column.type === "factor"
      ? column.codes.every((code) => code < 0)
      : column.invalid === undefined && column.values.every(Number.isNaN);
  });
}

/** Levels of the data's text columns that some row has, by column: what `planFits` leaves out one by one. */
export function textLevels(frame: Frame): Record<string, readonly string[]> {
  const levels: Record<string, readonly string[]> = {};
  for (const column of frame.columns.values())
    if (column.type === "factor") levels[column.name] = dropUnusedLevels(column).levels;
  return levels;
}

/** An InputError, with the plan's line, where a hypothesis is about a variable that the fit's model has not. */
export function checkHypotheses(plan: Plan, fit: PlannedFit, variables: readonly string[]): void {
  const names = new VariableNames(variables.filter((name) => name.startsWith("b_")));
  for (const { variable, line } of fit.hypotheses)
    if (!variables.includes(variable))
      throw new InputError(`the fit '${fit.id}' has no '${variable}'; ${names.advice(variable)}`, {
        file: plan.file,
        line,
      });
}
