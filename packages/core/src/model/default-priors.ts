import { mad, median } from "../posterior/quantile.ts";
import type { Family, ModelPriors } from "./model.ts";
import type { Prior } from "./prior.ts";

/** Least scale of brms's default priors. */
const LEAST_SCALE = 2.5;
const FLAT: Prior = { kind: "flat" };

/**
 * The default priors of brms 2.18 (`def_scale_prior`): b flat; Intercept student_t(3, loc, s); sd and sigma
 * student_t(3, 0, s). gaussian: loc = median(y) and s = mad(y), each rounded to one decimal, s at least 2.5;
 * bernoulli (logit): loc = 0, s = 2.5. Without an intercept its prior is flat, as is sigma's for bernoulli:
 * nothing uses them.
 */
export function defaultPriors(
  family: Family,
  y: Float64Array,
  intercept: boolean,
  predictors: number,
  groups: number,
): ModelPriors {
  const gaussian = family === "gaussian";
  const location = gaussian ? roundToTenth(median(y)) : 0;
  const scale = gaussian ? Math.max(LEAST_SCALE, roundToTenth(mad(y))) : LEAST_SCALE;
  const positive: Prior = { kind: "student_t", df: 3, location: 0, scale };
  return {
    intercept: intercept ? { kind: "student_t", df: 3, location, scale } : FLAT,
    b: new Array<Prior>(predictors).fill(FLAT),
    sd: new Array<Prior>(groups).fill(positive),
    sigma: gaussian ? positive : FLAT,
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
