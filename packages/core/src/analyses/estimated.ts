import type { HypothesisRow } from "../hypothesis/evaluate.ts";
import type { Estimated } from "./results.ts";
import { star } from "./star.ts";

/** A one-sided hypothesis's result with PAPER's mark. `draws`: of all chains together. RangeError where it is not finite. */
export function estimatedOf(row: HypothesisRow, draws: number): Estimated {
  const { hypothesis, estimate, est_error, ci_lower, ci_upper, evidence_ratio, post_prob } = row;
  if (estimate === null || est_error === null || ci_lower === null || ci_upper === null || post_prob === null)
    throw new RangeError(`the result of '${hypothesis}' is not finite`);
  return {
    estimate,
    est_error,
    ci_lower,
    ci_upper,
    evidence_ratio,
    post_prob,
    star: star(evidence_ratio),
    draws,
  };
}
