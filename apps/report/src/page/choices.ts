import type { ReportData, ReportRun } from "../report-data.ts";
import type { View } from "./view.ts";

/** The suffix by which attributes of prompts are told from those of responses. */
const PROMPT = /_human$/;

/** The attributes that a coefficient is about: `b_youngerTRUE:TOXICITY` is about two. */
export const attributesIn = (variable: string): string[] =>
  variable
    .replace(/^b_/, "")
    .split(":")
    .map((name) => name.replace(PROMPT, ""));

const coefficients = ({ summary }: ReportRun): string[] =>
  Object.keys(summary.variables).filter((name) => /^b_(?!Intercept(\[\d+\])?$)/.test(name));

/** Attributes that a reader can choose: the main effects of all fits, a prompt's with the response's; not the yes-or-no columns that moderate. */
export const attributesOf = ({ runs }: ReportData): string[] => [
  ...new Set(
    runs
      .flatMap(coefficients)
      .filter((name) => !name.includes(":") && !name.endsWith("TRUE"))
      .flatMap(attributesIn),
  ),
];

/** Names of the parts of the data that fits are of. */
export function subsetsOf({ runs, results }: ReportData): string[] {
  const planned = results?.fits.filter(({ role }) => role === "paper").map(({ subset }) => subset);
  return [...new Set(planned?.length ? planned : runs.map(({ manifest }) => manifest.label))];
}

/** The view's choices as figures take them: coefficients by variable, subsets; undefined where all are chosen. */
export function chosenOf(
  data: ReportData,
  { attributes, subsets }: View,
): { variables: readonly string[] | undefined; subsets: readonly string[] | undefined } {
  if (attributes === undefined) return { variables: undefined, subsets };
  const known = new Set(attributesOf(data));
  const chosen = new Set(attributes);
  // of an interaction, every attribute that can be chosen must be
  const variables = [...new Set(data.runs.flatMap(coefficients))].filter((name) =>
    attributesIn(name).every((attribute) => !known.has(attribute) || chosen.has(attribute)),
  );
  return { variables, subsets };
}
