import { DEMOGRAPHICS, type Demographics } from "../prism/demographics.ts";
import { ATTRIBUTE_MOMENTS } from "./attribute-moments.ts";
import { MERGED_ATTRIBUTES } from "./merged-attributes.ts";
import { MODERATION_SLOPES } from "./published.ts";

/** [MERGED_ATTRIBUTES] where attributes count as average. */
const CENTRES: readonly number[] = MERGED_ATTRIBUTES.map((name) => ATTRIBUTE_MOMENTS[name].mean);

export interface Moderator {
  readonly groups: Demographics;
  /** How much the rater counts in a group's share: responses rated. */
  readonly weight: number;
}

/**
 * Analysis 2's interactions with everything centred: a rater's slopes differ from 1b's by sum_g d_kg (group_g - share_g), where share_g
 * is the group's among the ratings, and apply to attributes minus their means. So 1b, which leaves groups out, keeps its slopes; who did
 * not say counts as average.
 */
export interface Moderation {
  /** [MERGED_ATTRIBUTES] by which a rater's slopes differ. */
  slopes(groups: Demographics): Float64Array;
  /** True values of analysis 2 by brms's names, an interaction named `b_CURIOSITY:younger`; those of `truth` but for what they change. */
  truth(truth: Readonly<Record<string, number>>): Readonly<Record<string, number>>;
}

export function moderation(raters: readonly Moderator[]): Moderation {
  const shares = DEMOGRAPHICS.map((group) => {
    const said = raters.filter(({ groups }) => !Number.isNaN(groups[group]));
    const total = said.reduce((sum, { weight }) => sum + weight, 0);
    return total === 0
      ? 0
      : said.reduce((sum, { groups, weight }) => sum + weight * groups[group], 0) / total;
  });
  return {
    slopes: (groups) =>
      Float64Array.from(MERGED_ATTRIBUTES, (_, k) =>
        DEMOGRAPHICS.reduce(
          (sum, group, g) =>
            sum +
            (Number.isNaN(groups[group]) ? 0 : MODERATION_SLOPES[group][k]! * (groups[group] - shares[g]!)),
          0,
        ),
      ),
    truth: (truth) => {
      // Within 1b the interactions are part of these two; in analysis 2 they are not constant.
      const {
        sigma: _,
        "sd_user_id:conversation_id__Intercept": __,
        ...values
      } = truth as Record<string, number>;
      for (const [g, group] of DEMOGRAPHICS.entries()) {
        values[`b_${group}`] = 0;
        for (const [k, name] of MERGED_ATTRIBUTES.entries()) {
          const d = MODERATION_SLOPES[group][k]!;
          values[`b_${name}:${group}`] = d;
          // d (group - share) (x - centre), multiplied out
          values[`b_${name}`]! -= d * shares[g]!;
          values[`b_${group}`]! -= d * CENTRES[k]!;
          values.b_Intercept! += d * shares[g]! * CENTRES[k]!;
        }
      }
      return values;
    },
  };
}

/** What a rater's own slopes [MERGED_ATTRIBUTES] add to the linear predictor for attributes [MERGED_ATTRIBUTES]. */
export function moderatedPart(slopes: Float64Array, merged: Float64Array): number {
  return slopes.reduce((sum, slope, k) => sum + slope * (merged[k]! - CENTRES[k]!), 0);
}
