import type { RandomNumbers } from "../family/index.ts";
import type { GroupTerm } from "../model/model.ts";
import { corNames, effectNames, sdNames } from "../model/variables.ts";
import { type DrawColumns, requireColumn } from "./linear-predictor.ts";
import type { RowsToPredict } from "./new-rows.ts";

/** The variables that effects of new levels are drawn from. */
export const newLevelVariables = ({ model, drawn }: RowsToPredict): string[] =>
  model.groups.flatMap((group, g) => (drawn[g]!.length === 0 ? [] : [...sdNames(group), ...corNames(group)]));

/** The draws with effects of the new levels added (`drawLevels`). */
export const drawNewLevels = (
  { model, drawn }: RowsToPredict,
  columns: DrawColumns,
  random: RandomNumbers,
): DrawColumns =>
  drawLevels(
    model.groups.map((group, g) => ({ ...group, levels: drawn[g]! })),
    columns,
    random,
  );

/**
 * The draws with effects of all levels of these groups added: in each draw from N(0, diag(sd) R diag(sd)) with that draw's sds and
 * correlations (brms's `sample_new_levels = "gaussian"`). Draws without the sds are an InputError.
 */
export function drawLevels(
  groups: readonly GroupTerm[],
  columns: DrawColumns,
  random: RandomNumbers,
): DrawColumns {
  const added = new Map<string, Float64Array>();
  for (const group of groups) if (group.levels.length > 0) drawGroup(group, columns, random, added);
  return { draws: columns.draws, column: (name) => added.get(name) ?? columns.column(name) };
}

function drawGroup(
  group: GroupTerm,
  columns: DrawColumns,
  random: RandomNumbers,
  added: Map<string, Float64Array>,
): void {
  const need = (name: string): Float64Array => requireColumn(columns, name);
  const q = group.coefficients.length;
  const levels = group.levels.length;
  const sd = sdNames(group).map(need);
  const cor = corNames(group).map(need);
  const names = effectNames(group);
  for (const name of names) added.set(name, new Float64Array(columns.draws));
  const effects = names.map((name) => added.get(name)!);
  const z = new Float64Array(q);
  for (let s = 0; s < columns.draws; s++) {
    const factor = correlationFactor(
      q,
      cor.map((values) => values[s]!),
    );
    for (let level = 0; level < levels; level++) {
      for (let k = 0; k < q; k++) z[k] = random.normal();
      for (let k = 0; k < q; k++) {
        let sum = 0;
        for (let j = 0; j <= k; j++) sum += factor[k * q + j]! * z[j]!;
        effects[k * levels + level]![s] = sd[k]![s]! * sum;
      }
    }
  }
}

/**
 * [q x q] lower Cholesky factor of the correlation matrix with these entries below its diagonal, row by row (brms's order of `cor_`);
 * none: the identity. A matrix that rounding made singular gets zeros.
 */
export function correlationFactor(q: number, cor: readonly number[]): Float64Array {
  const factor = new Float64Array(q * q);
  for (let k = 0; k < q; k++) {
    let rest = 1;
    for (let j = 0; j < k; j++) {
      let sum = cor.length === 0 ? 0 : cor[(k * (k - 1)) / 2 + j]!;
      for (let i = 0; i < j; i++) sum -= factor[k * q + i]! * factor[j * q + i]!;
      const pivot = factor[j * q + j]!;
      const entry = pivot === 0 ? 0 : sum / pivot;
      factor[k * q + j] = entry;
      rest -= entry * entry;
    }
    factor[k * q + k] = Math.sqrt(Math.max(0, rest));
  }
  return factor;
}
