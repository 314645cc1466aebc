import { ATTRIBUTES, type Attribute } from "../scores/attributes.ts";
import { MERGED_ATTRIBUTES, type MergedAttribute } from "./merged-attributes.ts";

export interface Moments {
  readonly mean: number;
  readonly sd: number;
}

/**
 * Moments of the attributes over the 30,224 responses of fixtures/data/prism-like.csv, itself simulated
 * and calibrated to the standard errors that PAPER publishes; not measured on PRISM's texts.
 * A test computes them again.
 */
export const ATTRIBUTE_MOMENTS: Readonly<Record<Attribute | "REASONING_NUANCE", Moments>> = {
  AFFINITY: { mean: 0.361, sd: 0.105 },
  COMPASSION: { mean: 0.274, sd: 0.172 },
  CURIOSITY: { mean: 0.245, sd: 0.149 },
  NUANCE: { mean: 0.493, sd: 0.177 },
  PERSONAL_STORY: { mean: 0.165, sd: 0.146 },
  REASONING: { mean: 0.461, sd: 0.172 },
  RESPECT: { mean: 0.356, sd: 0.105 },
  TOXICITY: { mean: 0.029, sd: 0.03 },
  REASONING_NUANCE: { mean: 0.253, sd: 0.165 },
};

/**
 * Of prompts, nothing is published. Their sds are chosen so that the errors of analysis 3 come near those of PAPER's table 4: the less
 * a prompt's attribute varies, the larger the error of its slope. The means are invented.
 */
export const PROMPT_MOMENTS: Readonly<Record<Attribute, Moments>> = {
  AFFINITY: { mean: 0.3, sd: 0.065 },
  COMPASSION: { mean: 0.13, sd: 0.085 },
  CURIOSITY: { mean: 0.35, sd: 0.16 },
  NUANCE: { mean: 0.24, sd: 0.09 },
  PERSONAL_STORY: { mean: 0.16, sd: 0.11 },
  REASONING: { mean: 0.22, sd: 0.09 },
  RESPECT: { mean: 0.3, sd: 0.06 },
  TOXICITY: { mean: 0.05, sd: 0.08 },
};

/** Correlations of the attributes there; those between -0.1 and 0.1 are taken as 0. Those of prompts are taken as equal. */
const CORRELATIONS: readonly (readonly [string, string, number])[] = [
  ["NUANCE", "REASONING", 0.84],
  ["AFFINITY", "RESPECT", 0.57],
  ["AFFINITY", "COMPASSION", 0.44],
  ["COMPASSION", "RESPECT", 0.44],
  ["AFFINITY", "PERSONAL_STORY", 0.24],
  ["CURIOSITY", "NUANCE", -0.14],
  ["CURIOSITY", "REASONING", -0.14],
  ["CURIOSITY", "REASONING_NUANCE", -0.14],
  ["RESPECT", "TOXICITY", -0.14],
];

/** [ATTRIBUTES, ATTRIBUTES] */
export function attributeCorrelations(): number[][] {
  return correlationsAmong(ATTRIBUTES);
}

/** [MERGED_ATTRIBUTES, MERGED_ATTRIBUTES] */
export function mergedCorrelations(): number[][] {
  return correlationsAmong(MERGED_ATTRIBUTES);
}

function correlationsAmong(names: readonly string[]): number[][] {
  return names.map((a) => names.map((b) => correlationOf(a, b)));
}

export function correlationOf(a: string, b: string): number {
  if (a === b) return 1;
  return CORRELATIONS.find(([x, y]) => (x === a && y === b) || (x === b && y === a))?.[2] ?? 0;
}

/** Share of an attribute's variance that the responses of one conversation have in common: 0.31 to 0.37 there. */
export const CONVERSATION_SHARE = 0.35;

/** Standard deviations of what makes up a response's attribute beside its prompt: all invented, so that the whole has the moments above. */
export interface Spread {
  readonly model: number;
  readonly user: number;
  readonly conversation: number;
  /** Within model and conversation. */
  readonly residual: number;
}

export const SPREADS: Readonly<Record<MergedAttribute, Spread>> = {
  REASONING_NUANCE: { model: 0.02, user: 0.02, conversation: 0.085, residual: 0.134 },
  RESPECT: { model: 0.015, user: 0.015, conversation: 0.04, residual: 0.083 },
  CURIOSITY: { model: 0.02, user: 0.02, conversation: 0.08, residual: 0.121 },
  COMPASSION: { model: 0.02, user: 0.015, conversation: 0.03, residual: 0.142 },
  PERSONAL_STORY: { model: 0.015, user: 0.015, conversation: 0.07, residual: 0.122 },
  AFFINITY: { model: 0.015, user: 0.015, conversation: 0.035, residual: 0.083 },
  TOXICITY: { model: 0.003, user: 0.002, conversation: 0.006, residual: 0.0245 },
};
