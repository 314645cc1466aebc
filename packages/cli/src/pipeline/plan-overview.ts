import {
  type DataOverview,
  deriveColumns,
  type Frame,
  fitColumns,
  formulaTerms,
  missingColumns,
  overviewOf,
  type Plan,
  selectWhere,
} from "@bridgewise/core";
import type { DataFile } from "./ratings.ts";

/** What the data of a plan are: the numbers that its fits take from them as predictors, by its subsets; of fits that the data allow. */
export function planOverview(
  plan: Plan,
  { table, simulated }: DataFile & { readonly table: Frame },
): DataOverview {
  const fits = plan.analyses
    .flatMap((analysis) => analysis.fits)
    .filter((fit) => missingColumns(table, plan, fit).length === 0);
  const formulas = fits.map(({ formula }) => formulaTerms(formula));
  // a group may be named by numbers
  const others = new Set(
    formulas.flatMap(({ responseLabel, groups }) => [
      responseLabel,
      ...groups.flatMap(({ columns }) => columns.map(({ name }) => name)),
    ]),
  );
  const attributes = new Set(
    fits
      .flatMap((fit) => fitColumns(plan, fit).data)
      .filter((name) => !others.has(name) && table.columns.get(name)?.type === "numeric"),
  );
  const parts = new Map(fits.filter(({ where }) => where.length > 0).map((fit) => [fit.subset, fit]));
  return overviewOf(table, {
    simulated: simulated !== undefined,
    attributes: [...attributes],
    prompts: [],
    subsets: Array.from(parts, ([name, fit]) => ({
      name,
      rows: selectWhere(deriveColumns(table, fitColumns(plan, fit).derived), fit.where),
    })),
  });
}
