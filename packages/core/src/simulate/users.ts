import { type PublishedCounts, SURVEY_ANSWERS, type SurveyQuestion } from "../prism/answers.ts";
import { type Demographics, demographicsOf } from "../prism/demographics.ts";
import { NOT_SAID } from "../prism/schema.ts";
import type { Random } from "./random.ts";

/** stated_prefs.values */
const VALUES = { mean: 54.3, sd: 26.3 };

/** Questions whose answers stand in no analysis. */
const BACKGROUND = [
  "lm_familiarity",
  "lm_direct_use",
  "lm_indirect_use",
  "lm_frequency_use",
  "education",
  "employment_status",
  "marital_status",
  "english_proficiency",
  "religion.simplified",
  "location.same_birth_reside_country",
  "location.special_region",
] as const satisfies readonly SurveyQuestion[];

/** A user's answers, in PRISM's words. */
export interface SimulatedUser {
  readonly user_id: string;
  readonly age: string;
  readonly gender: string;
  /** ethnicity.simplified */
  readonly ethnicity: string;
  /** Whole, 0 to 100. */
  readonly values: number;
  readonly background: Readonly<Record<(typeof BACKGROUND)[number], string>>;
}

/** Answers in the published proportions, independent of each other and of all ratings; those of the background from a stream of their own. */
export function drawUser(random: Random, background: Random, user_id: string): SimulatedUser {
  const values = Math.round(VALUES.mean + VALUES.sd * random.normal());
  return {
    user_id,
    age: pick(random, SURVEY_ANSWERS.age),
    gender: pick(random, SURVEY_ANSWERS.gender),
    ethnicity: pick(random, SURVEY_ANSWERS["ethnicity.simplified"]),
    values: Math.min(Math.max(values, 0), 100),
    background: Object.fromEntries(
      BACKGROUND.map((question) => [question, pick(background, SURVEY_ANSWERS[question])]),
    ) as SimulatedUser["background"],
  };
}

function pick(random: Random, counts: PublishedCounts): string {
  const entries = Object.entries(counts);
  let at = random.below(entries.reduce((sum, [, count]) => sum + count, 0));
  for (const [answer, count] of entries) {
    if (at < count) return answer;
    at -= count;
  }
  throw new RangeError("no answer");
}

/** PAPER's groups of a user. */
export function groupsOf({ age, gender, ethnicity, values }: SimulatedUser): Demographics {
  const said = (answer: string): string | null => (answer === NOT_SAID ? null : answer);
  return demographicsOf({ age: said(age), gender: said(gender), ethnicity: said(ethnicity), values });
}
