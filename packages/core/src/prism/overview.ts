import type { DataOverview } from "../analyses/overview.ts";
import type { Frame } from "../frame/frame.ts";
import { overviewOf } from "../overview/overview-of.ts";
import { countAnswers, type RaterAnswers } from "../overview/raters.ts";
import type { Users } from "./read.ts";
import { type BACKGROUND, OLDER, type SurveyRecord, YOUNGER } from "./schema.ts";

/** Quarters of stated_prefs.values; PAPER's `high_values` is above 50. */
const QUARTERS = ["0 to 25", "26 to 50", "51 to 75", "76 to 100"] as const;

const BACKGROUND_QUESTIONS: Readonly<Record<(typeof BACKGROUND)[number], string>> = {
  "religion.simplified": "Religion",
  education: "Education",
  employment_status: "Employment",
  marital_status: "Marital status",
  english_proficiency: "English proficiency",
  "location.birth_region": "Region of birth",
  "location.reside_region": "Region of residence",
  lm_familiarity: "Familiarity with language models",
  lm_direct_use: "Direct use of language models",
  lm_frequency_use: "Frequency of using language models",
};

/** The overview of PRISM's table: its raters are the users in it, each counted once, with their answers of the survey. */
export function prismOverview(table: Frame, users: Users, simulated: boolean): DataOverview {
  return overviewOf(table, { simulated, raters: ratersOf(table, users) });
}

function ratersOf(table: Frame, users: Users): RaterAnswers[] {
  const column = table.columns.get("user_id");
  if (column?.type !== "factor") return [];
  const raters = column.levels.flatMap((id) => users.get(id) ?? []);
  const count = (
    question: string,
    answer: (user: SurveyRecord) => string | null,
    order: readonly string[] = [],
  ): RaterAnswers | null => countAnswers(question, raters.map(answer), order);
  return [
    count("Age", (user) => user.age, [...YOUNGER, ...OLDER]),
    count("Gender", (user) => user.gender),
    count("Ethnicity", (user) => user.ethnicity),
    count("Importance of values (stated_prefs.values)", (user) => quarterOf(user.values), QUARTERS),
    ...Object.entries(BACKGROUND_QUESTIONS).map(([path, question]) =>
      count(question, (user) => user.background[path] ?? null),
    ),
  ].filter((answers) => answers !== null);
}

function quarterOf(values: number | null): string | null {
  return values === null ? null : QUARTERS[values <= 25 ? 0 : values <= 50 ? 1 : values <= 75 ? 2 : 3];
}
