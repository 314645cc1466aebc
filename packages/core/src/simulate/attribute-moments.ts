import { ATTRIBUTES, type Attribute } from "../scores/attributes.ts";

/**
 * Moments of the attributes over the 30,224 responses of fixtures/data/prism-like.csv, itself simulated
 * and calibrated to the standard errors that PAPER publishes; not measured on PRISM's texts.
 * A test computes them again.
 */
export const ATTRIBUTE_MOMENTS: Readonly<Record<Attribute, { readonly mean: number; readonly sd: number }>> =
  {
    AFFINITY: { mean: 0.361, sd: 0.105 },
    COMPASSION: { mean: 0.274, sd: 0.172 },
    CURIOSITY: { mean: 0.245, sd: 0.149 },
    NUANCE: { mean: 0.493, sd: 0.177 },
    PERSONAL_STORY: { mean: 0.165, sd: 0.146 },
    REASONING: { mean: 0.461, sd: 0.172 },
    RESPECT: { mean: 0.356, sd: 0.105 },
    TOXICITY: { mean: 0.029, sd: 0.03 },
  };

/** Their correlations; those between -0.1 and 0.1 are taken as 0. */
const CORRELATIONS: readonly (readonly [Attribute, Attribute, number])[] = [
  ["NUANCE", "REASONING", 0.84],
  ["AFFINITY", "RESPECT", 0.57],
  ["AFFINITY", "COMPASSION", 0.44],
  ["COMPASSION", "RESPECT", 0.44],
  ["AFFINITY", "PERSONAL_STORY", 0.24],
  ["CURIOSITY", "NUANCE", -0.14],
  ["CURIOSITY", "REASONING", -0.14],
  ["RESPECT", "TOXICITY", -0.14],
];

/** Share of an attribute's variance that the texts of one conversation have in common: 0.31 to 0.37 there. */
export const CONVERSATION_SHARE = 0.35;

/** [ATTRIBUTES, ATTRIBUTES] */
export function attributeCorrelations(): number[][] {
  const matrix = ATTRIBUTES.map((_, i) => ATTRIBUTES.map((_, j) => Number(i === j)));
  for (const [a, b, value] of CORRELATIONS) {
    const i = ATTRIBUTES.indexOf(a);
    const j = ATTRIBUTES.indexOf(b);
    matrix[i]![j] = value;
    matrix[j]![i] = value;
  }
  return matrix;
}
