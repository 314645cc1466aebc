import type { RunManifest, RunSummary, SummaryRow, SummaryTable } from "@bridgewise/core";
import { alignColumns, digits, number, WIDTH } from "./table.ts";
import { wrap } from "./wrap.ts";

/** A summary by parts, as brms prints it; `run`: what is known of the fit. */
export function describeSummary(
  table: SummaryTable,
  warnings: readonly string[],
  run?: { readonly manifest: RunManifest; readonly summary: RunSummary },
): string {
  const levels = new Map(run?.manifest.groups.map((group) => [group.name, group.levels]));
  const parts = partsOf(table.rows).flatMap(({ title, groups }) => [
    `${title}:`,
    ...groups.flatMap(({ name, rows }) => [
      ...(name === null
        ? []
        : [`~${name}${levels.has(name) ? ` (Number of levels: ${levels.get(name)})` : ""}`]),
      rowsTable(rows, table),
    ]),
    "",
  ]);
  return [
    ...(run ? headLines(run) : [`Draws: ${table.chains} chains, ${table.draws} draws each`]),
    "",
    ...parts,
    ...wrap(
      `${table.robust ? "Estimates are medians, their errors MADs. " : ""}Bulk_ESS and Tail_ESS are effective sample sizes; Rhat is the potential scale reduction on split chains (at convergence, Rhat = 1).`,
      WIDTH,
    ),
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join("\n");
}

function headLines({
  manifest: { family, formula, data, simulated, imported, prior_only: priorOnly, draws, chains },
  summary: { warmup },
}: {
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
}): string[] {
  const total = (chains * draws).toLocaleString("en");
  const drawn = `  Draws: ${chains} chains, each with ${draws} draws after ${warmup} of warm-up; total post-warmup draws = ${total}`;
  if (imported)
    return [
      `Imported: ${imported.files.map(({ file }) => file).join(", ")} (${imported.format})${simulated ? ", SIMULATED" : ""}`,
      drawn,
    ];
  return [
    ` Family: ${family}${priorOnly ? ", draws from the prior alone" : ""}`,
    `Formula: ${formula}`,
    `   Data: ${data.file} (Number of observations: ${data.rows_used.toLocaleString("en")})${simulated ? ", SIMULATED" : ""}`,
    drawn,
  ];
}

interface Part {
  readonly title: string;
  readonly groups: readonly { readonly name: string | null; readonly rows: readonly SummaryRow[] }[];
}

const TITLES: readonly (readonly [SummaryRow["part"], string])[] = [
  ["group", "Group-Level Effects"],
  ["population", "Population-Level Effects"],
  ["family", "Family Specific Parameters"],
  ["other", "Other Variables"],
  ["level", "Group Levels"],
];

function partsOf(rows: readonly SummaryRow[]): Part[] {
  return TITLES.flatMap(([part, title]) => {
    const own = rows.filter((row) => row.part === part);
    if (own.length === 0) return [];
    const names = [...new Set(own.map(({ group }) => group))];
    return [
      { title, groups: names.map((name) => ({ name, rows: own.filter(({ group }) => group === name) })) },
    ];
  });
}

function rowsTable(rows: readonly SummaryRow[], { probs }: SummaryTable): string {
  return alignColumns([
    ["", "Estimate", "Est.Error", ...intervalHeads(probs), "Rhat", "Bulk_ESS", "Tail_ESS"],
    ...rows.map((row) => [
      row.label,
      ...[row.estimate, row.est_error, row.lower, row.upper].map((x) => number(x, digits(row))),
      number(row.rhat, 3),
      number(row.ess_bulk, 0),
      number(row.ess_tail, 0),
    ]),
  ]);
}

/** brms's heads for an equal-tailed interval, else the quantiles' names. */
function intervalHeads([low, high]: SummaryTable["probs"]): [string, string] {
  const percent = (p: number): string => `${Number((100 * p).toPrecision(6))}`;
  if (Math.abs(low - (1 - high)) > 1e-9) return [`Q${percent(low)}`, `Q${percent(high)}`];
  const level = percent(high - low);
  return [`l-${level}% CI`, `u-${level}% CI`];
}
