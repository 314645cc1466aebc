import type { Estimated } from "./results.ts";

/** Evidence ratios above which PAPER (arXiv 2503.16480, tables 2 to 4) marks a row. */
export const STAR_RATIO = 100;
export const DAGGER_RATIO = 10;

/** PAPER's mark of an evidence ratio. */
export function star(ratio: Estimated["evidence_ratio"]): Estimated["star"] {
  if (ratio === null) return "";
  const value = ratio === "Inf" ? Number.POSITIVE_INFINITY : ratio;
  return value > STAR_RATIO ? "*" : value > DAGGER_RATIO ? "†" : "";
}
