import {
  type Column,
  type DerivedColumn,
  deriveColumns,
  type Frame,
  fitColumns,
  InputError,
  type PlannedFit,
  planFits,
  selectWhere,
  suggestColumn,
  textLevels,
} from "@bridgewise/core";
import type { PlanFile } from "./plan-file.ts";

/** Which of a plan's fits are wanted. */
export interface FitChoice {
  /** Ids of analyses or of fits; all where undefined. */
  readonly only?: readonly string[] | undefined;
  readonly sensitivity: boolean;
  /** Of all fits, in place of the plan's. */
  readonly seed?: number | undefined;
}

/** The fits that are asked for. A name in `only` that the plan does not have is an InputError. */
export function chooseFits(
  { plan, file }: PlanFile,
  table: Frame,
  { only, sensitivity, seed }: FitChoice,
): PlannedFit[] {
  const every = planFits(plan, {
    levels: textLevels(table),
    sensitivity: sensitivity || only !== undefined,
  });
  const unknown = only?.find((name) => !every.some(({ id, analysis }) => id === name || analysis === name));
  if (unknown !== undefined) {
    const known = [...new Set(every.map(({ analysis }) => analysis))].join(", ");
    throw new InputError(
      `--only names '${unknown}', which is no analysis or fit of the plan; its analyses are ${known}`,
      { file },
    );
  }
  const compared = new Set(plan.comparisons.flatMap(({ fits }) => fits));
  // a fit that is named is wanted, whatever its role, and with it the one that it is set beside
  const wanted = every.filter(({ id, analysis, role }) =>
    only === undefined ? role !== "sensitivity" || sensitivity : only.includes(id) || only.includes(analysis),
  );
  const ids = new Set(wanted.flatMap(({ id, variation }) => (variation ? [id, variation.base] : [id])));
  return every
    .filter(({ id }) => ids.has(id))
    .map((fit) => ({
      ...fit,
      loo: fit.loo || compared.has(fit.id),
      seed: seed ?? fit.seed,
    }));
}

export interface SortedFits {
  /** With the rows of their subsets, and the derived columns that they use. */
  readonly possible: readonly {
    readonly fit: PlannedFit;
    readonly rows: number;
    readonly derive: readonly DerivedColumn[];
  }[];
  readonly skipped: readonly SkippedFit[];
}

export interface SkippedFit {
  readonly fit: PlannedFit;
  readonly reason: string;
}

/**
 * Which fits the data allow; the others with the reason: a column that they use has no value. A column or a level that is not in the data
 * at all is a fault of the plan and an InputError, but for data that `mayLack` some, where the fit is skipped too.
 */
export function sortOut(
  fits: readonly PlannedFit[],
  { plan }: Pick<PlanFile, "plan">,
  table: Frame,
  { mayLack }: { readonly mayLack: boolean },
): SortedFits {
  const known = new Map<string, Int32Array>();
  const rowsOf = (where: readonly string[], derived: readonly DerivedColumn[]): Int32Array => {
    if (where.length === 0) return Int32Array.from({ length: table.rows }, (_, row) => row);
    const key = JSON.stringify([where, derived]);
    const found = known.get(key) ?? selectWhere(deriveColumns(table, derived), where);
    known.set(key, found);
    return found;
  };
  const sorted = fits.map((fit) => {
    const { data: columns, derived } = fitColumns(plan, fit);
    const lacking = columns.filter((name) => !table.columns.has(name));
    const [absent] = lacking;
    if (absent !== undefined) {
      const many = lacking.length > 1;
      if (mayLack) return { fit, reason: `the data have no column${many ? "s" : ""} ${lacking.join(", ")}` };
      throw new InputError(
        `the fit '${fit.id}' needs a column '${absent}', which ${table.source} has not; ${suggestColumn(table, absent)}`,
        { file: plan.file, line: fit.line },
      );
    }
    try {
      const rows = rowsOf(fit.where, derived);
      if (rows.length === 0) return { fit, reason: `no row has ${fit.where.join(" and ")}` };
      const empty = columns.filter((name) => rows.every((row) => isMissing(table.columns.get(name)!, row)));
      if (empty.length > 0) return { fit, reason: `the data have no value of ${empty.join(", ")}` };
      return { fit, rows: rows.length, derive: derived };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (mayLack) return { fit, reason: error.message };
      throw new InputError(`the fit '${fit.id}': ${error.message}`, { file: plan.file, line: fit.line });
    }
  });
  return {
    possible: sorted.flatMap((one) => (one.reason === undefined ? [one] : [])),
    skipped: sorted.flatMap((one) => (one.reason === undefined ? [] : [one])),
  };
}

function isMissing(column: Column, row: number): boolean {
  return column.type === "factor"
    ? column.codes[row]! < 0
    : Number.isNaN(column.values[row]!) && column.invalid?.has(row) !== true;
}
