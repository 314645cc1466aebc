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

/**
 * Attributes that a reader can choose: the coefficients of the fits without interactions (what only moderates others is no choice of its
 * own), or all main effects where every fit has some; a prompt's attribute goes with the response's.
 */
export function attributesOf({ runs }: ReportData): string[] {
  const own = runs.map(coefficients);
  const plain = own.filter((names) => !names.some((name) => name.includes(":")));
  const names = (plain.length > 0 ? plain : own).flat().filter((name) => !name.includes(":"));
  return [...new Set(names.flatMap(attributesIn))];
}

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
