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

/**
 * A conversation's effects, where `moderated` is what the rater's own slopes add to the log score at the means of its responses: the
 * effect's variance is less by its square, so that both together have the conversations' true variance whoever rates.
 */
export function drawConversation(random: Random, truth: Truth, moderated: number): GroupEffects {
  const { highest, log_score } = drawEffects(random, truth, CONVERSATION_SD);
  return { highest, log_score: log_score * narrowing(truth.log_score[CONVERSATION_SD]!, moderated) };
}

const CONVERSATION_SD = "sd_user_id:conversation_id__Intercept";

/** Factor that makes of an sd `all` one with which a known deviation has the mean square all^2. */
function narrowing(all: number, deviation: number): number {
  return all > 0 ? Math.sqrt(Math.max(1 - (deviation / all) ** 2, 0)) : 1;
}

export interface Rating {
  /** Whole, 1 to 100. */
  readonly score: number;
  readonly if_chosen: boolean;
}

/** What a rater's own slopes add to the log score of a response: in common with its conversation, and in all. */
export interface Moderated {
  readonly conversation: number;
  readonly all: number;
}

/**
 * One response's rating; `merged`: its attributes [MERGED_ATTRIBUTES]. `if_chosen` is drawn from its own probability, independent of
 * the score and of the other responses, so that a turn can have none or several; in PRISM it has exactly one. Only so are the bernoulli
 * model's coefficients those that were put in: choosing one response of three or four is another likelihood. Of sigma as of the
 * conversations' variance, what the rater's own slopes add is a part.
 */
export function drawRating(
  random: Random,
  truth: Truth,
  merged: Float64Array,
  groups: readonly GroupEffects[],
  moderated: Moderated,
): Rating {
  const eta = (analysis: Analysis): number =>
    groups.reduce((sum, effects) => sum + effects[analysis], fixedPart(truth[analysis], merged));
  const sigma = truth.log_score.sigma!;
  const own = sigma * narrowing(sigma, moderated.all - moderated.conversation);
  return {
    score: scoreOf(eta("log_score") + moderated.all, own, random.normal()),
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
