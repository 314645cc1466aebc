import type { MergedAttribute } from "./merged-attributes.ts";

/*
 * Slopes as PAPER (arXiv 2503.16480) publishes them, all rows in the order of MERGED_ATTRIBUTES. A test holds them against
 * fixtures/paper/paper-tables.json.
 */

/** Table 2, analyses 1a and 1b, all conversations. */
export const RATING_SLOPES = {
  highest: [1.036, -0.095, 0.324, -0.097, -0.441, 0.129, 0.729],
  log_score: [1.217, -0.057, -0.159, 0.176, -0.65, -0.023, -0.659],
} as const;

/** Table 3, analysis 2: interactions of a rater's group with the response's attributes. */
export const MODERATION_SLOPES = {
  younger: [0.088, 0.034, 0.162, 0.136, -0.318, -0.03, -0.864],
  male: [0.134, -0.094, 0.015, -0.074, -0.104, 0.105, 0.037],
  white: [0.305, 0.072, -0.086, -0.029, -0.143, 0.001, -0.625],
  high_values: [-0.294, -0.096, 0.22, 0.026, -0.091, 0.235, 0.202],
} as const;

/** Table 4: a response's attribute on the prompt's attributes. */
export const PROMPT_SLOPES: Readonly<Record<MergedAttribute, readonly number[]>> = {
  REASONING_NUANCE: [0.543, -0.195, 0.12, 0.133, 0.043, -0.101, 0.103],
  RESPECT: [-0.122, 0.397, -0.053, 0.202, -0.121, 0.197, 0.131],
  CURIOSITY: [-0.094, 0.126, -0.078, 0.067, 0.057, 0.164, -0.005],
  COMPASSION: [-0.362, -0.458, 0.034, 1.084, 0.045, 0.056, 0.288],
  PERSONAL_STORY: [-0.426, 0.329, -0.03, 0.079, 0.242, -0.071, 0.037],
  AFFINITY: [-0.082, -0.112, -0.036, 0.235, -0.223, 0.626, 0.115],
  TOXICITY: [0.028, -0.007, 0.007, -0.012, -0.018, 0.009, 0.197],
};
