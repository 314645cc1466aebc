import type { Estimated } from "@bridgewise/core";
import { whole } from "./rounding.ts";

/**
 * What the draws say of a coefficient's sign. `all`: every draw has it; `strong`: odds of more than 100 to 1; `good`: more than 10 to 1;
 * `weak`: more than 3 to 1; `none`: less.
 */
export type Strength = "all" | "strong" | "good" | "weak" | "none";

export interface Evidence {
  readonly strength: Strength;
  /** The sign that more draws have: 1, -1, or 0 where they are evenly split. */
  readonly sign: 1 | -1 | 0;
  /** Share of the draws with that sign. */
  readonly share: number;
  /** Whether it is the sign that was hypothesised. */
  readonly expected: boolean;
}

const ODDS: readonly (readonly [Strength, number])[] = [
  ["strong", 100],
  ["good", 10],
  ["weak", 3],
];

/** Of a one-sided hypothesis about 0, both ways: a hypothesis that no draw supports is as certain as one that all do. */
export function evidenceOf({ post_prob: p }: Pick<Estimated, "post_prob">, direction: ">" | "<"): Evidence {
  const share = Math.max(p, 1 - p);
  const expected = p >= 0.5;
  const sign = p === 0.5 ? 0 : (direction === ">") === expected ? 1 : -1;
  const odds = share / (1 - share);
  const strength = share === 1 ? "all" : (ODDS.find(([, least]) => odds > least)?.[0] ?? "none");
  return { strength, sign, share, expected };
}

const percent = (share: number): string => {
  const value = 100 * share;
  return `${value >= 99.95 ? "more than 99.9" : value.toFixed(value >= 99 ? 1 : 0)}%`;
};

/** In words, to end a sentence: "in all 4,000 draws". */
export function evidenceWords({ strength, share }: Evidence, draws: number): string {
  const inDraws = `in ${percent(share)} of the draws`;
  return {
    all: `in all ${whole(draws)} draws`,
    strong: `almost certainly: ${inDraws}`,
    good: `very likely: ${inDraws}`,
    weak: `more likely than not: ${inDraws}`,
    none: `nothing can be said of the sign: ${inDraws}`,
  }[strength];
}

/** An evidence ratio as it is told: where all draws agree it is only known to be above their number. */
export function ratioText({ evidence_ratio, draws }: Pick<Estimated, "evidence_ratio" | "draws">): string {
  if (evidence_ratio === null) return "–";
  if (evidence_ratio === "Inf") return `> ${whole(draws)}`;
  return evidence_ratio >= 100 ? whole(evidence_ratio) : evidence_ratio.toFixed(evidence_ratio >= 10 ? 1 : 2);
}

export const MARKS: Readonly<Record<"*" | "†", string>> = {
  "*": "evidence ratio above 100",
  "†": "evidence ratio above 10, at most 100",
};
