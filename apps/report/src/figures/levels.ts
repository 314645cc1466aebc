import { INTERVALS, type ReportRun } from "../report-data.ts";
import { known } from "../sentences.ts";

export interface Level {
  readonly level: string;
  readonly median: number;
  /** Ends of the interval of this mass: the wanted one, or 90% where the report has no other. */
  readonly lower: number;
  readonly upper: number;
  readonly mass: number;
}

/** What varies by level of a group, the intercept first: `Intercept`, `Days`. */
export function coefficientsOf(run: ReportRun, group: string): string[] {
  const start = `sd_${group}__`;
  return Object.keys(run.summary.variables).flatMap((name) =>
    name.startsWith(start) ? [name.slice(start.length)] : [],
  );
}

/** Reported effects of a group's levels on a coefficient, the largest first. */
export function levelsOf(run: ReportRun, group: string, coefficient = "Intercept", level = 0.9): Level[] {
  const at = (INTERVALS as readonly number[]).indexOf(level);
  const start = `r_${group}[`;
  const end = `,${coefficient}]`;
  return Object.entries(run.summary.variables)
    .flatMap(([name, summary]) => {
      const v = known(summary);
      if (!v || !name.startsWith(start) || !name.endsWith(end)) return [];
      const wanted = run.intervals?.[name]?.[at];
      const [lower, upper] = wanted ?? [v.q5, v.q95];
      return [
        {
          ...{ level: name.slice(start.length, -end.length), median: v.median, lower, upper },
          mass: wanted ? level : 0.9,
        },
      ];
    })
    .sort((a, b) => b.median - a.median);
}
