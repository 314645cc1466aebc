import { familyOf } from "../family/index.ts";
import { unwrap } from "../formula/expression.ts";
import { parseExpression } from "../formula/parser.ts";
import { formulaTerms } from "../formula/terms.ts";
import { mean } from "../posterior/moments.ts";
import { quantileSorted, sorted } from "../posterior/quantile.ts";
import type { DerivedColumn, PlannedFit } from "./plan.ts";
import type { TenthEffect } from "./results.ts";

/**
 * What exp(0.1 b) is: an odds ratio where the link is logit, a ratio of scores where the response is a logarithm: `log(x)`, a column that
 * the plan derives as one, or one called `log_…`. Elsewhere 0.1 b is a difference on the response's own scale.
 */
export function tenthKind(
  { formula, family }: Pick<PlannedFit, "formula" | "family">,
  derive: readonly DerivedColumn[] = [],
): TenthEffect["kind"] {
  if (familyOf(family).link === "logit") return "odds ratio";
  const { response, responseLabel } = formulaTerms(formula);
  const derived = derive.findLast(({ name }) => name === responseLabel);
  const expression = derived === undefined ? response : unwrap(parseExpression(derived.expression));
  const isLog =
    expression.kind === "call"
      ? expression.name === "log"
      : derived === undefined && responseLabel.startsWith("log_");
  return isLog ? "score ratio" : "difference";
}

/**
 * The effect of 0.1 more: mean and 90% interval of exp(0.1 b), or of 0.1 b, over the draws of b. PAPER reads (exp(b) - 1) x 10% as that
 * effect, which is another number: 18.2% instead of 10.9% for b = 1.036.
 */
export function tenthEffect(kind: TenthEffect["kind"], draws: Float64Array): TenthEffect {
  const isRatio = kind !== "difference";
  const effects = draws.map((b) => (isRatio ? Math.exp(0.1 * b) : 0.1 * b));
  const ordered = sorted(effects);
  return {
    kind,
    ratio: mean(effects),
    lower: quantileSorted(ordered, 0.05),
    upper: quantileSorted(ordered, 0.95),
    paper_percent: isRatio ? Math.expm1(mean(draws)) * 10 : null,
  };
}
