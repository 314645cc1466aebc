import { familyOf, type RandomNumbers } from "../family/index.ts";
import { checkFinite } from "../loo/log-likelihood.ts";
import { psis } from "../loo/psis.ts";
import type { Model } from "../model/model.ts";
import { type DrawColumns, LinearPredictor } from "../predict/linear-predictor.ts";

/**
 * [rows] leave-one-out probability integral transforms: the share of responses drawn for a row that lie below the observed one, each
 * draw weighted by Pareto smoothed importance sampling as if the row had not been seen (Gabry et al. 2019, doi:10.1111/rssa.12378;
 * relative efficiency taken as 1); among equal ones a random place.
 */
export function looPitValues(
  model: Model,
  draws: DrawColumns,
  random: RandomNumbers,
  onRow?: () => void,
): Float64Array {
  const family = familyOf(model.family);
  const predictor = new LinearPredictor(model, draws);
  const { aux } = predictor;
  const eta = new Float64Array(draws.draws);
  const ratios = new Float64Array(draws.draws);
  return model.y.map((y, row) => {
    predictor.row(row, eta);
    const trials = model.trials?.[row] ?? 1;
    for (let s = 0; s < eta.length; s++) ratios[s] = family.logLik(y, eta[s]!, aux[s]!, trials);
    checkFinite(ratios, row);
    for (let s = 0; s < ratios.length; s++) ratios[s] = -ratios[s]!;
    const { logWeights } = psis(ratios);
    const largest = logWeights.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY);
    let total = 0;
    let below = 0;
    let equal = 0;
    for (let s = 0; s < eta.length; s++) {
      const weight = Math.exp(logWeights[s]! - largest);
      const drawn = family.draw(eta[s]!, aux[s]!, trials, random);
      total += weight;
      if (drawn < y) below += weight;
      else if (drawn === y) equal += weight;
    }
    onRow?.();
    return (below + random.uniform() * equal) / total;
  });
}
