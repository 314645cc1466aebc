import type { PublishedRow, TableRow } from "@bridgewise/core";
import { MARKS, ratioText } from "../evidence.ts";
import type { ReportData } from "../report-data.ts";
import { decimals, fixed } from "../rounding.ts";
import { rowId } from "../row-sentence.ts";
import { termWords } from "../words.ts";
import { interval, intervalColumn, num, numeric, textual } from "./cells.ts";
import { type Cell, type Column, type DataTable, makeTable } from "./table.ts";
import { linkTo } from "./view.ts";

/** Rows further from the published ones than this, in combined standard errors, are marked. */
export const FAR = 3;

export const isFar = ({ difference_se }: TableRow): boolean =>
  difference_se !== null && Math.abs(difference_se) > FAR;

/** As published: three decimals. */
const PRINTED = 3;

const OURS = "Ours";
export const PUBLISHED = "Published";
export const TENTH = "0.1 more";
const INTERVAL = "90% interval";

const estimateColumns = (group: string): Column[] => [
  numeric("Estimate", group),
  numeric("Error", group),
  intervalColumn(INTERVAL, group),
  { ...numeric("Evidence ratio", group), parts: ["Evidence ratio", "Mark"] },
  numeric("P", group),
];

/** Rows of an analysis: ours, what was published beside it, how far apart they are, and what 0.1 more does. */
export function publishedTable(
  data: ReportData,
  caption: string,
  file: string,
  rows: readonly TableRow[],
): DataTable {
  const published = rows.some((row) => row.published !== null);
  const responses = rows.some(({ dv }) => dv !== null);
  const ratios = rows.some(({ plus_tenth }) => plus_tenth.kind !== "difference");
  const columns: Column[] = [
    textual("Coefficient"),
    textual("Data"),
    ...(responses ? [textual("Response")] : []),
    textual("b"),
    ...(published ? [numeric("Apart, SE")] : []),
    ...estimateColumns(OURS),
    ...(published ? estimateColumns(PUBLISHED) : []),
    ...tenthColumns(rows, ratios, published),
  ];
  return makeTable(
    caption,
    file,
    columns,
    rows.map((row) => cellsOf(data, row, { published, responses, ratios })),
    { ids: rows.map(rowId) },
  );
}

/** What 0.1 more does, under its own name: an odds ratio, a score ratio or a difference. */
function tenthColumns(rows: readonly TableRow[], ratios: boolean, published: boolean): Column[] {
  const kinds = [...new Set(rows.map(({ plus_tenth }) => plus_tenth.kind))];
  const name = kinds.length === 1 ? kinds[0]!.charAt(0).toUpperCase() + kinds[0]!.slice(1) : "Effect";
  return [
    numeric(name, TENTH),
    intervalColumn(INTERVAL, TENTH),
    ...(ratios ? [numeric("exp(0.1 b), %", TENTH)] : []),
    ...(ratios && published ? [numeric("PAPER\u2019s formula, %", TENTH)] : []),
  ];
}

function cellsOf(
  data: ReportData,
  row: TableRow,
  { published, responses, ratios }: { published: boolean; responses: boolean; ratios: boolean },
): Cell[] {
  const { ours, plus_tenth: tenth, difference_se: difference } = row;
  const run = data.runs.find(({ id }) => id === row.fit);
  const summary = run?.summary.variables[row.variable];
  const digits = summary ? decimals(summary) : PRINTED;
  const far = isFar(row);
  const isRatio = tenth.kind !== "difference";
  const percent = isRatio ? 100 * (tenth.ratio - 1) : null;
  return [
    {
      text: termWords(row.term),
      href: linkTo("diagnostics", { fit: row.fit }),
      title: `${row.variable} in the fit ${row.fit}`,
    },
    { text: row.conversation_type },
    ...(responses ? [{ text: (row.dv ?? "").replaceAll("_", " ") }] : []),
    { text: `${row.direction} 0`, mark: "tight" },
    ...(published
      ? [
          {
            text: fixed(difference, 1),
            value: difference ?? undefined,
            mark: far ? "far" : undefined,
            title: far ? `more than ${FAR} combined standard errors apart` : undefined,
          },
        ]
      : []),
    num(ours.estimate, digits),
    num(ours.est_error, digits),
    interval(ours.ci_lower, ours.ci_upper, digits),
    ratioCell(ratioText(ours), ours.evidence_ratio, ours.star),
    num(ours.post_prob, PRINTED),
    ...(published ? publishedCells(row.published) : []),
    num(tenth.ratio, isRatio ? 3 : 4),
    interval(tenth.lower, tenth.upper, isRatio ? 3 : 4),
    ...(ratios ? [num(percent, 1)] : []),
    ...(ratios && published ? [num(tenth.paper_percent, 1)] : []),
  ];
}

/** An evidence ratio with its mark; published infinite ones are null in the source. */
const ratioCell = (text: string, ratio: number | "Inf" | null, star: string): Cell => {
  const value = ratio === "Inf" ? Number.POSITIVE_INFINITY : ratio;
  return {
    text: `${text}${star === "" ? "" : ` ${star}`}`,
    value: value ?? undefined,
    parts: [value, star],
    title: star === "*" || star === "†" ? MARKS[star] : undefined,
  };
};

function publishedCells(row: PublishedRow | null): Cell[] {
  if (row === null) return estimateColumns(PUBLISHED).map(() => ({ text: "–" }));
  const ratio = row.evidence_ratio ?? "Inf";
  return [
    num(row.estimate, PRINTED),
    num(row.est_error, PRINTED),
    interval(row.ci_lower, row.ci_upper, PRINTED),
    ratioCell(ratio === "Inf" ? "Inf" : ratioText({ evidence_ratio: ratio, draws: 0 }), ratio, row.star),
    num(row.post_prob, PRINTED),
  ];
}
