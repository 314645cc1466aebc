import type { HypothesisRow, HypothesisTable } from "@bridgewise/core";
import { alignColumns, number, WIDTH } from "./table.ts";
import { wrap } from "./wrap.ts";

/** The table with brms's columns, and below it what the interval, the evidence ratio and the star mean. */
export function describeHypotheses(table: HypothesisTable): string {
  const figures = [
    HEADS,
    ...table.rows.map((row) => [
      ...[row.estimate, row.est_error, row.ci_lower, row.ci_upper].map((x) => number(x, decimalsOf(row))),
      ratio(row.evidence_ratio),
      number(row.post_prob, 3),
      row.star,
    ]),
  ];
  const taken = Math.max(
    ...alignColumns(figures)
      .split("\n")
      .map((line) => line.length),
  );
  const room = Math.max(LEAST_LABEL, WIDTH - taken - 4);
  const labels = ["Hypothesis", ...table.rows.map(({ hypothesis }) => shortened(hypothesis, room))];
  return [
    alignColumns(labels.map((label, i) => [label, ...figures[i]!])),
    "---",
    ...notes(table).flatMap((note) => wrap(note, WIDTH, "  ")),
  ].join("\n");
}

const HEADS = ["Estimate", "Est.Error", "CI.Lower", "CI.Upper", "Evid.Ratio", "Post.Prob", "Star"];

/** Characters of a hypothesis that are shown in any case: brms's. */
const LEAST_LABEL = 20;

const shortened = (label: string, room: number): string =>
  label.length > room ? `${label.slice(0, room - 3)}...` : label;

function notes({ alpha, robust, draws, rows }: HypothesisTable): string[] {
  const [oneSided, twoSided] = [percent(1 - 2 * alpha), percent(1 - alpha)];
  const all = draws.toLocaleString("en");
  const agreed = rows.some(({ evidence_ratio: ratio, sign }) => ratio === "Inf" && sign !== "=");
  const points = rows.filter(({ sign }) => sign === "=");
  return [
    `CI: ${oneSided} interval for one-sided (< and >), ${twoSided} for two-sided hypotheses (=).${robust ? " Estimates are medians, their errors MADs." : ""}`,
    ...(points.length < rows.length
      ? [
          `Evid.Ratio: the posterior odds for the hypothesis; a Bayes factor only if the prior odds are 1.${agreed ? ` Inf: all ${all} draws agree, so it is above about ${all}.` : ""}`,
        ]
      : []),
    ...(points.length > 0
      ? [
          "Evid.Ratio of two-sided hypotheses: the posterior over the prior density at the value, a Bayes factor for it; Post.Prob takes the prior odds to be 1.",
        ]
      : []),
    `*: one-sided, the posterior probability is above ${twoSided}; two-sided, the value tested lies outside the interval.`,
    ...(points.some(({ evidence_ratio }) => evidence_ratio === null)
      ? ["NA: two-sided evidence needs draws from the prior; give a fit with --prior-only as --prior RUN."]
      : []),
  ];
}

/** Two digits of the error, at least brms's two decimals. */
function decimalsOf({ est_error: error }: HypothesisRow): number {
  return error === null || !(error > 0) ? 2 : Math.min(8, Math.max(2, Math.ceil(1 - Math.log10(error))));
}

function ratio(value: number | "Inf" | null): string {
  if (value === "Inf") return value;
  return value !== null && value > 0 && value < 0.01 ? value.toPrecision(2) : number(value, 2);
}

const percent = (level: number): string => `${Number((100 * level).toPrecision(6))}%`;
