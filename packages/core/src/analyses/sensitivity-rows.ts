import type { PlannedFit } from "./plan.ts";
import type { Estimated, SensitivityRow } from "./results.ts";

/**
 * Each of a varied fit's estimates beside that of the fit that it varies. `estimates` and `base`: by variable, of the varied fit and of
 * its base; a hypothesis that is not in both has no row. RangeError for a fit in which nothing is varied.
 */
export function sensitivityRows(
  fit: PlannedFit,
  estimates: ReadonlyMap<string, Estimated>,
  base: ReadonlyMap<string, Estimated>,
): SensitivityRow[] {
  const { variation } = fit;
  if (variation === null) throw new RangeError(`nothing is varied in the fit '${fit.id}'`);
  return fit.hypotheses.flatMap(({ term, variable }) => {
    const found = estimates.get(variable);
    const unvaried = base.get(variable);
    if (found === undefined || unvaried === undefined) return [];
    const { draws: _, ...ours } = found;
    const { estimate, est_error } = unvaried;
    return [
      {
        fit: fit.id,
        analysis: fit.analysis,
        variation,
        term,
        variable,
        ours,
        base: { estimate, est_error },
        attenuation: variation.kind === "noise" ? ours.estimate / estimate : null,
      },
    ];
  });
}
