import { namesIn } from "../formula/expression.ts";
import { cellError, suggestColumn } from "../frame/cells.ts";
import type { Column, Frame } from "../frame/frame.ts";
import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";
import type { GroupTerm, Model } from "../model/model.ts";
import { designRows, type FittedModel, modelBasis, trialsOf } from "./designed-rows.ts";
import type { PredictorRows } from "./linear-predictor.ts";

/** What to do with a level of a group that the fit did not have: draw its effects, take them as 0, or refuse it. */
export const NEW_LEVELS = ["sample", "zero", "error"] as const;
export type NewLevels = (typeof NEW_LEVELS)[number];

export interface NewRowsOptions {
  /** Groups whose effects count, default all (brms's `re_formula`); columns of the others are not needed. */
  readonly groups?: readonly GroupTerm[];
  /** Default error. */
  readonly newLevels?: NewLevels;
}

/** Rows to predict, with a model whose groups are the ones that count, cut to the levels that these rows have. */
export interface RowsToPredict {
  readonly model: Model;
  readonly rows: PredictorRows;
  /** [groups of `model`] the levels whose effects have to be drawn. */
  readonly drawn: readonly (readonly string[])[];
}

/**
 * New data as rows of a fitted model: factors with the fit's levels, scale() with the fit's means and sds, groups by their labels.
 * The response is not needed. A missing column or cell, a text where a number was, a factor's level without a coefficient and (where
 * `newLevels` is "error") a new level of a group are InputErrors that name line, column and value.
 */
export function newRows(
  fitted: FittedModel,
  frame: Frame,
  { groups = fitted.model.groups, newLevels = "error" }: NewRowsOptions = {},
): RowsToPredict {
  const { model, terms } = fitted;
  checkComplete(fitted, frame, groups);
  const { x, offset, z } = designRows(fitted, frame, modelBasis(fitted), groups);
  const cut = groups.map((group) => {
    const g = model.groups.indexOf(group);
    const columns = terms.groups[g]!.columns.map(({ name }) => name);
    const labels = rowLabels(
      columns.map((name) => frame.columns.get(name)!),
      frame.rows,
    );
    const { levels, index, drawn } = usedLevels(group, labels, frame, columns[0]!, newLevels);
    return { term: { ...group, levels, index, ...(z[g] && { z: z[g] }) }, drawn };
  });
  const own = cut.map(({ term }) => term);
  const trials = trialsOf(terms, frame);
  return {
    model: { ...model, groups: own, ...(trials && { trials }) },
    rows: { rows: frame.rows, x, ...(offset && { offset }), groups: own },
    drawn: cut.map(({ drawn }) => drawn),
  };
}

/** The fit's own rows, with the groups that count. */
export function fittedRows(
  { model }: Pick<FittedModel, "model">,
  groups: readonly GroupTerm[] = model.groups,
): RowsToPredict {
  return { model: { ...model, groups }, rows: { ...model, groups }, drawn: groups.map(() => []) };
}

/** The groups with these names; `all`, `none`. An unknown name is an InputError. */
export function groupsNamed({ groups }: Pick<Model, "groups">, names: readonly string[]): GroupTerm[] {
  if (names.length === 1 && names[0] === "all") return [...groups];
  if (names.length === 1 && names[0] === "none") return [];
  for (const name of names)
    if (!groups.some((group) => group.name === name))
      throw new InputError(
        `the model has no group '${name}'; give all, none, or some of ${listNames(new Set(groups.map((g) => g.name)))}`,
      );
  return groups.filter(({ name }) => names.includes(name));
}

function checkComplete({ terms, model }: FittedModel, frame: Frame, groups: readonly GroupTerm[]): void {
  const specs = terms.groups.filter((_, g) => groups.includes(model.groups[g]!));
  const found = new Map<string, number>();
  for (const { variables, terms: sum } of [terms, ...specs.map(({ effects }) => effects)])
    for (const v of sum.flatMap((term) => term.variables)) namesIn(variables[v]!.expression, found);
  for (const expression of terms.offsets) namesIn(expression, found);
  if (terms.trials !== undefined) namesIn(terms.trials, found);
  const names = new Set([
    ...found.keys(),
    ...specs.flatMap(({ columns }) => columns.map(({ name }) => name)),
  ]);
  for (const name of names) {
    const column = frame.columns.get(name);
    if (column === undefined)
      throw new InputError(
        `no column '${name}', which '${model.formula}' needs; ${suggestColumn(frame, name)}`,
        { file: frame.source },
      );
    const row =
      column.type === "factor"
        ? column.codes.indexOf(-1)
        : column.values.findIndex((value) => !Number.isFinite(value));
    if (row >= 0)
      throw cellError(
        frame,
        row,
        name,
        "the cell is missing or not finite; give a value, or take the row out",
      );
  }
}

/** [rows] text of each row, as a group's levels are labelled. */
function rowLabels(columns: readonly Column[], rows: number): string[] {
  return Array.from({ length: rows }, (_, row) =>
    columns
      .map((column) =>
        column.type === "factor" ? column.levels[column.codes[row]!]! : String(column.values[row]!),
      )
      .join("_"),
  );
}

function usedLevels(
  { name, levels }: GroupTerm,
  labels: readonly string[],
  frame: Frame,
  column: string,
  newLevels: NewLevels,
): { levels: string[]; index: Int32Array; drawn: string[] } {
  const known = new Set(levels);
  const at = new Map<string, number>();
  const drawn: string[] = [];
  const index = Int32Array.from(labels, (label, row) => {
    if (!known.has(label)) {
      if (newLevels === "zero") return -1;
      if (newLevels === "error")
        throw cellError(
          frame,
          row,
          column,
          `'${label}' is a new level of ${name}; say --new-levels sample (effects drawn from N(0, Sigma) in each draw) or zero`,
        );
      if (!at.has(label)) drawn.push(label);
    }
    let place = at.get(label);
    if (place === undefined) {
      place = at.size;
      at.set(label, place);
    }
    return place;
  });
  return { levels: [...at.keys()], index, drawn };
}
