import type { Problem } from "./problem.ts";

/** Effects of factors with at most this many levels are reported. */
export const REPORTED_LEVELS = 100;

/** b_Intercept from the centred intercept in beta[0]: less the sum of the predictors' means times their coefficients. */
export function uncentredIntercept(problem: Problem, beta: (k: number) => number): number {
  let b = beta(0);
  for (let k = 1; k < problem.columns; k++) b -= problem.means[k]! * beta(k);
  return b;
}
