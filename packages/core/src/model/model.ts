import type { Family } from "../family/index.ts";
import type { Prior } from "./prior.ts";

export type { Family } from "../family/index.ts";

/**
 * Group-level effects `(1 + x | name)`: u_j ~ Normal(0, diag(sd) R diag(sd)) for each level j, one effect a coefficient; row i's linear
 * predictor gains sum_k z[i, k] u[index[i], k].
 */
export interface GroupTerm {
  /** brms's name of the grouping: `user_id`, or `user_id:conversation_id` for a nested one. */
  readonly name: string;
  /** Level labels; those of `a:b` are joined by `_`, as in brms. */
  readonly levels: readonly string[];
  /** [rows] level of each row, 0 to levels.length - 1; every level occurs. */
  readonly index: Int32Array;
  /** What varies, by brms's names: `Intercept`, `Days`. */
  readonly coefficients: readonly string[];
  /** [rows x coefficients] row-major, not centred; absent where the intercept alone varies. */
  readonly z?: Float64Array;
  /** Whether the effects of a level are correlated (`|`, R ~ LKJ) or independent (`||`, R = I). */
  readonly correlated: boolean;
}

export interface ModelPriors {
  /** Prior of the intercept with predictors centred at their means (brms's `Intercept`). */
  readonly intercept: Prior;
  /** [thresholds] of a cumulative model, with predictors centred; empty for others. */
  readonly thresholds: readonly Prior[];
  /** [predictors] */
  readonly b: readonly Prior[];
  /** [groups][coefficients] taken at the positive half. */
  readonly sd: readonly (readonly Prior[])[];
  /** [groups] eta of the correlations' LKJ(eta); unused where there is none. */
  readonly cor: readonly number[];
  /** Taken at the positive half; unused by families without it. */
  readonly sigma: Prior;
  /** Of student_t's degrees of freedom, above 1. */
  readonly nu: Prior;
  /** Of beta's precision, above 0. */
  readonly phi: Prior;
}

/**
 * A mixed-effects regression ready to be sampled: plain arrays, no missing values.
 * eta = [Intercept] + X b + offset + sum over groups of their effects; y ~ family(eta) (see `familyOf`).
 */
export interface Model {
  readonly formula: string;
  readonly family: Family;
  readonly rows: number;
  readonly response: string;
  /** [rows]; 0 or 1 for bernoulli, a count for binomial, 1 to K for cumulative, between 0 and 1 for beta. */
  readonly y: Float64Array;
  /** Whether the predictors are centred beside an intercept; of a cumulative model, beside its thresholds, and eta has no intercept. */
  readonly intercept: boolean;
  /** Column names of the design matrix without the intercept, as R's `model.matrix` names them, brms's way (`factorage2`, `x:z`). */
  readonly predictors: readonly string[];
  /** [rows x predictors], row-major, as in the data (not centred). */
  readonly x: Float64Array;
  /** [rows] added to eta. */
  readonly offset?: Float64Array;
  /** [rows] of binomial. */
  readonly trials?: Float64Array;
  /** Labels of the K ordered categories of cumulative. */
  readonly categories?: readonly string[];
  readonly groups: readonly GroupTerm[];
  readonly priors: ModelPriors;
  /** Whether to sample the prior: the rows count for nothing. */
  readonly priorOnly?: true;
}
