import { NUMERIC_FUNCTIONS } from "../formula/functions.ts";
import { normalQuantile } from "../posterior/normal.ts";
import { normalCdf } from "../posterior/normal-cdf.ts";

/** A function of draws, applied draw by draw. */
export interface DrawFunction {
  /** How many arguments it takes, at least and at most. */
  readonly arity: readonly [least: number, most: number];
  readonly apply: (x: number, y?: number) => number;
}

const one = (apply: (x: number) => number): DrawFunction => ({ arity: [1, 1], apply });
const two = (apply: (x: number, y: number) => number): DrawFunction => ({
  arity: [2, 2],
  apply: (x, y = Number.NaN) => apply(x, y),
});

const logit = one((p) => Math.log(p) - Math.log1p(-p));
const inverseLogit = one((x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))));

/**
 * What a hypothesis may call, under the names that R, brms and Stan have for it. min() and max() compare within a draw,
 * as R's pmin() and pmax() do: R's own min() of draws would be one number for all of them.
 */
export const DRAW_FUNCTIONS: ReadonlyMap<string, DrawFunction> = new Map([
  ...[...NUMERIC_FUNCTIONS].map(([name, { apply }]) => [name, one(apply)] as const),
  [
    "log",
    { arity: [1, 2], apply: (x, base) => (base === undefined ? Math.log(x) : Math.log(x) / Math.log(base)) },
  ],
  ["tan", one(Math.tan)],
  ["asin", one(Math.asin)],
  ["acos", one(Math.acos)],
  ["atan", one(Math.atan)],
  ["sinh", one(Math.sinh)],
  ["cosh", one(Math.cosh)],
  ["logit", logit],
  ["qlogis", logit],
  ["logit_scaled", logit],
  ["inv_logit", inverseLogit],
  ["plogis", inverseLogit],
  ["inv_logit_scaled", inverseLogit],
  ["pnorm", one(normalCdf)],
  ["Phi", one(normalCdf)],
  ["qnorm", one(normalQuantile)],
  ["probit", one(normalQuantile)],
  ["min", two(Math.min)],
  ["pmin", two(Math.min)],
  ["max", two(Math.max)],
  ["pmax", two(Math.max)],
]);
