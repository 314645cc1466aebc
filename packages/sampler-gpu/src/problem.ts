import type { Model, Prior } from "@bridgewise/core";
import { estimateStart, type Start } from "./geometry/start.ts";

/** A group term as the engines see it. */
export interface Term {
  readonly name: string;
  readonly levels: number;
  /** [rows], in the problem's order of rows. */
  readonly index: Int32Array;
  /** dense: in the global block, centred; transport: a latent, written by conditional transport. */
  readonly mode: "dense" | "transport";
  /** Position of the term that this one is nested in (every level has one parent level), or -1. */
  readonly parent: number;
  /** [levels] parent level of each level, where there is a parent. */
  readonly parentOf: Int32Array | undefined;
  /** True where no other transported term is nested in it: the rows point to such terms only. */
  readonly leaf: boolean;
}

/** Whether term t is term q, or nested in it at any depth. */
export const isWithin = (terms: readonly Term[], t: number, q: number): boolean =>
  t === q || (t >= 0 && isWithin(terms, terms[t]!.parent, q));

/**
 * A model laid out for sampling: rows sorted by group, predictors centred where there is an intercept.
 * The globals are theta = (beta [columns], coordinates of the sds [terms], log sigma (gaussian), dense effects).
 */
export interface Problem {
  readonly model: Model;
  readonly rows: number;
  readonly columns: number;
  /** [rows x columns] row-major; column 0 is 1 where there is an intercept. */
  readonly x: Float64Array;
  /** [columns] subtracted means; 0 for the intercept's own column. */
  readonly means: Float64Array;
  readonly y: Float64Array;
  readonly terms: readonly Term[];
  readonly gaussian: boolean;
  /** [terms] the c of sd = |c sinh x| (density/scale.ts). */
  readonly scales: Float64Array;
  readonly start: Start;
}

/** Prior of column k of the problem's design. */
export function betaPrior(problem: Problem, k: number): Prior {
  const { priors, intercept } = problem.model;
  if (!intercept) return priors.b[k]!;
  return k === 0 ? priors.intercept : priors.b[k - 1]!;
}

/** A factor with at most this many levels may join the dense block (DESIGN 4.4). */
const DENSE_LEVELS = 50;
/** It does so where its effects are known this well from the data, as a mean of k = I tau^2 / (1 + I tau^2). */
const DENSE_SHARE = 0.9;

/** levels x levels: the parent level of each level of `child`, or undefined where some level has two. */
export function nesting(child: Int32Array, levels: number, parent: Int32Array): Int32Array | undefined {
  const map = new Int32Array(levels).fill(-1);
  for (let i = 0; i < child.length; i++) {
    const c = child[i]!;
    const p = parent[i]!;
    if (map[c] === -1) map[c] = p;
    else if (map[c] !== p) return undefined;
  }
  return map;
}

/** For each term, the finest other term that it is nested in; of two with the same levels the second is nested in the first. */
export function findParents(
  groups: readonly { readonly levels: number; readonly index: Int32Array }[],
): { parent: number; parentOf: Int32Array | undefined }[] {
  return groups.map((child, c) => {
    let best = -1;
    let bestMap: Int32Array | undefined;
    groups.forEach((other, p) => {
      if (p === c || other.levels > child.levels || (other.levels === child.levels && p > c)) return;
      if (best >= 0 && other.levels <= groups[best]!.levels) return;
      const map = nesting(child.index, child.levels, other.index);
      if (map !== undefined) {
        best = p;
        bestMap = map;
      }
    });
    return { parent: best, parentOf: bestMap };
  });
}

/**
 * Of several terms nested in the same one, the finest alone counts as its child and the others as crossed: a parent's effects reach the
 * rows with its child's, and would count once for each.
 */
