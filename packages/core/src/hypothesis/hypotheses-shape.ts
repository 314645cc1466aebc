import { count, finite, flag, list, nullable, object, oneOf, type Shape, text } from "../run/shape.ts";
import type { HypothesisRow, HypothesisTable } from "./evaluate.ts";

/** A ratio that is "Inf" where all draws agree. */
export const numberOrInf: Shape<number | "Inf"> = (value, path) => {
  const wrong = value === "Inf" ? null : finite(value, path);
  return wrong && { ...wrong, expected: 'a finite number or "Inf"' };
};

/** hypotheses.json */
export const hypothesesShape: Shape<HypothesisTable> = object<HypothesisTable>({
  alpha: finite,
  robust: flag,
  draws: count,
  rows: list(
    object<HypothesisRow>({
      hypothesis: text,
      sign: oneOf("<", ">", "="),
      estimate: nullable(finite),
      est_error: nullable(finite),
      ci_lower: nullable(finite),
      ci_upper: nullable(finite),
      ci_level: finite,
      evidence_ratio: nullable(numberOrInf),
      post_prob: nullable(finite),
      star: oneOf("*", ""),
    }),
  ),
});
