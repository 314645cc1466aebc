import type { PlanFitResult, TableRow, TenthEffect } from "@bridgewise/core";
import { evidenceOf, evidenceWords } from "./evidence.ts";
import { fixed } from "./rounding.ts";
import { responseIn } from "./sentences.ts";

/** A coefficient's name for people: `REASONING NUANCE`, `younger × TOXICITY`. */
export const termWords = (term: string): string =>
  term
    .replace(/^b_/, "")
    .split(":")
    .map((name) =>
      name
        .replace(/TRUE$/, "")
        .replace(/_human$/, " of the prompt")
        .replaceAll("_", " "),
    )
    .join(" × ");

/** What columns of `bridgewise prism table` are about. */
const RESPONSES: Readonly<Record<string, string>> = {
  highest: "being scored highest",
  if_chosen: "being chosen",
};

/** "the odds of y", "the y" (a score whose log was modelled), or "the response's y". */
export function responseWords(response: string, kind: TenthEffect["kind"], dv: string | null): string {
  const plain = response.replace(/^log\((.*)\)$/, "$1").replace(/^log_/, "");
  const words = RESPONSES[plain] ?? plain.replaceAll("_", " ");
  if (kind === "odds ratio") return `the odds of ${words}`;
  return dv === null ? `the ${words}` : `the response's ${dv.replaceAll("_", " ")}`;
}

/** Digits so that an interval's ends can be told apart: one significant one of its width. */
const digitsOf = (width: number): number =>
  width > 0 ? Math.min(4, Math.max(1, -Math.floor(Math.log10(width)))) : 2;

/** How much 0.1 more does, in percent for ratios: "10.9% higher (90% interval 9.3 to 12.6%)". */
export function effectWords({ kind, ratio, lower, upper }: TenthEffect): string {
  if (kind === "difference") {
    const digits = Math.max(digitsOf(upper - lower), 2);
    return `${fixed(Math.abs(ratio), digits)} ${ratio < 0 ? "lower" : "higher"} (90% interval of the change ${fixed(lower, digits)} to ${fixed(upper, digits)})`;
  }
  const percent = [ratio, lower, upper].map((r) => 100 * (r - 1));
  const digits = digitsOf(percent[2]! - percent[1]!);
  return `${fixed(Math.abs(percent[0]!), digits)}% ${percent[0]! < 0 ? "lower" : "higher"} (90% interval of the change ${fixed(percent[1]!, digits)} to ${fixed(percent[2]!, digits)}%)`;
}

/** One row as a sentence: what goes with 0.1 more of the attribute, how much, and how sure that is. */
export function rowSentence(row: TableRow, fit: PlanFitResult | undefined): string {
  const { plus_tenth: effect, term, ours, direction, dv } = row;
  const evidence = evidenceOf(ours, direction);
  const words = evidenceWords(evidence, ours.draws);
  const response = responseWords(responseIn(fit?.formula ?? dv ?? "the response"), effect.kind, dv);
  const names = term.split(":");
  const group = names.length === 2 && names[0]!.endsWith("TRUE") ? termWords(names[0]!) : undefined;
  const what = `0.1 more ${termWords(group === undefined ? term : names[1]!)}`;
  if (evidence.strength === "none")
    return `${capital(what)}: of ${group === undefined ? `${response} nothing can be said` : `a difference with ${group} nothing can be said`} (the sign is ${evidence.sign < 0 ? "negative" : "positive"} in ${Math.round(100 * evidence.share)}% of the draws).`;
  const against = evidence.expected ? "" : "; the hypothesis was the opposite";
  return group === undefined
    ? `${capital(what)} goes with ${response} ${effectWords(effect)}, ${words}${against}.`
    : `With ${group}, ${what} goes with ${response} ${effectWords(effect)} than without, ${words}${against}.`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A row's id in links. */
export const rowId = (row: Pick<TableRow, "fit" | "term" | "direction">): string =>
  `row-${row.fit}-${row.term}`.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();
