import type { HypothesisRow } from "../hypothesis/index.ts";
import type { RunManifest } from "../run/run.ts";
import { describedBy, fixed } from "./estimate-table.ts";
import type { TextTable } from "./text-table.ts";

/** Hypotheses with brms's columns, three decimals. */
export function hypothesisTable(manifest: RunManifest, rows: readonly HypothesisRow[]): TextTable {
  const levels = [...new Set(rows.map(({ ci_level }) => `${Number((100 * ci_level).toPrecision(6))}%`))];
  return {
    label: `hypotheses-${manifest.label}`,
    caption: [
      ...describedBy("Hypotheses", manifest),
      {
        text: ` Intervals: ${levels.join(" and ")}. Evid.Ratio: posterior odds, a Bayes factor only where the prior odds are 1; Inf where all draws agree.`,
      },
    ],
    columns: [
      "Hypothesis",
      "Estimate",
      "Est.Error",
      "CI.Lower",
      "CI.Upper",
      "Evid.Ratio",
      "Post.Prob",
      "Star",
    ],
    rows: rows.map((row) => [
      row.hypothesis,
      ...[row.estimate, row.est_error, row.ci_lower, row.ci_upper].map((x) => fixed(x, 3)),
      typeof row.evidence_ratio === "string"
        ? row.evidence_ratio
        : fixed(row.evidence_ratio, (row.evidence_ratio ?? 0) < 1000 ? 3 : 1),
      fixed(row.post_prob, 3),
      row.star,
    ]),
  };
}
