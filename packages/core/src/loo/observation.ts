import { normalQuantile } from "../posterior/normal.ts";
import { smoothTail, tailLength } from "./psis.ts";
import { RelativeEfficiency } from "./relative-efficiency.ts";
import { LOO_2_10, type LooRules } from "./rules.ts";
import { selectSmallest } from "./select-smallest.ts";

/** Leave-one-out figures of one observation. */
export interface ObservationLoo {
  /** Log predictive density of the observation given all others. */
  readonly elpd: number;
  /** Log predictive density given all, itself included. */
  readonly lpd: number;
  /** Shape of the importance ratios' tail; Infinity where it could not be fitted. */
  readonly k: number;
  /** Effective sample size of the weighted draws. */
  readonly nEff: number;
  /** Monte Carlo standard error of elpd. */
  readonly mcse: number;
  /** Relative efficiency of the likelihood's draws. */
  readonly rEff: number;
}

/** Below this a likelihood relative to the largest is computed anew: its reciprocal has lost bits. */
const LEAST_NORMAL = 1e-300;

/**
 * PSIS-LOO of observations one by one, with working memory for one (Vehtari, Gelman & Gabry 2017, doi:10.1007/s11222-016-9696-4; Vehtari
 * et al. 2024, JMLR 25(72)). Sums over draws that keep their raw ratio are closed forms: there ratio times likelihood is one.
 */
export class ObservationLooSampler {
  private readonly draws: number;
  private readonly rules: LooRules;
  private readonly efficiency: RelativeEfficiency;
  private readonly ratios: Float64Array;
  private readonly likelihoods: Float64Array;
  private readonly selected: Float64Array;
  private readonly raw: Float64Array;
  private readonly tail: Float64Array;
  private readonly excess: Float64Array;

  /** `draws`: of each chain. */
  constructor(chains: number, draws: number, rules: LooRules = LOO_2_10) {
    const size = chains * draws;
    this.draws = size;
    this.rules = rules;
    this.efficiency = new RelativeEfficiency(chains, draws, rules.efficiency);
    this.ratios = new Float64Array(size);
    this.likelihoods = new Float64Array(size);
    this.selected = new Float64Array(size);
    const most = Math.ceil(0.2 * size);
    this.raw = new Float64Array(most);
    this.tail = new Float64Array(most);
    this.excess = new Float64Array(most);
  }

  /** `logLik`: [chains][draws], all finite. */
  of(logLik: Float64Array): ObservationLoo {
    const { draws, rules, ratios, likelihoods, selected } = this;
    let least = Infinity;
    let most = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < draws; s++) {
      const value = logLik[s]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    // ratios relative to the largest, likelihoods relative to the largest
    const span = Math.exp(least - most);
    let likelihood = 0;
    for (let s = 0; s < draws; s++) {
      const ratio = Math.exp(least - logLik[s]!);
      ratios[s] = ratio;
      likelihood += likelihoods[s] =
        span > LEAST_NORMAL && ratio > LEAST_NORMAL ? span / ratio : Math.exp(logLik[s]! - most);
    }
    const lpd = most + Math.log(likelihood / draws);
    const rEff = this.efficiency.of(likelihoods);

    // the largest ratios belong to the smallest likelihoods: the tail's come first, then the one next to it
    const length = tailLength(draws, rEff);
    const raw = this.raw.subarray(0, length);
    const tail = this.tail.subarray(0, length);
    let cutoff = Number.POSITIVE_INFINITY;
    selected.set(logLik);
    if (length < draws) {
      selectSmallest(selected, length + 1);
      cutoff = selected[length]!;
    }
    raw.set(selected.subarray(0, length));
    raw.sort();
    for (let i = 0; i < length; i++) tail[i] = least - raw[length - 1 - i]!;
    const k = smoothTail(tail, least - cutoff, this.excess.subarray(0, length));

    // with weights w relative to the largest ratio: sums of w, of w^2 and of w times the likelihood relative to the least
    let weights = 0;
    let squares = 0;
    let above = 0;
    for (let s = 0; s < draws; s++) {
      if (logLik[s]! <= cutoff) continue;
      const w = ratios[s]!;
      weights += w;
      squares += w * w;
      above++;
    }
    const atCutoff = draws - length - above;
    const cutoffRatio = Math.exp(least - cutoff);
    weights += atCutoff * cutoffRatio;
    squares += atCutoff * cutoffRatio * cutoffRatio;
    let products = draws - length;
    for (let i = 0; i < length; i++) {
      const w = Math.exp(tail[i]!);
      weights += w;
      squares += w * w;
      products += Math.exp(tail[i]! + raw[length - 1 - i]! - least);
    }
    const elpd = least + Math.log(products) - Math.log(weights);

    // variance of the weighted mean of the likelihood relative to exp(elpd)
    const unit = Math.exp(least - elpd);
    let spread = 0;
    for (let s = 0; s < draws; s++) {
      if (logLik[s]! <= cutoff) continue;
      const d = unit - ratios[s]!;
      spread += d * d;
    }
    spread += atCutoff * (unit - cutoffRatio) ** 2;
    for (let i = 0; i < length; i++) {
      const d = Math.exp(tail[i]! + raw[length - 1 - i]! - elpd) - Math.exp(tail[i]!);
      spread += d * d;
    }
    const relativeVariance = spread / (weights * weights);
    return {
      elpd,
      lpd,
      k,
      nEff: ((weights * weights) / squares) * rEff,
      mcse: Math.sqrt(
        rules.mcse === "lognormal"
          ? Math.log1p(relativeVariance / rEff)
          : varianceOfLog(Math.sqrt(relativeVariance)) / rEff,
      ),
      rEff,
    };
  }
}

/** z_r = Phi^-1((r - 3/8) / (n + 1/4)), r = 1 … 1,000. */
const SCORES = Float64Array.from({ length: 1000 }, (_, r) =>
  normalQuantile((r + 1 - 3 / 8) / (1000 - 3 / 4 + 1)),
);

/** Variance of log(1 + sd z) over those scores for which it is defined (`mcse_elpd` of loo 2.5.1). */
function varianceOfLog(sd: number): number {
  const logs = SCORES.map((z) => 1 + sd * z)
    .filter((value) => value > 0)
    .map(Math.log);
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  return logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (logs.length - 1);
}
