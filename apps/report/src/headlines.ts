import type { PlanFitResult, PlanResults, TableRow } from "@bridgewise/core";
import { evidenceOf } from "./evidence.ts";
import { whole } from "./rounding.ts";
import { attributeName, moderator, responseWords } from "./row-sentence.ts";
import { list } from "./sentences.ts";
import { capital, proseWords } from "./words.ts";

/** Whether the sign of a row's coefficient is nearly certain: odds of more than 100 to 1. */
export function isSure(row: TableRow): boolean {
  const { strength } = evidenceOf(row.ours, row.direction);
  return strength === "all" || strength === "strong";
}

/** The largest first. */
export const bySize = (a: TableRow, b: TableRow): number =>
  Math.abs(b.ours.estimate) - Math.abs(a.ours.estimate);

/** Names that are told in a headline; of more, their number. */
const NAMED = 4;

const OF_PROMPT = " of the prompt";

/** "A, B and 2 more", "A and B of the prompt". */
function named(rows: readonly TableRow[]): string {
  const all = rows.map(attributeName);
  const prompts = all.length > 1 && all.every((name) => name.endsWith(OF_PROMPT));
  const names = prompts ? all.map((name) => name.slice(0, -OF_PROMPT.length)) : all;
  const told =
    names.length > NAMED ? [...names.slice(0, NAMED - 1), `${whole(names.length - NAMED + 1)} more`] : names;
  return `${list(told)}${prompts ? OF_PROMPT : ""}`;
}

/** "rise with A and B, and fall with C", as far as that is nearly certain; undefined where nothing is. */
export function trend(rows: readonly TableRow[]): string | undefined {
  const sure = rows.filter(isSure).toSorted(bySize);
  const s = rows[0]?.plus_tenth.kind === "odds ratio" ? "" : "s";
  const up = sure.filter(({ ours }) => ours.estimate > 0);
  const down = sure.filter(({ ours }) => ours.estimate < 0);
  const parts = [
    up.length > 0 ? `rise${s} with ${named(up)}` : "",
    down.length > 0 ? `fall${s} with ${named(down)}` : "",
  ].filter((text) => text !== "");
  return parts.length === 0 ? undefined : parts.join(", and ");
}

/** One fit in a line: what its response rises and falls with. */
export function fitHeadline(rows: readonly TableRow[], fit: PlanFitResult | undefined): string {
  const first = rows[0];
  if (!first) return "";
  const response = responseWords(fit, first.plus_tenth.kind, first.dv);
  const known = trend(rows);
  if (known !== undefined) return `${capital(response)} ${known}`;
  return `Whether ${response} ${first.plus_tenth.kind === "odds ratio" ? "rise or fall" : "rises or falls"} with ${rows.length === 1 ? attributeName(first) : "any attribute"} cannot be told with near certainty`;
}

/** Differences of effects between groups, in a line. */
export function moderationHeadline(rows: readonly TableRow[]): string {
  const sure = rows.filter(isSure).toSorted(bySize);
  const [most] = sure;
  return `${whole(sure.length)} of ${whole(rows.length)} differences between groups ${sure.length === 1 ? "is" : "are"} nearly certain${most ? `, that of ${attributeName(most)} ${moderator(most)!.who} the largest` : ""}`;
}

/** Rows about a prompt's attribute in the regression of the response's same one. */
const mirrored = ({ variable, dv }: TableRow): boolean => dv !== null && variable === `b_${dv}_human`;

/** Whether responses take after their prompts, in a line; undefined where no row tells. */
export function mirrorHeadline(rows: readonly TableRow[]): string | undefined {
  const own = rows.filter(mirrored);
  if (own.length === 0) return undefined;
  const alike = own.filter((row) => row.ours.estimate > 0 && isSure(row)).toSorted(bySize);
  const [most] = alike;
  return `${alike.length === own.length ? `All ${own.length}` : `${alike.length} of ${own.length}`} attributes of responses rise with the same attribute of the prompt${most ? `, ${proseWords(most.dv!)} most` : ""}`;
}

/** An analysis in a line: of its first fit, of the groups that it compares, or of its several responses. */
export function analysisHeadline({ rows, fits }: PlanResults, analysis: string): string {
  const own = rows.filter((row) => row.analysis === analysis);
  const first = own.filter(({ fit }) => fit === own[0]?.fit);
  if (own.length > 0 && own.every((row) => moderator(row) !== undefined)) return moderationHeadline(own);
  const mirror = mirrorHeadline(own);
  if (mirror !== undefined) return mirror;
  return fitHeadline(
    first,
    fits.find(({ id }) => id === own[0]?.fit),
  );
}
