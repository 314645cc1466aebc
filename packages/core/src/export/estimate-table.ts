import type { RunManifest, VariableSummary } from "../run/run.ts";
import { supportedDecimals } from "./decimals.ts";
import { drawsOf, isImported, SIMULATED, whole } from "./describe-run.ts";
import type { Span, TextTable } from "./text-table.ts";

/** A variable's row: its summary and its central interval, null where draws are missing. */
export interface EstimateRow {
  readonly name: string;
  readonly summary: VariableSummary;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Decimals in tables for print. */
const PRINT = { least: 0, most: 4, otherwise: 2 };

/** Posterior means with errors and intervals, as brms's summary shows them; `level` of the intervals, such as 0.95. */
export function estimateTable(
  manifest: RunManifest,
  estimates: readonly EstimateRow[],
  level: number,
): TextTable {
  const percent = `${Number((100 * level).toPrecision(6))}%`;
  return {
    label: `estimates-${manifest.label}`,
    caption: [
      ...describedBy("Estimates", manifest),
      {
        text: ` Posterior mean, standard deviation and central ${percent} interval; R-hat and effective sample sizes. Digits are those that the Monte Carlo error supports.`,
      },
    ],
    columns: [
      "Variable",
      "Estimate",
      "Est. Error",
      `l-${percent} CI`,
      `u-${percent} CI`,
      "Rhat",
      "Bulk ESS",
      "Tail ESS",
    ],
    rows: estimates.map(({ name, summary, lower, upper }) => {
      const decimals = supportedDecimals(summary.mcse_mean, PRINT);
      return [
        name,
        ...[summary.mean, summary.sd, lower, upper].map((x) => fixed(x, decimals)),
        fixed(summary.rhat, 3),
        ...[summary.ess_bulk, summary.ess_tail].map((x) => (x === null ? "NA" : whole(Math.round(x)))),
      ];
    }),
  };
}

/** The beginning of a caption: what of which model. */
export function describedBy(what: string, manifest: RunManifest): Span[] {
  const { formula, family, data, simulated } = manifest;
  return [
    { text: `${simulated ? `${SIMULATED}. ` : ""}${what} of ` },
    { text: formula, code: true },
    {
      text: isImported(manifest)
        ? ` from ${data.file}, ${drawsOf(manifest)}.`
        : ` (${family}), ${whole(data.rows_used)} rows, ${drawsOf(manifest)}.`,
    },
  ];
}

/** A number with so many decimals, NA for none, no minus before a rounded zero. */
export function fixed(value: number | null, decimals: number): string {
  if (value === null) return "NA";
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text;
}
