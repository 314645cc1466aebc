import type { ReportData, ReportRun } from "../report-data.ts";
import { whole } from "../rounding.ts";
import { el } from "./dom.ts";
import { importedFacts } from "./imported.ts";

/** What was fitted, to what and how: all that is needed to do it again. */
export function fitFacts(run: ReportRun, { results }: ReportData): HTMLElement {
  const m = run.manifest;
  const planned = results?.fits.find(({ id }) => id === run.id);
  const facts: readonly (readonly [string, string])[] = m.imported
    ? importedFacts(m, m.imported)
    : [
        ["Formula", m.formula],
        ["Family", m.family],
        [
          "Data",
          `${m.data.file}, ${whole(m.data.rows_used)} of ${whole(m.data.rows)} rows${m.data.where ? `, where ${m.data.where[0]} is ${m.data.where[1]}` : ""}${m.simulated ? ", SIMULATED" : ""}`,
        ],
        ["Data's SHA-256", m.data.sha256],
        ["Groups", m.groups.map((g) => `${g.name} (${whole(g.levels)})`).join(", ") || "none"],
        [
          "Priors",
          Object.entries(m.priors)
            .map(([name, prior]) => `${name} ~ ${prior}`)
            .join("; "),
        ],
        [
          "Draws",
          `${m.chains} chains x ${whole(m.draws)} after ${whole(m.warmup)} of warm-up, seed ${m.seed}`,
        ],
        [
          "Engine",
          `${m.engine}, ${m.density} density, ${m.threads} ${m.threads === 1 ? "thread" : "threads"}, Node ${m.node}`,
        ],
        ["Made", m.created],
        ...(run.loo
          ? ([
              [
                "PSIS-LOO",
                `elpd ${run.loo.elpd_loo.estimate.toFixed(1)} (SE ${run.loo.elpd_loo.se.toFixed(1)}), ${whole(run.loo.k.bad + run.loo.k.very_bad)} of ${whole(run.loo.rows)} Pareto k above ${run.loo.k.threshold.toFixed(2)}`,
              ],
            ] as const)
          : []),
        ...(planned?.notes.length ? ([["Notes", planned.notes.join("; ")]] as const) : []),
      ];
  return el("dl", {}, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}
