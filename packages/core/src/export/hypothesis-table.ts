import type { HypothesisRow } from "../hypothesis/index.ts";
import type { RunManifest } from "../run/run.ts";
import { finite, list, literal, nullable, object, type Shape, text } from "../run/shape.ts";
import { describedBy, fixed } from "./estimate-table.ts";
import type { TextTable } from "./text-table.ts";

const oneOf =
  <const T extends string>(...wanted: readonly T[]): Shape<T> =>
  (value, path) =>
    wanted.some((one) => one === value) ? null : literal(wanted[0]!)(value, path);
const evidence: Shape<number | "Inf"> = (value, path) => (value === "Inf" ? null : finite(value, path));

/** hypotheses.json, as far as it is read here. */
export const hypothesesShape: Shape<{ readonly rows: readonly HypothesisRow[] }> = object<{
  readonly rows: readonly HypothesisRow[];
}>({
  rows: list(
    object<HypothesisRow>({
      hypothesis: text,
      sign: oneOf("<", ">", "="),
      estimate: nullable(finite),
      est_error: nullable(finite),
      ci_lower: nullable(finite),
      ci_upper: nullable(finite),
      ci_level: finite,
      evidence_ratio: nullable(evidence),
      post_prob: nullable(finite),
      star: oneOf("*", ""),
    }),
  ),
});

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
