import { formulaTerms, type PlannedFit } from "@bridgewise/core";
import { type PlanPart, USUAL_WARMUP } from "./plan-task.ts";

/** Kinds of work whose speeds are learned apart. */
export type CostKind = "collapsed" | "latent" | "loo" | "checks";

export interface PartCost {
  readonly part: PlanPart;
  readonly kind: CostKind;
  /** Seconds, before any have been measured. */
  readonly expected: number;
}

/** Nanoseconds by which work begins to be reckoned, of one 2.5 GHz Xeon core; what is done corrects them. */
const NS = { start: 8000, collapsed: 20, latent: 190, loo: 110, checks: 1300 };
/** Draws that checks look at; see plan-artefacts.ts. */
const CHECKED = 400;

/** What the parts of a fit's work may cost: rows x coefficients x draws. Each is 0 where it is there already. */
export function costsOf(fit: PlannedFit, rows: number): PartCost[] {
  const iterations = fit.chains * (USUAL_WARMUP + fit.draws);
  const { terms, groups } = formulaTerms(fit.formula);
  const coefficients = 1 + terms.length;
  const setup = NS.start * rows;
  // a gaussian's cost is that of small matrices; the others pass through all rows at each gradient
  const collapsed = fit.family === "gaussian" && groups.length > 0;
  const sampling = collapsed
    ? NS.collapsed * iterations * (25 + coefficients) ** 2
    : NS.latent * (rows / 4) * iterations * (0.5 + coefficients / 16);
  const seconds = (ns: number): number => ns / 1e9;
  return [
    { part: "fit", kind: collapsed ? "collapsed" : "latent", expected: seconds(setup + sampling) },
    ...(fit.loo
      ? [
          {
            part: "loo" as const,
            kind: "loo" as const,
            expected: seconds(NS.loo * rows * fit.chains * fit.draws),
          },
        ]
      : []),
    ...(fit.checks
      ? [
          {
            part: "checks" as const,
            kind: "checks" as const,
            expected: seconds((NS.checks * rows * CHECKED) / 4),
          },
        ]
      : []),
  ];
}
