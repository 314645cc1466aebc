import { familyOf } from "../family/index.ts";
import { mad, median } from "../posterior/quantile.ts";
import type { Family, GroupTerm, ModelPriors } from "./model.ts";
import type { Prior } from "./prior.ts";

/** Least scale of brms's default priors. */
const LEAST_SCALE = 2.5;
const FLAT: Prior = { kind: "flat" };

/** What default priors depend on. */
export interface PriorScope {
  readonly family: Family;
  readonly y: Float64Array;
  readonly offset?: Float64Array;
  readonly intercept: boolean;
  readonly predictors: number;
  readonly groups: readonly Pick<GroupTerm, "coefficients">[];
  /** Of a cumulative model. */
  readonly thresholds: number;
}

/**
 * The default priors of brms 2.18 (`def_scale_prior`): b flat; Intercept and thresholds student_t(3, loc, s); sd and sigma
 * student_t(3, 0, s); correlations lkj(1); nu gamma(2, 0.1); phi gamma(0.01, 0.01). Identity link: loc = median(y) and s = mad(y),
 * each rounded to one decimal, s at least 2.5, loc less the mean offset; logit: loc = 0 whatever the offset, s = 2.5. The prior of
 * what a model does not have is flat: nothing uses it.
 */
export function defaultPriors(scope: PriorScope): ModelPriors {
  const { family, y, offset, intercept, predictors, groups, thresholds } = scope;
  const { parameters, link } = familyOf(family);
  const identity = link === "identity";
  const shift = offset === undefined ? 0 : offset.reduce((sum, value) => sum + value, 0) / offset.length;
  const location = identity ? roundToTenth(median(y)) - shift : 0;
  const scale = identity ? Math.max(LEAST_SCALE, roundToTenth(mad(y))) : LEAST_SCALE;
  const positive: Prior = { kind: "student_t", df: 3, location: 0, scale };
  const around: Prior = { kind: "student_t", df: 3, location, scale };
  return {
    intercept: intercept && thresholds === 0 ? around : FLAT,
    thresholds: new Array<Prior>(thresholds).fill(around),
    b: new Array<Prior>(predictors).fill(FLAT),
    sd: groups.map(({ coefficients }) => coefficients.map(() => positive)),
    cor: groups.map(() => 1),
    sigma: parameters.includes("sigma") ? positive : FLAT,
    nu: parameters.includes("nu") ? { kind: "gamma", shape: 2, rate: 0.1 } : FLAT,
    phi: parameters.includes("phi") ? { kind: "gamma", shape: 0.01, rate: 0.01 } : FLAT,
  };
}

/** R's round(x, 1) (since 4.0.0): the nearer of the two tenths around x; of two equally near ones, the even one. */
export function roundToTenth(x: number): number {
  const below = Math.floor(x * 10);
  const above = Math.ceil(x * 10);
  const difference = above / 10 - x - (x - below / 10);
  const up = difference < 0 || (difference === 0 && below % 2 !== 0);
  return (up ? above : below) / 10 + 0;
}
