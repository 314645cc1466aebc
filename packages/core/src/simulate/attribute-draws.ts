import { betaQuantile } from "../posterior/beta.ts";
import { normalQuantile } from "../posterior/normal.ts";
import { ATTRIBUTES } from "../scores/attributes.ts";
import { ATTRIBUTE_MOMENTS, attributeCorrelations, CONVERSATION_SHARE } from "./attribute-moments.ts";
import type { Random } from "./random.ts";

const WIDTH = ATTRIBUTES.length;
/** Probabilities of Perspective have some six digits and are never 0 or 1. */
const DECIMALS = 1e6;

/**
 * Draws the attributes of texts by a Gaussian copula: latent normals with the attributes' correlations,
 * a share of them common to a conversation's texts, mapped to Beta distributions by their quantiles.
 */
export interface AttributeDraws {
  /** [ATTRIBUTES] what a conversation's texts have in common, standard normal and independent. */
  conversation(random: Random): Float64Array;
  /** [ATTRIBUTES] probabilities of one text of the conversation, with six decimals. */
  text(random: Random, conversation: Float64Array): Float64Array;
}

export function attributeDraws(): AttributeDraws {
  const lower = cholesky(attributeCorrelations());
  const quantiles = ATTRIBUTES.map((name) => betaOfNormal(ATTRIBUTE_MOMENTS[name]));
  const common = Math.sqrt(CONVERSATION_SHARE);
  const own = Math.sqrt(1 - CONVERSATION_SHARE);
  const normals = (random: Random): Float64Array =>
    Float64Array.from({ length: WIDTH }, () => random.normal());
  return {
    conversation: normals,
    text: (random, conversation) => {
      const latent = normals(random).map((z, k) => common * conversation[k]! + own * z);
      return Float64Array.from(quantiles, (quantile, i) => {
        let z = 0;
        for (let j = 0; j <= i; j++) z += lower[i]![j]! * latent[j]!;
        const value = Math.round(quantile(z) * DECIMALS) / DECIMALS;
        return Math.min(Math.max(value, 1 / DECIMALS), 1 - 1 / DECIMALS);
      });
    },
  };
}

const REACH = 5;
const STEPS = 320;

/** z -> the quantile of the Beta with this mean and sd at Phi(z), from a table that is linear between its points. */
function betaOfNormal({ mean, sd }: { readonly mean: number; readonly sd: number }): (z: number) => number {
  const size = (mean * (1 - mean)) / (sd * sd) - 1;
  const table = Float64Array.from({ length: STEPS + 1 }, (_, i) =>
    betaQuantile(normalCdf(REACH * ((2 * i) / STEPS - 1)), mean * size, (1 - mean) * size),
  );
  return (z) => {
    const at = ((z + REACH) / (2 * REACH)) * STEPS;
    const i = Math.min(Math.max(Math.floor(at), 0), STEPS - 1);
    const part = Math.min(Math.max(at - i, 0), 1);
    return table[i]! + part * (table[i + 1]! - table[i]!);
  };
}

/** Phi(z) as the inverse of its quantile, by halving; for tables. */
function normalCdf(z: number): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalQuantile(middle) < z) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** L with L L' = matrix. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const lower = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
  }
  return lower;
}
