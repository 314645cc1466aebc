import type { ReportRun } from "../report-data.ts";
import { decimals, fixed } from "../rounding.ts";
import { type Panel, termName } from "../sentences.ts";
import { count, num, numeric, textual } from "./cells.ts";
import { slug } from "./dom.ts";
import { type Cell, type DataTable, makeTable } from "./table.ts";
import { linkTo } from "./view.ts";

/** All parameters of a panel's fits but the levels of groups. */
export function coefficientTable(panel: Panel): DataTable {
  const withTruth = panel.runs.some((run) => run.manifest.truth);
  const names = [...new Set(panel.runs.flatMap((run) => Object.keys(run.summary.variables)))].filter(
    (name) => !name.startsWith("r_"),
  );
  const ids: string[] = [];
  const rows = names.flatMap((name) =>
    panel.runs.flatMap((run): Cell[][] => {
      const v = run.summary.variables[name];
      if (v === undefined) return [];
      ids.push(termRowId(run, name));
      const d = decimals(v);
      const truth = run.manifest.truth?.[name];
      const missed =
        truth !== undefined && v.q5 !== null && v.q95 !== null && (truth < v.q5 || truth > v.q95);
      return [
        [
          {
            text: name.startsWith("b_") ? termName(name) : name,
            href: linkTo("diagnostics", { fit: run.id }),
          },
          { text: run.manifest.label },
          num(v.median, d),
          num(v.sd, d),
          num(v.q5, d),
          num(v.q95, d),
          ...(withTruth
            ? [
                {
                  text: fixed(truth, 3),
                  value: truth,
                  mark: missed ? "missed" : undefined,
                  title: missed ? "outside the 90% interval" : undefined,
                },
              ]
            : []),
          num(v.rhat, 3, v.rhat !== null && v.rhat > 1.01 ? "warn" : undefined),
          count(v.ess_bulk),
          count(v.ess_tail),
        ],
      ];
    }),
  );
  const heads = [
    "Median",
    "Est. error",
    "5%",
    "95%",
    ...(withTruth ? ["Truth"] : []),
    "R-hat",
    "Bulk ESS",
    "Tail ESS",
  ];
  return makeTable(
    `${panel.response}: medians, standard deviations and 90% intervals (5% to 95%) of all parameters${withTruth ? "; a truth outside its interval is marked" : ""}`,
    slug(`coefficients-${panel.response}-${panel.family}`),
    [textual("Parameter"), textual("Fit"), ...heads.map((name) => numeric(name))],
    rows,
    { ids },
  );
}

/** A parameter's id in links. */
export const termRowId = (run: ReportRun, variable: string): string => slug(`row-${run.id}-${variable}`);
