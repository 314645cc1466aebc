import { fixed } from "@bridgewise/core";
import type { AttributeComparison, Interval } from "@bridgewise/perspective/node";
import { alignColumns } from "./table.ts";

/** `-` where too few texts tell it. */
const f = (x: number): string => (Number.isNaN(x) ? "-" : fixed(x, 3));
const n = (value: number): string => value.toLocaleString("en");
const within = ({ estimate, lower, upper }: Interval): string => `${f(estimate)} [${f(lower)}, ${f(upper)}]`;

/** Agreement of two providers, a row an attribute. */
export function agreementTable(attributes: readonly AttributeComparison[]): string {
  return alignColumns([
    ["", "Texts", "Missing", "Pearson", "Spearman", "Difference", "Limits"],
    ...attributes.map((c) => [
      c.attribute,
      n(c.texts),
      `${(100 * c.missing).toFixed(1)}%`,
      within(c.pearson),
      within(c.spearman),
      f(c.difference.mean.estimate),
      c.difference.limits.map(f).join(", "),
    ]),
  ]);
}

/** Columns of the plot. */
const PLOT = 51;

/** Calibration as a plot of letters: a row a tenth of the texts by A, its mean A and B on a scale from 0 to 1. */
export function calibrationLines({ attribute, calibration }: AttributeComparison): string[] {
  const place = (value: number): number => Math.round((PLOT - 1) * value);
  const scale = `0${" ".repeat((PLOT - 1) / 2 - 2)}0.5${" ".repeat((PLOT - 1) / 2 - 2)}1`;
  const rows = calibration.map(({ from, to, texts, meanA, meanB }) => {
    const line = [..." ".repeat(PLOT)];
    const [a, b] = [place(meanA), place(meanB)];
    for (let i = Math.min(a, b) + 1; i < Math.max(a, b); i++) line[i] = "-";
    line[a] = "A";
    line[b] = a === b ? "*" : "B";
    return [`${from.toFixed(2)} to ${to.toFixed(2)}`, n(texts), f(meanA), f(meanB), `|${line.join("")}|`];
  });
  return [
    `${attribute} in tenths of the texts by A (* where A and B are alike)`,
    alignColumns([["A", "Texts", "Mean A", "Mean B", ` ${scale} `], ...rows]),
  ];
}

/** Mean difference by length; nothing where no length is known. */
export function lengthLines(attributes: readonly AttributeComparison[]): string[] {
  const known = attributes.flatMap(({ attribute, byLength }) =>
    byLength === null ? [] : [{ attribute, byLength }],
  );
  const most = Math.max(0, ...known.map(({ byLength }) => byLength.length));
  if (most === 0) return [];
  return [
    "",
    "Mean difference in fifths of the texts by length (characters)",
    alignColumns([
      [
        "",
        ...Array.from({ length: most }, (_, k) => (k === 0 ? "shortest" : k === most - 1 ? "longest" : "")),
      ],
      ...known.map(({ attribute, byLength }) => [
        attribute,
        ...Array.from({ length: most }, (_, k) => {
          const group = byLength[k];
          return group === undefined
            ? ""
            : `${f(group.difference.estimate)} (${n(group.from)}-${n(group.to)})`;
        }),
      ]),
    ]),
  ];
}