function oneChildEach(
  groups: readonly { readonly levels: number }[],
  parents: ReturnType<typeof findParents>,
): ReturnType<typeof findParents> {
  return parents.map((own, t) => {
    const finer = parents.some(
      ({ parent }, o) =>
        parent === own.parent &&
        (groups[o]!.levels > groups[t]!.levels || (groups[o]!.levels === groups[t]!.levels && o < t)),
    );
    return own.parent >= 0 && finer ? { parent: -1, parentOf: undefined } : own;
  });
}

/** Rows in order of the groups: by the root of the largest chain of nested terms, then by its descendants. */
export function sortRows(rows: number, keys: readonly Int32Array[]): Int32Array {
  let order = Int32Array.from({ length: rows }, (_, i) => i);
  // stable counting sorts, the least important key first
  for (const key of keys.toReversed()) {
    let size = 0;
    for (let i = 0; i < rows; i++) size = Math.max(size, key[i]! + 1);
    const place = new Int32Array(size + 1);
    for (let i = 0; i < rows; i++) place[key[i]! + 1]!++;
    for (let k = 0; k < size; k++) place[k + 1]! += place[k]!;
    const next = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      const row = order[i]!;
      next[place[key[row]!]!++] = row;
    }
    order = next;
  }
  return order;
}

/** Lays a model out for sampling. */
export function prepare(model: Model): Problem {
  const { rows, intercept } = model;
  const predictors = model.predictors.length;
  const columns = predictors + (intercept ? 1 : 0);
  const groups = model.groups.map((g) => ({ levels: g.levels.length, index: g.index }));
  const parents = oneChildEach(groups, findParents(groups));
  const depth = (t: number): number => (parents[t]!.parent < 0 ? 0 : 1 + depth(parents[t]!.parent));
  const root = (t: number): number => (parents[t]!.parent < 0 ? t : root(parents[t]!.parent));
  // the chain with the most levels decides the order of rows
  const largest = groups.reduce((best, g, t) => (best < 0 || g.levels > groups[best]!.levels ? t : best), -1);
  const keys =
    largest < 0
      ? []
      : groups
          .map((_, t) => t)
          .filter((t) => root(t) === root(largest))
          .sort((a, b) => depth(a) - depth(b))
          .map((t) => groups[t]!.index);
  const order = sortRows(rows, keys);

  const means = new Float64Array(columns);
  const first = intercept ? 1 : 0;
  if (intercept) {
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < predictors; k++) means[k + 1]! += model.x[i * predictors + k]!;
    for (let k = 1; k < columns; k++) means[k]! /= rows;
  }
  const x = new Float64Array(rows * columns);
  const y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const from = order[i]!;
    if (intercept) x[i * columns] = 1;
    for (let k = 0; k < predictors; k++) {
      x[i * columns + first + k] = model.x[from * predictors + k]! - means[first + k]!;
    }
    y[i] = model.y[from]!;
  }
  const indices = groups.map((g) => Int32Array.from(order, (row) => g.index[row]!));
  const gaussian = model.family === "gaussian";
  const start = estimateStart({
    rows,
    columns,
    x,
    y,
    gaussian,
    terms: groups.map((g, t) => ({ levels: g.levels, index: indices[t]! })),
  });
  const hasChild = (t: number): boolean => parents.some((p) => p.parent === t);
  const terms = groups.map((g, t): Term => {
    const alone = parents[t]!.parent < 0 && !hasChild(t);
    const dense =
      alone &&
      groups.length > 1 &&
      g.levels <= DENSE_LEVELS &&
      groups.some((o) => o.levels > g.levels) &&
      start.shares[t]! >= DENSE_SHARE;
    return {
      name: model.groups[t]!.name,
      levels: g.levels,
      index: indices[t]!,
      mode: dense ? "dense" : "transport",
      parent: parents[t]!.parent,
      parentOf: parents[t]!.parentOf,
      leaf: !hasChild(t),
    };
  });
  return {
    model,
    rows,
    columns,
    x,
    means,
    y,
    terms,
    gaussian,
    scales: start.sd.map((sd, t) => Math.max(sd, start.resolution[t]!)),
    start,
  };
}
