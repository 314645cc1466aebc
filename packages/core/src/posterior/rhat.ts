/**
 * Potential scale reduction (Vehtari et al. 2021, doi:10.1214/20-BA1221), by the rules of the R package
 * posterior. Draws are [chains][draws]; NaN where it is not defined: a missing draw, draws that do not
 * vary, fewer than 4 draws a chain. Infinity where every chain is constant, but not all the same.
 */
import { fold } from "./fold.ts";
import { mean, variance } from "./moments.ts";
import { median } from "./quantile.ts";
import { rankNormalize } from "./ranks.ts";
import { splitChains } from "./split.ts";
import { hasMissing, varies } from "./varies.ts";

/** R-hat of x, [chains][length], taking the chains as they are: section 3.1 of Vehtari et al. 2021. */
export function potentialScaleReduction(x: Float64Array, chains: number): number {
  const length = x.length / chains;
  if (!(length >= 2) || !varies(x)) return Number.NaN;
  const means = new Float64Array(chains);
  let within = 0;
  for (let c = 0; c < chains; c++) {
    const start = c * length;
    const centre = mean(x, start, start + length);
    means[c] = centre;
    within += variance(x, start, start + length, centre) / chains;
  }
  const between = length * variance(means);
  return Math.sqrt((between / within + length - 1) / length);
}

/** R-hat of the split chains, without rank-normalisation. */
export function rhatBasic(x: Float64Array, chains: number): number {
  return potentialScaleReduction(splitChains(x, chains), 2 * chains);
}

/** The larger of the rank-normalised split R-hats of the draws and of their distances from the median (section 4.2). */
export function rhat(x: Float64Array, chains: number): number {
  const folded = fold(x, median(x));
  if (hasMissing(x) || hasMissing(folded)) return Number.NaN;
  const bulk = potentialScaleReduction(rankNormalize(splitChains(x, chains)), 2 * chains);
  const tails = potentialScaleReduction(rankNormalize(splitChains(folded, chains)), 2 * chains);
  return Math.max(bulk, tails);
}
