import type { PlanFitResult, TableRow, TenthEffect } from "@bridgewise/core";
import { evidenceOf, evidenceWords } from "./evidence.ts";
import { fixed } from "./rounding.ts";
import { responseIn } from "./sentences.ts";
import { capital, proseWords } from "./words.ts";

/** What columns of `bridgewise prism table` are about. */
const RESPONSES: ReadonlyMap<string, string> = new Map([
  ["highest", "being scored highest"],
  ["if_chosen", "being chosen"],
]);

/** Groups of raters by the yes-or-no columns of PRISM's survey. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ["younger", "younger raters"],
  ["male", "male raters"],
  ["white", "white raters"],
  ["high_values", "raters with high values"],
]);

/** A response without its log; of ordered categories, a higher one. */
function plainResponse(formula: string, family: string | undefined): string {
  const plain = responseIn(formula)
    .replace(/^log\((.*)\)$/, "$1")
    .replace(/^log_/, "");
  const words = RESPONSES.get(plain) ?? proseWords(plain);
  return family === "cumulative" ? `a higher ${words}` : words;
}

type Fit = Pick<PlanFitResult, "formula" | "family">;

/** "the odds of y", "the y" (a score whose log was modelled), or "the response's y". */
export function responseWords(fit: Fit | undefined, kind: TenthEffect["kind"], dv: string | null): string {
  const words = plainResponse(fit?.formula ?? dv ?? "response", fit?.family);
  if (kind === "odds ratio") return `the odds of ${words}`;
  return dv === null ? `the ${words}` : `the response's ${proseWords(dv)}`;
}

/** Digits so that an interval's ends can be told apart: one significant one of its width. */
const digitsOf = (width: number): number =>
  width > 0 ? Math.min(4, Math.max(1, -Math.floor(Math.log10(width)))) : 2;

/** How much more or less, with its interval, in percent for ratios: "10.9% higher (90% interval 9.3 to 12.6%)". */
export function effectWords(effect: TenthEffect): {
  size: string;
  way: "higher" | "lower";
  interval: string;
} {
  const difference = effect.kind === "difference";
  const [middle, lower, upper] = [effect.ratio, effect.lower, effect.upper].map((x) =>
    difference ? x : 100 * (x - 1),
  ) as [number, number, number];
  const digits = Math.max(digitsOf(upper - lower), difference ? 2 : 1);
  const unit = difference ? "" : "%";
  const size = (x: number): string => fixed(Math.abs(x), digits);
  const way = (x: number): "higher" | "lower" => (x < 0 ? "lower" : "higher");
  const ends =
    lower < 0 === upper < 0
      ? // the smaller change first, both in the estimate's direction
        `${[size(lower), size(upper)].toSorted((a, b) => Number(a) - Number(b)).join(" to ")}${unit}`
      : `${size(lower)}${unit} lower to ${size(upper)}${unit} higher`;
  return { size: `${size(middle)}${unit}`, way: way(middle), interval: `(90% interval ${ends})` };
}

/** One row as a sentence: what goes with 0.1 more of the attribute, how much, and how sure that is. */
export function rowSentence(row: TableRow, fit: Fit | undefined): string {
  const { plus_tenth: effect, ours, direction, dv } = row;
  const evidence = evidenceOf(ours, direction);
  const response = responseWords(fit, effect.kind, dv);
  const groups = moderator(row);
  const name = attributeName(row);
  if (evidence.strength === "none") {
    const odds = effect.kind === "odds ratio";
    const share = `in ${Math.round(100 * evidence.share)}% of the draws`;
    if (groups)
      return `Whether ${name} moves ${response} differently ${groups.who} cannot be told: ${evidence.sign < 0 ? "lower" : "higher"} ${share}.`;
    const falls = `${odds ? "they" : "it"} ${evidence.sign < 0 ? "fall" : "rise"}${odds ? "" : "s"}`;
    return `Whether ${response} ${odds ? "rise or fall" : "rises or falls"} with ${name} cannot be told: ${falls} ${share}.`;
  }
  const { size, way, interval } = effectWords(effect);
  const words = `${evidenceWords(evidence, ours.draws)}${evidence.expected ? "" : "; the opposite was hypothesised"}.`;
  if (groups)
    return `${capital(groups.who)}, 0.1 more ${name} moves ${response} ${size} ${way} ${interval} than ${groups.others}, ${words}`;
  const what =
    effect.kind === "odds ratio"
      ? `${size} ${way} ${response.replace(/^the /, "")}`
      : `${response} ${size} ${way}`;
  return `0.1 more ${name} goes with ${what} ${interval}, ${words}`;
}

/** Of an interaction with a yes-or-no column (published tables write it as `maleTRUE`): for whom, and for whom not. */
export function moderator({ term, variable }: TableRow): { who: string; others: string } | undefined {
  const names = variable.replace(/^b_/, "").split(":");
  const yesOrNo = names.length === 2 && [term, ...names].some((name) => /TRUE(:|$)/.test(name));
  if (!yesOrNo) return undefined;
  const column = names[0]!.replace(/TRUE$/, "");
  const group = GROUPS.get(column);
  return group
    ? { who: `for ${group}`, others: "for others" }
    : { who: `where ${proseWords(column)} holds`, others: "where it does not" };
}

/** What 0.1 more of is told about: the attribute, without what moderates it. */
export const attributeName = (row: TableRow): string =>
  proseWords(moderator(row) === undefined ? row.variable : row.variable.split(":")[1]!);

/** A row's id in links. */
export const rowId = (row: Pick<TableRow, "fit" | "term" | "direction">): string =>
  `row-${row.fit}-${row.term}`.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();
