import type { RandomNumbers } from "../family/index.ts";
import { InputError } from "../input-error.ts";
import type { GroupTerm, Model } from "../model/model.ts";
import { corNames, effectNames, sdNames } from "../model/variables.ts";
import type { DrawColumns } from "../predict/index.ts";

/**
 * Columns of draws in which a group's levels that the fit did not see have effects drawn from Normal(0, diag(sd) R diag(sd)), once a draw
 * (brms's `allow_new_levels = TRUE, sample_new_levels = "gaussian"`). `isNew`: whether a level is one of these.
 */
export function withNewLevels(
  model: Model,
  columns: DrawColumns,
  isNew: (group: GroupTerm, level: number) => boolean,
  random: RandomNumbers,
): DrawColumns {
  const { draws } = columns;
  const added = new Map<string, Float64Array>();
  for (const group of model.groups) {
    const levels = group.levels.map((_, j) => j).filter((j) => isNew(group, j));
    if (levels.length === 0) continue;
    const factors = covarianceFactors(group, columns);
    const names = effectNames(group);
    const size = group.coefficients.length;
    const z = new Float64Array(size);
    for (const level of levels) {
      const effects = group.coefficients.map(() => new Float64Array(draws));
      for (let s = 0; s < draws; s++) {
        const factor = factors(s);
        for (let k = 0; k < size; k++) z[k] = random.normal();
        for (let k = 0; k < size; k++)
          for (let m = 0; m <= k; m++) effects[k]![s]! += factor[k * size + m]! * z[m]!;
      }
      effects.forEach((values, k) => {
        added.set(names[k * group.levels.length + level]!, values);
      });
    }
  }
  return { draws, column: (name) => added.get(name) ?? columns.column(name) };
}

/** For each draw the lower factor L of the effects' covariance L L', [coefficients x coefficients]. */
function covarianceFactors(group: GroupTerm, columns: DrawColumns): (draw: number) => Float64Array {
  const column = (name: string): Float64Array => {
    const found = columns.column(name);
    if (found === undefined)
      throw new InputError(`the draws hold no '${name}': they are not this model's`, { file: "draws" });
    return found;
  };
  const sds = sdNames(group).map(column);
  const cors = corNames(group).map(column);
  const size = sds.length;
  const factor = new Float64Array(size * size);
  return (s) => {
    factor.fill(0);
    let pair = 0;
    for (let k = 0; k < size; k++) {
      for (let m = 0; m <= k; m++) {
        const correlation = m === k ? 1 : (cors[pair++]?.[s] ?? 0);
        let left = correlation * sds[k]![s]! * sds[m]![s]!;
        for (let j = 0; j < m; j++) left -= factor[k * size + j]! * factor[m * size + j]!;
        const diagonal = factor[m * size + m]!;
        // a standard deviation of 0 leaves nothing to correlate
        factor[k * size + m] = m === k ? Math.sqrt(Math.max(left, 0)) : diagonal > 0 ? left / diagonal : 0;
      }
    }
    return factor;
  };
}
