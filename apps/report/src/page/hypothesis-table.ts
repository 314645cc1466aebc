import { ratioText } from "../evidence.ts";
import type { ReportRun } from "../report-data.ts";
import { responseOf } from "../sentences.ts";
import { num, numeric, textual } from "./cells.ts";
import { dataTable } from "./table.ts";

/** hypotheses.json of the runs that have one. */
export const hypothesisTables = (runs: readonly ReportRun[]): HTMLElement[] =>
  runs.flatMap((run) => {
    const table = run.hypotheses;
    if (!table) return [];
    const mass = Math.round(100 * (1 - 2 * table.alpha));
    return [
      dataTable(
        `Hypotheses of ${responseOf(run)}, ${run.manifest.label}: ${table.robust ? "medians" : "means"}, errors, ${mass}% intervals of one-sided hypotheses, evidence ratios`,
        `hypotheses-${run.id}`,
        [
          textual("Hypothesis"),
          ...["Estimate", "Est. error", "From", "To", "Evidence ratio", "Probability"].map((name) =>
            numeric(name),
          ),
          textual("Mark"),
        ],
        table.rows.map((row) => [
          { text: row.hypothesis },
          num(row.estimate, 3),
          num(row.est_error, 3),
          num(row.ci_lower, 3),
          num(row.ci_upper, 3),
          { text: ratioText({ evidence_ratio: row.evidence_ratio, draws: table.draws }) },
          num(row.post_prob, 3),
          { text: row.star },
        ]),
      ),
    ];
  });
