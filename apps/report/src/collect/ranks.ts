import { averageRanks, type VariableSummary } from "@bridgewise/core";

/** Bins of a rank histogram: Vehtari et al. 2021, doi:10.1214/20-BA1221, section 4.4. */
const BINS = 20;
/** Variables shown: as many with the largest R-hat, and as many with the smallest bulk ESS. */
const EACH = 2;

/**
 * Counts of the ranks of each chain's draws among those of all chains, [chains][20]; every count is near draws / 20 where chains mix.
 * `values`: [chains][draws], no NaN. Ties get their average rank.
 */
export function rankHistogram(values: Float64Array, chains: number): number[][] {
  const ranks = averageRanks(values);
  const draws = values.length / chains;
  return Array.from({ length: chains }, (_, chain) => {
    const counts = new Array<number>(BINS).fill(0);
    for (let d = 0; d < draws; d++) {
      // rank - 1/2 over the number of draws lies within (0, 1)
      const place = (ranks[chain * draws + d]! - 0.5) / values.length;
      counts[Math.floor(BINS * place)]!++;
    }
    return counts;
  });
}

/** The variables that mix worst, single group levels aside: by R-hat, then by bulk ESS. */
export function worstMixing(summaries: Readonly<Record<string, VariableSummary>>): string[] {
  const known = Object.entries(summaries).filter(([name, v]) => !name.startsWith("r_") && v.rhat !== null);
  const byRhat = known.toSorted(([, a], [, b]) => b.rhat! - a.rhat!).slice(0, EACH);
  const byEss = known
    .filter(([name, v]) => v.ess_bulk !== null && !byRhat.some(([other]) => other === name))
    .sort(([, a], [, b]) => a.ess_bulk! - b.ess_bulk!)
    .slice(0, EACH);
  return [...byRhat, ...byEss].map(([name]) => name);
}
