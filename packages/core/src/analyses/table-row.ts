import type { HypothesisRow } from "../hypothesis/evaluate.ts";
import { estimatedOf } from "./estimated.ts";
import {
  combinedDifference,
  explainDifference,
  type KnownData,
  MARKED_DIFFERENCE,
} from "./explain-difference.ts";
import type { PlannedFit, PlannedHypothesis } from "./plan.ts";
import type { PublishedRow, TableRow, TenthEffect } from "./results.ts";
import { tenthEffect } from "./tenth-effect.ts";

export interface TableRowInput {
  readonly fit: PlannedFit;
  readonly hypothesis: PlannedHypothesis;
  /** Of `evaluateHypotheses` with alpha 0.05. */
  readonly result: HypothesisRow;
  /** [chains x draws] of the hypothesis's variable. */
  readonly draws: Float64Array;
  readonly published: PublishedRow | null;
  /** See `tenthKind`. */
  readonly kind: TenthEffect["kind"];
  readonly known: KnownData;
}

/** A hypothesis beside its published row, with the reason in words where they differ by more than 3 combined standard errors. */
export function tableRow({
  fit,
  hypothesis,
  result,
  draws,
  published,
  kind,
  known,
}: TableRowInput): TableRow {
  const ours = estimatedOf(result, draws.length);
  const difference = published === null ? null : combinedDifference(ours, published);
  const isMarked = published !== null && difference !== null && Math.abs(difference) > MARKED_DIFFERENCE;
  return {
    analysis: fit.analysis,
    conversation_type: fit.subset,
    dv: fit.dv,
    term: hypothesis.term,
    direction: hypothesis.direction,
    published,
    ours,
    fit: fit.id,
    variable: hypothesis.variable,
    difference_se: difference,
    explanation: isMarked ? explainDifference(ours, published, known) : null,
    plus_tenth: tenthEffect(kind, draws),
  };
}
