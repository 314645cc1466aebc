import { InputError } from "../input-error.ts";
import type { GroupTerm, Model } from "../model/model.ts";

/** [count x columns] the given rows of a row-major array. */
function selected(values: Float64Array, rows: readonly number[], columns: number): Float64Array {
  const out = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    out.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return out;
}

/** The model of some of its rows, in the order given, priors as they are; levels without rows go. */
export function modelOfRows(model: Model, rows: readonly number[]): Model {
  const { y, x, predictors, offset, trials, groups } = model;
  return {
    ...model,
    rows: rows.length,
    y: selected(y, rows, 1),
    x: selected(x, rows, predictors.length),
    ...(offset && { offset: selected(offset, rows, 1) }),
    ...(trials && { trials: selected(trials, rows, 1) }),
    groups: groups.map((group) => groupOf(group, rows)),
  };
}

function groupOf(group: GroupTerm, rows: readonly number[]): GroupTerm {
  const { index, z, coefficients } = group;
  const used = new Int32Array(group.levels.length).fill(-1);
  for (const row of rows) used[index[row]!] = 0;
  const levels = group.levels.filter((_, j) => used[j] === 0);
  let next = 0;
  used.forEach((mark, j) => {
    if (mark === 0) used[j] = next++;
  });
  return {
    ...group,
    levels,
    index: Int32Array.from(rows, (row) => used[index[row]!]!),
    ...(z && { z: selected(z, rows, coefficients.length) }),
  };
}

/**
 * Rows that leave nothing to estimate a coefficient from (a column that is constant beside an intercept, or 0 without one) are an InputError;
 * `what` says in it which rows were left out.
 */
export function checkPredictors({ intercept, predictors, rows, x }: Model, what: string): void {
  predictors.forEach((name, k) => {
    const first = intercept ? x[k] : 0;
    for (let i = 0; i < rows; i++) if (x[i * predictors.length + k] !== first) return;
    throw new InputError(
      `without ${what} the predictor '${name}' is ${x[k]} in every row, so its coefficient cannot be estimated; leave fewer rows out at once (a larger k), or stratify by its column`,
    );
  });
}
