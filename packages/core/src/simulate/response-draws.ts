import { normalQuantile } from "../posterior/normal.ts";
import { normalCdf } from "../posterior/normal-cdf.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { CONVERSATION_SHARE, mergedCorrelations, SPREADS } from "./attribute-moments.ts";
import { betaOf, correlatedNormals } from "./copula.ts";
import { MERGED_ATTRIBUTES, mergeAttributes, NUANCE, PLACES, REASONING } from "./merged-attributes.ts";
import type { Random } from "./random.ts";
import { promptPart } from "./truth.ts";

/** Effects of a model or a user on the attributes of responses, [MERGED_ATTRIBUTES]. */
export type AttributeEffects = Float64Array;

/** What the responses of a conversation have in common: standard normals for its means [MERGED_ATTRIBUTES], and for the split. */
export interface ConversationLatent {
  readonly means: Float64Array;
  readonly split: number;
}

/*
 * A response's attribute is linear in its prompt's: a + sum_k b_k h_k + user + conversation + model + residual, and lies in (0, 1),
 * without anything being cut off. User and model effects are bounded; prompts keep the fixed part where user effects cannot take it out
 * of reach; a conversation's mean is then drawn from a beta distribution with the mean so far, within what model effects leave, and the
 * response from one with the conversation's mean plus its model's effect. Each has its mean exactly, so the slopes are true. Each has
 * its sd as well but near 0 and 1, where there is no room for it (`greatestSd`).
 */

/** Normal effects are cut at so many sds, and made wider by as much: they stay within EFFECT_BOUND sds. */
const CUT = 2;
const BELOW = normalCdf(-CUT);
/** Sd of a standard normal cut at -2 and 2: 1 - 2 * 2 phi(2) / (2 Phi(2) - 1) is its variance. */
const CUT_SD = Math.sqrt(1 - (4 * Math.exp(-2)) / Math.sqrt(2 * Math.PI) / (1 - 2 * BELOW));
const EFFECT_BOUND = CUT / CUT_SD;
/** Room left beside the greatest model effect, as a share of it. */
const ROOM = 0.15;

const spreads = MERGED_ATTRIBUTES.map((name) => SPREADS[name]);
/** [MERGED_ATTRIBUTES] a conversation's mean is between this and one minus this. */
const LEAST_MEAN = spreads.map(({ model }) => (1 + ROOM) * EFFECT_BOUND * model);
/** [MERGED_ATTRIBUTES] so is its prompt's part. */
const LEAST_FIXED = spreads.map(
  ({ model, user }) => (1 + 2 * ROOM) * EFFECT_BOUND * model + EFFECT_BOUND * user,
);

/** log(REASONING) is this share of log(REASONING_NUANCE), on average, with this sd: the two moments and their correlation come near those wanted. */
const SPLIT = { mean: 0.52, sd: 0.08 };
/** Probabilities of Perspective have some six digits and are never 0 or 1. */
const DECIMALS = 1e6;

/** Whether a prompt [ATTRIBUTES] leaves all attributes of its responses in reach. */
export function promptFits(prompt: Float64Array): boolean {
  return promptPart(mergeAttributes(prompt)).every(
    (part, j) => part >= LEAST_FIXED[j]! && part <= 1 - LEAST_FIXED[j]!,
  );
}

export interface ResponseDraws {
  model(random: Random): AttributeEffects;
  user(random: Random): AttributeEffects;
  conversation(random: Random): ConversationLatent;
  /** [MERGED_ATTRIBUTES] means of the responses to a prompt [ATTRIBUTES] in a conversation, before the model's effect. */
  means(prompt: Float64Array, user: AttributeEffects, conversation: ConversationLatent): Float64Array;
  /** [ATTRIBUTES] of one response. */
  response(
    random: Random,
    means: Float64Array,
    model: AttributeEffects,
    conversation: ConversationLatent,
  ): Float64Array;
}

export function responseDraws(): ResponseDraws {
  const latent = correlatedNormals(mergedCorrelations());
  const effects = (of: "model" | "user") => (random: Random) =>
    latent(random).map((z, j) => spreads[j]![of] * bounded(z));
  return {
    model: effects("model"),
    user: effects("user"),
    conversation: (random) => ({ means: latent(random), split: random.normal() }),
    means: (prompt, user, conversation) =>
      promptPart(mergeAttributes(prompt)).map((part, j) => {
        const least = LEAST_MEAN[j]!;
        const width = 1 - 2 * least;
        const mean = (part + user[j]! - least) / width;
        return least + width * betaOf(conversation.means[j]!, mean, spreads[j]!.conversation / width);
      }),
    response: (random, means, model, conversation) => {
      const z = latent(random);
      const merged = means.map((mean, j) => betaOf(z[j]!, mean + model[j]!, spreads[j]!.residual));
      const split =
        Math.sqrt(CONVERSATION_SHARE) * conversation.split +
        Math.sqrt(1 - CONVERSATION_SHARE) * random.normal();
      return splitProduct(merged, SPLIT.mean + SPLIT.sd * split);
    },
  };
}

/** A standard normal made one of sd 1 that keeps within EFFECT_BOUND. */
function bounded(z: number): number {
  return normalQuantile(BELOW + (1 - 2 * BELOW) * normalCdf(z)) / CUT_SD;
}

/** [ATTRIBUTES] from [MERGED_ATTRIBUTES]: the product is p = p^share p^(1 - share), REASONING and NUANCE; both lie between p and 1. */
function splitProduct(merged: Float64Array, share: number): Float64Array {
  const attributes = new Float64Array(ATTRIBUTES.length);
  for (const [j, place] of PLACES.entries()) {
    if (place >= 0) attributes[place] = decimals(merged[j]!);
    else {
      attributes[REASONING] = decimals(merged[j]! ** share);
      attributes[NUANCE] = decimals(merged[j]! ** (1 - share));
    }
  }
  return attributes;
}

function decimals(value: number): number {
  return Math.min(Math.max(Math.round(value * DECIMALS) / DECIMALS, 1 / DECIMALS), 1 - 1 / DECIMALS);
}
