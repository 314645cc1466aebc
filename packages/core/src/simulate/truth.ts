import { ATTRIBUTES } from "../scores/attributes.ts";

/** The two analyses whose coefficients are known: PAPER's 1a (bernoulli) and 1b (gaussian). */
export const ANALYSES = ["highest", "log_score"] as const;
export type Analysis = (typeof ANALYSES)[number];

/** True values by brms's names, such as b_REASONING_NUANCE and sd_user_id__Intercept. */
export type Truth = Readonly<Record<Analysis, Readonly<Record<string, number>>>>;

/**
 * Slopes: PAPER's estimates on all conversations, tables 2 (1a) and 3 (1b). Intercepts and standard
 * deviations are not published. Here 27% are highest, as in PRISM's first turns, and the mean log score
 * is 2.76, so low that hardly a score is cut at 100 (see ratings.ts).
 */
export const DEFAULT_TRUTH: Truth = {
  highest: {
    b_Intercept: -1.35,
    b_REASONING_NUANCE: 1.036,
    b_RESPECT: -0.095,
    b_CURIOSITY: 0.324,
    b_COMPASSION: -0.097,
    b_PERSONAL_STORY: -0.441,
    b_AFFINITY: 0.129,
    b_TOXICITY: 0.729,
    sd_model_name__Intercept: 0.4,
    sd_user_id__Intercept: 0.3,
    "sd_user_id:conversation_id__Intercept": 0.3,
  },
  log_score: {
    b_Intercept: 2.6,
    b_REASONING_NUANCE: 1.217,
    b_RESPECT: -0.057,
    b_CURIOSITY: -0.159,
    b_COMPASSION: 0.176,
    b_PERSONAL_STORY: -0.65,
    b_AFFINITY: -0.023,
    b_TOXICITY: -0.659,
    sd_model_name__Intercept: 0.15,
    sd_user_id__Intercept: 0.2,
    "sd_user_id:conversation_id__Intercept": 0.15,
    sigma: 0.35,
  },
};

export type Coefficients = { readonly [A in Analysis]?: Readonly<Record<string, number>> };

/** The defaults with some values replaced; an unknown name or a value that is no number is a TypeError. */
export function truthOf(coefficients: Coefficients = {}): Truth {
  const merge = (analysis: Analysis): Record<string, number> => {
    const values = { ...DEFAULT_TRUTH[analysis] };
    for (const [name, value] of Object.entries(coefficients[analysis] ?? {})) {
      if (!(name in values)) {
        throw new TypeError(`${analysis} has no '${name}'; there are ${Object.keys(values).join(", ")}`);
      }
      if (!Number.isFinite(value) || (!name.startsWith("b_") && value < 0)) {
        throw new TypeError(`${analysis}: ${name} cannot be ${value}`);
      }
      values[name] = value;
    }
    return values;
  };
  return { highest: merge("highest"), log_score: merge("log_score") };
}

const NUANCE = ATTRIBUTES.indexOf("NUANCE");
const REASONING = ATTRIBUTES.indexOf("REASONING");
const ALONE = ATTRIBUTES.map((name, k) => [name, k] as const).filter(
  ([, k]) => k !== NUANCE && k !== REASONING,
);

/** The fixed part of the linear predictor for a text's attributes [ATTRIBUTES]. */
export function fixedPart(truth: Readonly<Record<string, number>>, attributes: Float64Array): number {
  let eta = truth.b_Intercept! + truth.b_REASONING_NUANCE! * attributes[REASONING]! * attributes[NUANCE]!;
  for (const [name, k] of ALONE) eta += truth[`b_${name}`]! * attributes[k]!;
  return eta;
}
