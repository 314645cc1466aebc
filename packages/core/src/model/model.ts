import type { Prior } from "./prior.ts";

export type Family = "gaussian" | "bernoulli";

/** A group-level intercept `(1 | name)`: effect of level `index[i]` enters row i's linear predictor. */
export interface GroupTerm {
  /** brms's name of the grouping: `user_id`, or `user_id:conversation_id` for a nested one. */
  readonly name: string;
  /** Level labels; those of `a:b` are joined by `_`, as in brms. */
  readonly levels: readonly string[];
  /** [rows] level of each row, 0 to levels.length - 1; every level occurs. */
  readonly index: Int32Array;
}

export interface ModelPriors {
  /** Prior of the intercept with predictors centred at their means (brms's `Intercept`). */
  readonly intercept: Prior;
  /** [predictors] */
  readonly b: readonly Prior[];
  /** [groups] taken at the positive half. */
  readonly sd: readonly Prior[];
  /** Taken at the positive half; unused for bernoulli. */
  readonly sigma: Prior;
}

/**
 * A mixed-effects regression ready to be sampled: plain arrays, no missing values.
 * eta = [Intercept] + X b + sum over groups of their effects; y ~ Normal(eta, sigma) or Bernoulli(logistic(eta)).
 */
export interface Model {
  readonly formula: string;
  readonly family: Family;
  readonly rows: number;
  readonly response: string;
  /** [rows]; 0 or 1 for bernoulli. */
  readonly y: Float64Array;
  readonly intercept: boolean;
  /** Column names of the design matrix without the intercept, as R's `model.matrix` names them, brms's way (`factorage2`, `x:z`). */
  readonly predictors: readonly string[];
  /** [rows x predictors], row-major, as in the data (not centred). */
  readonly x: Float64Array;
  readonly groups: readonly GroupTerm[];
  readonly priors: ModelPriors;
}
