import type { Design } from "../formula/index.ts";
import { listNames } from "../frame/near-names.ts";
import { InputError } from "../input-error.ts";

/** A column is dependent when less than this part of its length is left beside the others (R's `lm`: tol = 1e-7). */
const TOLERANCE = 1e-7;
/** Centred values below this part of the values are rounding errors of a constant. */
const ROUNDING = 1e-12;
/** Columns with smaller coefficients (in units of their lengths) take no part in a linear combination. */
const NEGLIGIBLE = 1e-4;

/**
 * Refuses predictors that the data cannot tell apart: constant ones beside an intercept, and exact linear
 * combinations of those before them, found by an orthogonalisation (modified Gram-Schmidt) of the columns,
 * centred where there is an intercept. O(rows x columns^2).
 */
export function checkCollinearity(design: Design, rows: number): void {
  const basis: Float64Array[] = [];
  const triangle: number[][] = [];
  design.columns.forEach((name, k) => {
    const column = unitColumn(design, rows, k);
    const coefficients = basis.map((direction) => removeProjection(column, direction));
    const left = norm(column);
    if (left < TOLERANCE) {
      const partners = solveUpper(triangle, coefficients);
      const largest = Math.max(...partners.map(Math.abs));
      const names = design.columns.filter((_, j) => Math.abs(partners[j] ?? 0) > NEGLIGIBLE * largest);
      throw new InputError(
        `the predictor '${name}' is an exact linear combination of ${listNames(names)}; leave one of them out`,
        { file: "formula" },
      );
    }
    basis.push(column.map((value) => value / left));
    triangle.push([...coefficients, left]);
  });
}

/** Column k, centred where there is an intercept, scaled to length 1. */
function unitColumn({ x, columns, intercept }: Design, rows: number, k: number): Float64Array {
  const p = columns.length;
  const column = new Float64Array(rows);
  for (let row = 0; row < rows; row++) column[row] = x[row * p + k]!;
  const length = norm(column);
  if (length === 0)
    throw new InputError(`the predictor '${columns[k]}' is 0 in every row used; leave it out`, {
      file: "formula",
    });
  const mean = intercept ? column.reduce((sum, value) => sum + value, 0) / rows : 0;
  const centred = column.map((value) => value - mean);
  const spread = norm(centred);
  if (spread <= ROUNDING * length)
    throw new InputError(
      `the predictor '${columns[k]}' is ${column[0]} in every row used, as the intercept is; leave it out`,
      { file: "formula" },
    );
  return centred.map((value) => value / spread);
}

/** Takes from `column`, in place, its part along `direction` (of length 1); returns its size. */
function removeProjection(column: Float64Array, direction: Float64Array): number {
  let size = 0;
  for (let i = 0; i < column.length; i++) size += column[i]! * direction[i]!;
  for (let i = 0; i < column.length; i++) column[i]! -= size * direction[i]!;
  return size;
}

function norm(x: Float64Array): number {
  let squares = 0;
  for (const value of x) squares += value * value;
  return Math.sqrt(squares);
}

/** Solves R z = r; `columns[j]` holds the j + 1 entries of column j of R down to its diagonal. */
function solveUpper(columns: readonly (readonly number[])[], r: readonly number[]): number[] {
  const z = [...r];
  for (let j = columns.length - 1; j >= 0; j--) {
    z[j]! /= columns[j]![j]!;
    for (let i = 0; i < j; i++) z[i]! -= columns[j]![i]! * z[j]!;
  }
  return z;
}
