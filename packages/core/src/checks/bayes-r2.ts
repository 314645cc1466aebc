import { familyOf } from "../family/index.ts";
import type { GroupTerm, Model } from "../model/model.ts";
import { type DrawColumns, LinearPredictor } from "../predict/linear-predictor.ts";
import { RowMoments } from "./row-moments.ts";

/**
 * [draws] R2 of each draw: var(mu) / (var(mu) + var(y - mu)) over the rows, mu the expected response (Gelman, Goodrich, Gabry &
 * Vehtari 2019, doi:10.1080/00031305.2018.1549100, with the residual variance that brms's `bayes_R2` takes). `groups`: those whose
 * effects count; none gives the marginal R2 (`re_formula = NA`). Ordered categories count as 1 to K, as in brms.
 */
export function bayesR2(
  model: Model,
  columns: DrawColumns,
  groups: readonly GroupTerm[] = model.groups,
  onRow?: () => void,
): Float64Array {
  const family = familyOf(model.family);
  const predictor = new LinearPredictor(model, columns, model, groups);
  const { draws, aux } = predictor;
  const fitted = new RowMoments(draws);
  const residual = new RowMoments(draws);
  const values = new Float64Array(draws);
  for (let row = 0; row < model.rows; row++) {
    predictor.row(row, values);
    const trials = model.trials?.[row] ?? 1;
    for (let s = 0; s < draws; s++) values[s] = family.mean(values[s]!, aux[s]!, trials);
    fitted.add(values);
    const y = model.y[row]!;
    for (let s = 0; s < draws; s++) values[s] = y - values[s]!;
    residual.add(values);
    onRow?.();
  }
  const rest = residual.variance();
  return fitted.variance().map((explained, s) => explained / (explained + rest[s]!));
}
