import {
  type DataOverview,
  type Frame,
  fitColumns,
  formulaTerms,
  overviewOf,
  type Plan,
  selectWhere,
} from "@bridgewise/core";
import type { DataFile } from "./ratings.ts";

/** What the data of a plan are: the numbers that its fits take from them as predictors, by its subsets. */
export function planOverview(
  plan: Plan,
  { table, simulated }: DataFile & { readonly table: Frame },
): DataOverview {
  const fits = plan.analyses.flatMap((analysis) => analysis.fits);
  const responses = new Set(fits.map(({ formula }) => formulaTerms(formula).responseLabel));
  const attributes = new Set(
    fits
      .flatMap((fit) => fitColumns(plan, fit).data)
      .filter((name) => !responses.has(name) && table.columns.get(name)?.type === "numeric"),
  );
  return overviewOf(table, {
    simulated: simulated !== undefined,
    attributes: [...attributes],
    prompts: [],
    subsets: plan.subsets
      .filter(({ where }) => where.length > 0)
      .map(({ name, where }) => ({ name, rows: selectWhere(table, where) })),
  });
}
