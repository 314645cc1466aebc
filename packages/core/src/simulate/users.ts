import { type Demographics, demographicsOf } from "../prism/demographics.ts";
import { NOT_SAID } from "../prism/schema.ts";
import type { Random } from "./random.ts";

/** Answers with their published counts among PRISM's 1,500 (codebook, Kirk et al. 2024). */
const AGES = {
  "18-24 years old": 297,
  "25-34 years old": 454,
  "35-44 years old": 237,
  "45-54 years old": 208,
  "55-64 years old": 197,
  "65+ years old": 106,
  "Prefer not to say": 1,
};
const GENDERS = { Male: 757, Female: 718, "Non-binary / third gender": 21, "Prefer not to say": 4 };
const ETHNICITIES = {
  White: 969,
  Black: 122,
  Hispanic: 121,
  Asian: 95,
  "Prefer not to say": 86,
  Mixed: 68,
  Other: 39,
};
/** stated_prefs.values */
const VALUES = { mean: 54.3, sd: 26.3 };

/** A user's answers, in PRISM's words. */
export interface SimulatedUser {
  readonly user_id: string;
  readonly age: string;
  readonly gender: string;
  readonly ethnicity: string;
  /** Whole, 0 to 100. */
  readonly values: number;
}

/** Answers in the published proportions, independent of each other and of all ratings. */
export function drawUser(random: Random, user_id: string): SimulatedUser {
  const values = Math.round(VALUES.mean + VALUES.sd * random.normal());
  return {
    user_id,
    age: pick(random, AGES),
    gender: pick(random, GENDERS),
    ethnicity: pick(random, ETHNICITIES),
    values: Math.min(Math.max(values, 0), 100),
  };
}

function pick(random: Random, counts: Readonly<Record<string, number>>): string {
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
