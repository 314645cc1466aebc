import { ATTRIBUTE_MOMENTS, correlationOf, PROMPT_MOMENTS } from "./attribute-moments.ts";
import { eachAttribute, MERGED_ATTRIBUTES, type MergedAttribute } from "./merged-attributes.ts";
import { PROMPT_SLOPES, RATING_SLOPES } from "./published.ts";

/** The two responses that are ratings: PAPER's 1a (bernoulli) and 1b (gaussian). */
export const ANALYSES = ["highest", "log_score"] as const;
export type Analysis = (typeof ANALYSES)[number];

/**
 * True values of each response by brms's names, such as b_REASONING_NUANCE and sd_user_id__Intercept: of the two ratings in 1a and 1b,
 * and of the seven attributes of responses in analysis 3.
 */
export type Truth = Readonly<Record<Analysis | MergedAttribute, Readonly<Record<string, number>>>>;

/** A slope for each attribute, by name. */
function slopes(values: readonly number[], suffix = ""): Record<string, number> {
  return Object.fromEntries(MERGED_ATTRIBUTES.map((name, k) => [`b_${name}${suffix}`, values[k]!]));
}

/** Ratings do not depend on the prompt, given the response: nothing but the interaction is published of that (0.244), and it is left out. */
const NO_PROMPT: Readonly<Record<string, number>> = {
  ...slopes(new Array(MERGED_ATTRIBUTES.length).fill(0), "_human"),
  "b_TOXICITY:TOXICITY_human": 0,
};

/** Means of a prompt's attributes [MERGED_ATTRIBUTES]; the product's is E(r) E(n) + cov(r, n). */
const PROMPT_MEANS: readonly number[] = MERGED_ATTRIBUTES.map((name) => {
  if (name !== "REASONING_NUANCE") return PROMPT_MOMENTS[name].mean;
  const { REASONING: r, NUANCE: n } = PROMPT_MOMENTS;
  return r.mean * n.mean + correlationOf("REASONING", "NUANCE") * r.sd * n.sd;
});

/** Intercepts of analysis 3, not published: such that responses have the means of ATTRIBUTE_MOMENTS. */
const PROMPT_INTERCEPTS: readonly number[] = MERGED_ATTRIBUTES.map((name) => {
  const ofPrompt = PROMPT_SLOPES[name].reduce((sum, slope, k) => sum + slope * PROMPT_MEANS[k]!, 0);
  return Math.round(1000 * (ATTRIBUTE_MOMENTS[name].mean - ofPrompt)) / 1000;
});

/**
 * Sd of the models' effects on the log score: such that 1b with them predicts left-out scores better than without by 505 in
 * expectation, PAPER's difference in elpd (504.9, SE 30.5). Models' effects within a conversation are as good as residuals to a model
 * that leaves them out. So the difference is near n/2 log(v(sigma^2 + sd^2) / v(sigma^2)) over n = 30,224 responses, with
 * v(s) = s + c s / (s + (m - 1) c) the variance of a response given the m - 1 = 2.8 others of its conversation, c the variance of the
 * conversations. In one data set the 21 effects' own variance decides, which differs from sd^2 by a third.
 */
const MODEL_SD = 0.067;

/**
 * Slopes: PAPER's estimates on all conversations, tables 2 (1a, 1b) and 4 (3). Intercepts and standard
 * deviations are not published. Here 27% are highest, as in PRISM's first turns, and the mean log score
 * is 2.76, so low that hardly a score is cut at 100 (see ratings.ts). Of analysis 3 the standard deviations are
 * not among the true values: its effects and residuals are not normal (see response-draws.ts), so that intervals of
 * standard deviations need not hold them.
 */
export const DEFAULT_TRUTH: Truth = {
  highest: {
    b_Intercept: -1.35,
    ...slopes(RATING_SLOPES.highest),
    ...NO_PROMPT,
    sd_model_name__Intercept: 0.4,
    sd_user_id__Intercept: 0.3,
    "sd_user_id:conversation_id__Intercept": 0.3,
  },
  log_score: {
    b_Intercept: 2.6,
    ...slopes(RATING_SLOPES.log_score),
    ...NO_PROMPT,
    sd_model_name__Intercept: MODEL_SD,
    sd_user_id__Intercept: 0.2,
    "sd_user_id:conversation_id__Intercept": 0.15,
    sigma: 0.35,
  },
  ...eachAttribute((name, j) => ({
    b_Intercept: PROMPT_INTERCEPTS[j]!,
    ...slopes(PROMPT_SLOPES[name], "_human"),
  })),
};

/** Values of the ratings to be replaced, by brms's names. */
export type Coefficients = { readonly [A in Analysis]?: Readonly<Record<string, number>> };

/** The defaults with some values replaced; an unknown name or a value that is no number is a TypeError. */
export function truthOf(coefficients: Coefficients = {}): Truth {
  const merge = (analysis: Analysis): Record<string, number> => {
    const values = { ...DEFAULT_TRUTH[analysis] };
    for (const [name, value] of Object.entries(coefficients[analysis] ?? {})) {
      if (!(name in values) || name in NO_PROMPT) {
        const names = Object.keys(values).filter((known) => !(known in NO_PROMPT));
        throw new TypeError(`${analysis} has no '${name}'; there are ${names.join(", ")}`);
      }
      if (!Number.isFinite(value) || (!name.startsWith("b_") && value < 0)) {
        throw new TypeError(`${analysis}: ${name} cannot be ${value}`);
      }
      values[name] = value;
    }
    return values;
  };
  return { ...DEFAULT_TRUTH, highest: merge("highest"), log_score: merge("log_score") };
}

/** The fixed part of a rating's linear predictor for a response's attributes [MERGED_ATTRIBUTES]. */
export function fixedPart(truth: Readonly<Record<string, number>>, merged: Float64Array): number {
  return MERGED_ATTRIBUTES.reduce(
    (eta, name, k) => eta + truth[`b_${name}`]! * merged[k]!,
    truth.b_Intercept!,
  );
}

/** [MERGED_ATTRIBUTES] the fixed part of the attributes of a prompt's responses; `merged`: the prompt's, [MERGED_ATTRIBUTES]. */
export function promptPart(merged: Float64Array): Float64Array {
  return Float64Array.from(PROMPT_INTERCEPTS, (intercept, j) =>
    PROMPT_SLOPES[MERGED_ATTRIBUTES[j]!].reduce((sum, slope, k) => sum + slope * merged[k]!, intercept),
  );
}
