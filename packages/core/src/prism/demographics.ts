import { type Demographic, type SurveyRecord, YOUNGER } from "./schema.ts";

/** PAPER's groups (analysis 2): 1, 0, or NaN where the user did not say. */
export interface Demographics {
  /** Under 45 years. */
  readonly younger: number;
  readonly male: number;
  /** ethnicity.simplified */
  readonly white: number;
  /** stated_prefs.values above 50 of 100. */
  readonly high_values: number;
}

export const DEMOGRAPHICS = ["younger", "male", "white", "high_values"] as const;

/** The question of the survey that tells a group. */
export const QUESTION_OF: Readonly<Record<(typeof DEMOGRAPHICS)[number], Demographic>> = {
  younger: "age",
  male: "gender",
  white: "ethnicity",
  high_values: "values",
};

export function demographicsOf({ age, gender, ethnicity, values }: SurveyRecord): Demographics {
  return {
    younger: indicator(age, (is) => YOUNGER.some((level) => level === is)),
    male: indicator(gender, (is) => is === "Male"),
    white: indicator(ethnicity, (is) => is === "White"),
    high_values: indicator(values, (is) => is > 50),
  };
}

function indicator<T>(answer: T | null, holds: (answer: T) => boolean): number {
  return answer === null ? Number.NaN : Number(holds(answer));
}
