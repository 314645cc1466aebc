import { fixed } from "@bridgewise/core";
import type { AttributeComparison } from "./compare-scores.ts";

/**
 * What B has to reach on an attribute before it counts as a substitute of A. Conventions of this project, stated
 * beside every verdict; they are no law.
 */
export const THRESHOLDS = {
  /** Texts that both have scored, at least. */
  texts: 100,
  /** Share of A's texts that B may lack. */
  missing: 0.05,
  /** Lower end of the interval of Spearman's correlation. */
  spearman: 0.8,
  /** Mean difference, of either sign. */
  difference: 0.05,
  /** Difference of the means in any tenth of the texts by A. */
  calibration: 0.1,
  /** Difference between two fifths by length in their mean differences. */
  length: 0.05,
} as const;

/** `yes`: it may stand in. `order`: it ranks texts alike, on another scale. */
export type Verdict = "yes" | "order" | "no" | "unknown";

export interface Judgement {
  readonly verdict: Verdict;
  /** A plain sentence. */
  readonly sentence: string;
  /** Thresholds that are missed, in words. */
  readonly why: readonly string[];
}

/** Whether B may stand in for A on an attribute. */
export function judge(comparison: Omit<AttributeComparison, "judgement">, a: string, b: string): Judgement {
  const { attribute, texts, missing, spearman, difference, calibration, byLength } = comparison;
  if (!(texts >= THRESHOLDS.texts) || Number.isNaN(spearman.lower)) {
    const why =
      texts >= THRESHOLDS.texts
        ? "one of the two gives every text the same score"
        : `${texts.toLocaleString("en")} ${texts === 1 ? "text is" : "texts are"} scored by both, ${THRESHOLDS.texts} are needed`;
    return { verdict: "unknown", why: [why], sentence: `${attribute}: nothing can be said (${why}).` };
  }
  const f = (x: number): string => fixed(x, 3);
  const share = (x: number): string => `${(100 * x).toFixed(1)}%`;
  const order: string[] = [];
  const scale: string[] = [];
  if (missing > THRESHOLDS.missing)
    order.push(`${share(missing)} of the texts lack a score, at most ${share(THRESHOLDS.missing)} may`);
  if (spearman.lower < THRESHOLDS.spearman)
    order.push(
      `Spearman's correlation may be ${f(spearman.lower)}, at least ${THRESHOLDS.spearman} is asked`,
    );
  if (Math.abs(difference.mean.estimate) > THRESHOLDS.difference)
    scale.push(
      `its scores differ by ${f(difference.mean.estimate)} on average, at most ${THRESHOLDS.difference} may be`,
    );
  const worst = calibration.reduce((m, bin) => Math.max(m, Math.abs(bin.meanB - bin.meanA)), 0);
  if (worst > THRESHOLDS.calibration)
    scale.push(
      `in one tenth of the texts they differ by ${f(worst)}, at most ${THRESHOLDS.calibration} may be`,
    );
  if (byLength !== null) {
    const means = byLength.map(({ difference: d }) => d.estimate);
    const range = Math.max(...means) - Math.min(...means);
    if (range > THRESHOLDS.length)
      scale.push(
        `its difference changes by ${f(range)} with the texts' length, at most ${THRESHOLDS.length} may be`,
      );
  }
  const why = [...order, ...scale];
  const verdict = order.length > 0 ? "no" : scale.length > 0 ? "order" : "yes";
  const because = why.join("; ");
  const sentence = {
    yes: `${attribute}: ${b} may stand in for ${a}${byLength === null ? " (whether length matters is not known)" : ""}.`,
    order: `${attribute}: ${b} ranks texts as ${a} does, on another scale: signs can be compared, sizes cannot (${because}).`,
    no: `${attribute}: ${b} may not stand in for ${a} (${because}).`,
  }[verdict];
  return { verdict, why, sentence };
}
