import type { Random } from "./random.ts";
import { type Analysis, fixedPart, type Truth } from "./truth.ts";

/** Sum of the effects of a response's model, user and conversation, for each analysis. */
export type GroupEffects = Readonly<Record<Analysis, number>>;

/** A group's own effect in each analysis: normal with the standard deviation that `sd` names. */
export function drawEffects(random: Random, truth: Truth, sd: string): GroupEffects {
  return {
    highest: truth.highest[sd]! * random.normal(),
    log_score: truth.log_score[sd]! * random.normal(),
  };
}

export interface Rating {
  /** Whole, 1 to 100. */
  readonly score: number;
  readonly if_chosen: boolean;
}

/**
 * One response's rating. `if_chosen` is drawn from its own probability, independent of the score and of
 * the other responses, so that a turn can have none or several; in PRISM it has exactly one. Only so are
 * the bernoulli model's coefficients those that were put in: choosing one response of three or four is
 * another likelihood.
 */
export function drawRating(
  random: Random,
  truth: Truth,
  attributes: Float64Array,
  groups: readonly GroupEffects[],
): Rating {
  const eta = (analysis: Analysis): number =>
    groups.reduce((sum, effects) => sum + effects[analysis], fixedPart(truth[analysis], attributes));
  return {
    score: scoreOf(eta("log_score"), truth.log_score.sigma!, random.normal()),
    if_chosen: random.uniform() < 1 / (1 + Math.exp(-eta("highest"))),
  };
}

/**
 * A whole score whose logarithm has mean `mean` and standard deviation `sigma` over standard normal `z`.
 * Rounding moves the moments of log(score) to second order by Sheppard's corrections, E g(k) = E g(x) +
 * E g''(x) / 24: with r = E(1/x^2) / 12 the mean falls by r/2, the variance grows by r (1 + 2 sigma^2).
 * Both are made up for beforehand. Scores above 100 are cut, which is not: with the default truth it
 * happens to one in some thousands.
 */
export function scoreOf(mean: number, sigma: number, z: number): number {
  const variance = sigma * sigma;
  const r = Math.exp(2 * (variance - mean)) / 12;
  const spread = Math.sqrt(Math.max(variance - r * (1 + 2 * variance), 0));
  return Math.min(Math.max(Math.round(Math.exp(mean + r / 2 + spread * z)), 1), 100);
}
