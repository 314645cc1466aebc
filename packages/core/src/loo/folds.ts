import type { Model } from "../model/model.ts";
import { randomStream } from "../simulate/random.ts";

export interface FoldOptions {
  readonly k: number;
  readonly seed: number;
  /** Whole levels of this group are left out together: [rows] level of each row. */
  readonly by?: Int32Array;
  /** Each fold gets its share of each of these levels: [rows] level of each row. */
  readonly stratify?: Int32Array;
}

/**
 * [rows] fold of each row, 0 to k - 1, sizes as even as can be (loo's `kfold_split_random`, `kfold_split_grouped` and
 * `kfold_split_stratified`); the same seed gives the same folds. RangeError where there are fewer rows or levels than folds.
 */
export function foldsOf(rows: number, { k, seed, by, stratify }: FoldOptions): Int32Array {
  const units = by === undefined ? rows : 1 + by.reduce((most, level) => Math.max(most, level), -1);
  if (!(Number.isSafeInteger(k) && k >= 2 && k <= units))
    throw new RangeError(
      `k must be a whole number from 2 to the number of ${by === undefined ? "rows" : "groups"}, ${units}: ${k}`,
    );
  const order = randomStream(seed, "folds").shuffle(Array.from({ length: units }, (_, unit) => unit));
  // rows of a level one after the other, each at random among its own: then every fold gets its share
  if (stratify !== undefined) order.sort((a, b) => stratify[a]! - stratify[b]!);
  const foldOfUnit = new Int32Array(units);
  order.forEach((unit, place) => {
    foldOfUnit[unit] = place % k;
  });
  return by === undefined ? foldOfUnit : by.map((level) => foldOfUnit[level]!);
}

/** Rows in and out of a fold. */
export function splitRows(
  model: Pick<Model, "rows">,
  isOut: (row: number) => boolean,
): { readonly kept: number[]; readonly held: number[] } {
  const kept: number[] = [];
  const held: number[] = [];
  for (let row = 0; row < model.rows; row++) (isOut(row) ? held : kept).push(row);
  return { kept, held };
}
