import type { Problem } from "./problem.ts";

/** Effects of factors with at most this many levels are reported. */
export const REPORTED_LEVELS = 100;

/** The reported variables by brms's names, in order: b_*, sd_*, sigma, r_*. */
export function variableNames(problem: Problem, reportedLevels: number): string[] {
  const { model } = problem;
  const names = model.intercept ? ["b_Intercept"] : [];
  for (const name of model.predictors) names.push(`b_${name}`);
  for (const group of model.groups) names.push(`sd_${group.name}__Intercept`);
  if (problem.gaussian) names.push("sigma");
  for (const group of model.groups) {
    if (group.levels.length > reportedLevels) continue;
    for (const level of group.levels) names.push(`r_${group.name}[${level},Intercept]`);
  }
  return names;
}

/** b_Intercept from the centred intercept in beta[0]: less the sum of the predictors' means times their coefficients. */
export function uncentredIntercept(problem: Problem, beta: (k: number) => number): number {
  let b = beta(0);
  for (let k = 1; k < problem.columns; k++) b -= problem.means[k]! * beta(k);
  return b;
}
