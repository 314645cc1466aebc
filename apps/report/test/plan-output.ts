import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PlanFitResult, PlanResults } from "@bridgewise/core";
import { writeJson } from "./run-folders.ts";

const fit = (id: string): PlanFitResult => ({
  ...{ id, analysis: "1a", title: "Which answer is chosen", role: "paper", label: id, subset: "all" },
  ...{ dv: null, formula: "highest ~ A + B", family: "bernoulli", run: `runs/${id}` },
  ...{ rows: 90, seconds: 1, cached: false, notes: [], warnings: [], variation: null },
});

/** results.json of a plan with some fits and one row. */
export function makeResults(fits: readonly string[]): PlanResults {
  return {
    format: "bridgewise-results/1",
    bridgewise: "0.0.0",
    title: "A plan",
    source: null,
    plan: { file: "plan.yaml", sha256: "0".repeat(64) },
    simulated: true,
    fits: fits.map(fit),
    skipped: [],
    rows: [
      {
        analysis: "1a",
        conversation_type: "all",
        dv: null,
        term: "A",
        direction: ">",
        published: null,
        ours: {
          ...{ estimate: 1, est_error: 0.1, ci_lower: 0.8, ci_upper: 1.2 },
          ...{ evidence_ratio: "Inf", post_prob: 1, star: "*", draws: 100 },
        },
        fit: fits[0]!,
        variable: "b_A",
        difference_se: null,
        explanation: null,
        plus_tenth: { kind: "odds ratio", ratio: 1.1, lower: 1.08, upper: 1.13, paper_percent: 17.2 },
      },
    ],
    comparisons: [],
    vifs: [],
    multiplicity: {
      ...{ hypotheses: 1, starred: 1, daggered: 0 },
      ...{ starred_by_chance: 0.01, marked_by_chance: 0.09, expected_sign_errors: 0 },
    },
    sensitivity: [],
    recovery: null,
    phases: [],
  };
}

/** A plan's folder, its run folders aside. */
export function writePlanOutput(dir: string, results: PlanResults): void {
  mkdirSync(join(dir, "table"), { recursive: true });
  writeJson(dir, "results.json", results);
}
