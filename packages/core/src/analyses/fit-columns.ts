import { formulaColumns } from "../formula/terms.ts";
import { parseColumnExpression } from "./column-expression.ts";
import type { DerivedColumn, Plan, PlannedFit } from "./plan.ts";

export interface FitColumns {
  /** Columns that the data must have, as they are called after `columns` has renamed them. */
  readonly data: readonly string[];
  /** Those to be computed, in order. */
  readonly derived: readonly DerivedColumn[];
}

/** What a fit's formula and conditions need of the data, and what has to be derived for them. */
export function fitColumns(plan: Plan, fit: PlannedFit): FitColumns {
  const needed = new Set([...formulaColumns(fit.formula), ...fit.where.flatMap(columnsOf)]);
  const derived: DerivedColumn[] = [];
  for (const column of [...plan.derive, ...fit.derive].reverse()) {
    if (!needed.delete(column.name)) continue;
    for (const name of columnsOf(column.expression)) needed.add(name);
    derived.unshift(column);
  }
  return { data: [...needed], derived };
}

const columnsOf = (expression: string): string[] => [...parseColumnExpression(expression).columns.keys()];
