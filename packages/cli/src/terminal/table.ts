import { fixed, type RunSummary, supportedDecimals, type VariableSummary } from "@bridgewise/core";

/** Columns of a terminal that a table fits into where it can. */
export const WIDTH = 100;

/** Aligned columns: the first (of texts, as many as `left` says) to the left, the others to the right, two spaces apart, or one where the table is too wide for that. */
export function alignColumns(rows: readonly (readonly string[])[], left = 1): string {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  const width = widths.reduce((sum, w) => sum + w + 2, -2);
  const gap = width > WIDTH ? " " : "  ";
  return rows
    .map((row) =>
      row
        .map((cell, k) => (k < left ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)))
        .join(gap)
        .trimEnd(),
    )
    .join("\n");
}

/** The summary as brms prints it: estimates with 90% intervals, R-hat and effective sample sizes; group levels are left to summary.json. */
export function summaryTable(summary: RunSummary): string {
  const shown = Object.entries(summary.variables).filter(([name]) => !name.startsWith("r_"));
  return alignColumns([
    ["", "Estimate", "Est.Error", "5%", "95%", "Rhat", "Bulk_ESS", "Tail_ESS"],
    ...shown.map(([name, v]) => [
      name,
      ...[v.mean, v.sd, v.q5, v.q95].map((x) => number(x, digits(v))),
      number(v.rhat, 3),
      number(v.ess_bulk, 0),
      number(v.ess_tail, 0),
    ]),
  ]);
}

const DECIMALS = { least: 0, most: 8, otherwise: 3 };

/** Decimals that the Monte Carlo error supports. */
export const digits = ({ mcse_mean }: Pick<VariableSummary, "mcse_mean">): number =>
  supportedDecimals(mcse_mean, DECIMALS);

/** A number with so many decimals; NA where there is none, no minus before a rounded zero. */
export const number = fixed;
