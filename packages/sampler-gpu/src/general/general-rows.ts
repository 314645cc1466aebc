import type { Family, Model, Prior } from "@bridgewise/core";
import { findParents, sortRows } from "../problem.ts";

/** A group term of the general density, q coefficients a level. */
export interface GeneralTerm {
  readonly name: string;
  readonly levels: number;
  /** q */
  readonly size: number;
  /** [rows], in the problem's order of rows. */
  readonly index: Int32Array;
  /** [rows x q]; absent where the intercept alone varies. */
  readonly z?: Float64Array;
  readonly correlated: boolean;
  /** dense: effects are globals, centred; transport: latents, written by conditional transport. */
  readonly mode: "dense" | "transport";
  /** Terms that this one is nested in, the nearest first. */
  readonly ancestors: readonly number[];
  /** [ancestors][levels] the ancestor's level of each level. */
  readonly ancestorOf: readonly Int32Array[];
}

/** The rows of a model laid out for sampling, before it is known where its posterior lies. */
export interface GeneralRows {
  readonly model: Model;
  readonly family: Family;
  readonly rows: number;
  readonly columns: number;
  /** Whether column 0 is an intercept. */
  readonly intercept: boolean;
  /** [rows x columns] row-major, predictors centred beside an intercept or thresholds. */
  readonly x: Float64Array;
  /** [columns] subtracted means; 0 for the intercept's own column. */
  readonly means: Float64Array;
  readonly y: Float64Array;
  readonly offset: Float64Array;
  /** [rows], 1 but for binomial. */
  readonly trials: Float64Array;
  /** K - 1 of a cumulative model, 0 of others. */
  readonly thresholds: number;
  readonly terms: readonly GeneralTerm[];
}

/** Prior of column k of the problem's design. */
export function columnPrior({ model, intercept }: GeneralRows, k: number): Prior {
  if (!intercept) return model.priors.b[k]!;
  return k === 0 ? model.priors.intercept : model.priors.b[k - 1]!;
}

/** Rows sorted by group, predictors centred. */
export function layOutRows(model: Model): GeneralRows {
  const { rows, family } = model;
  const thresholds = model.categories === undefined ? 0 : model.categories.length - 1;
  const intercept = model.intercept && thresholds === 0;
  const predictors = model.predictors.length;
  const first = intercept ? 1 : 0;
  const columns = predictors + first;
  const groups = model.groups.map((g) => ({ levels: g.levels.length, index: g.index }));
  const parents = findParents(groups);
  const chain = (t: number): number[] => {
    const { parent } = parents[t]!;
    return parent < 0 ? [] : [parent, ...chain(parent)];
  };
  const ancestors = groups.map((_, t) => chain(t));
  const root = (t: number): number => ancestors[t]!.at(-1) ?? t;
  const largest = groups.reduce((best, g, t) => (best < 0 || g.levels > groups[best]!.levels ? t : best), -1);
  const order = sortRows(
    rows,
    groups
      .map((_, t) => t)
      .filter((t) => root(t) === root(largest))
      .sort((a, b) => ancestors[a]!.length - ancestors[b]!.length)
      .map((t) => groups[t]!.index),
  );

  const means = new Float64Array(columns);
  if (model.intercept) {
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < predictors; k++) means[first + k]! += model.x[i * predictors + k]! / rows;
  }
  const x = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    if (intercept) x[i * columns] = 1;
    for (let k = 0; k < predictors; k++)
      x[i * columns + first + k] = model.x[order[i]! * predictors + k]! - means[first + k]!;
  }
  const sorted = (values: Float64Array | undefined, missing: number): Float64Array =>
    values === undefined
      ? new Float64Array(rows).fill(missing)
      : Float64Array.from(order, (row) => values[row]!);
  const terms = model.groups.map((group, t): GeneralTerm => {
    const size = group.coefficients.length;
    const { z } = group;
    const ancestorOf = ancestors[t]!.map((a) => {
      const map = new Int32Array(group.levels.length);
      for (let i = 0; i < rows; i++) map[group.index[i]!] = groups[a]!.index[i]!;
      return map;
    });
    return {
      name: group.name,
      levels: group.levels.length,
      size,
      index: Int32Array.from(order, (row) => group.index[row]!),
      ...(z && {
        z: Float64Array.from(
          { length: rows * size },
          (_, i) => z[order[Math.floor(i / size)]! * size + (i % size)]!,
        ),
      }),
      correlated: group.correlated && size > 1,
      mode: "transport",
      ancestors: ancestors[t]!,
      ancestorOf,
    };
  });
  return {
    model,
    family,
    rows,
    columns,
    intercept,
    x,
    means,
    y: sorted(model.y, 0),
    offset: sorted(model.offset, 0),
    trials: sorted(model.trials, 1),
    thresholds,
    terms,
  };
}
