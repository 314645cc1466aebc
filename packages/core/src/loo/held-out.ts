import type { RandomNumbers } from "../family/index.ts";
import type { Model } from "../model/model.ts";
import { corNames, sdNames } from "../model/variables.ts";
import { type DrawColumns, drawLevels, predictorVariables } from "../predict/index.ts";
import { logLikelihoodOf } from "./log-likelihood.ts";

/** The variables that `heldOutDensity` looks at, where the fit has them. */
export const heldOutVariables = (held: Model): Set<string> =>
  new Set([...predictorVariables(held), ...held.groups.flatMap(sdNames), ...held.groups.flatMap(corNames)]);

/**
 * Log predictive densities of rows that a fit did not see, [rows held]: log mean over draws of exp(log likelihood). `held`, `fitted`: the
 * models of the rows left out and of the others (`modelOfRows`); `columns`: draws of the latter. Levels that it did not have get effects
 * from their distribution.
 */
export function heldOutDensity(
  held: Model,
  fitted: Model,
  columns: DrawColumns,
  random: RandomNumbers,
): Float64Array {
  const known = new Map(fitted.groups.map(({ name, levels }) => [name, new Set(levels)]));
  const unseen = held.groups.map((group) => ({
    ...group,
    levels: group.levels.filter((level) => !known.get(group.name)!.has(level)),
  }));
  const logLikelihood = logLikelihoodOf(held, drawLevels(unseen, columns, random), 1);
  const logLik = new Float64Array(columns.draws);
  return Float64Array.from({ length: held.rows }, (_, row) => {
    logLikelihood.row(row, logLik);
    return logMeanExp(logLik);
  });
}

/** Log of the mean of exp(x); -Infinity where all are. */
export function logMeanExp(x: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of x) if (value > most) most = value;
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (const value of x) sum += Math.exp(value - most);
  return most + Math.log(sum / x.length);
}
