import type { AnalysisRole, PlanFitResult, TableRow } from "@bridgewise/core";
import type { ReportData, ReportRun } from "../report-data.ts";
import { responseOf } from "../sentences.ts";

/** A run and its place among the analyses. */
export interface Fit {
  readonly run: ReportRun;
  /** Id of its analysis; of runs without a plan one for each response and family. */
  readonly analysis: string;
  readonly title: string;
  readonly role: AnalysisRole;
  readonly subset: string;
  readonly dv: string | null;
  /** Where a plan made it. */
  readonly planned: PlanFitResult | null;
  /** Its hypotheses beside the published rows, by variable. */
  readonly rows: ReadonlyMap<string, TableRow>;
}

/** Fits of one analysis, in the order of the plan. */
export interface Analysis {
  readonly id: string;
  readonly title: string;
  readonly role: AnalysisRole;
  readonly fits: readonly Fit[];
}

/** All analyses of a report; runs that no plan names come last, together by response and family. */
export function analysesOf(data: ReportData): Analysis[] {
  const runs = new Map(data.runs.map((run) => [run.id, run]));
  const planned = (data.results?.fits ?? []).flatMap((fit): Fit[] => {
    const run = runs.get(fit.id);
    runs.delete(fit.id);
    const rows = new Map(
      data.results!.rows.filter((row) => row.fit === fit.id).map((row) => [row.variable, row]),
    );
    const { analysis, title, role, subset, dv } = fit;
    return run ? [{ run, analysis, title, role, subset, dv, planned: fit, rows }] : [];
  });
  const others = [...runs.values()].map((run): Fit => {
    const response = responseOf(run);
    return {
      run,
      analysis: `${response} ${run.manifest.family}`,
      title: `Coefficients of ${response}`,
      role: "paper",
      subset: run.manifest.label,
      dv: null,
      planned: null,
      rows: new Map(),
    };
  });
  const analyses = new Map<string, Fit[]>();
  for (const fit of [...planned, ...others])
    analyses.set(fit.analysis, [...(analyses.get(fit.analysis) ?? []), fit]);
  return [...analyses].map(([id, fits]) => ({ id, title: fits[0]!.title, role: fits[0]!.role, fits }));
}

/** An id for links and file names: letters, digits and single hyphens. */
export const figureId = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "") || "figure";

export const simulatedIn = (fits: readonly Fit[]): boolean => fits.some((fit) => fit.run.manifest.simulated);

/** Coefficients without intercepts and thresholds, in the model's order; of another program's draws without such names its scalars. */
export function termsOf(fits: readonly Fit[]): string[] {
  return [
    ...new Set(
      fits.flatMap(({ run }) => {
        const names = Object.keys(run.summary.variables);
        const own = names.filter((name) => name.startsWith("b_") && !/^b_Intercept(\[\d+\])?$/.test(name));
        return own.length > 0 || !run.manifest.imported ? own : names.filter((name) => !name.includes("["));
      }),
    ),
  ];
}

/** Those of `names` that a reader chose; all where none of the choice is among them. */
export function chosen<T>(
  items: readonly T[],
  name: (item: T) => string,
  wanted: readonly string[] | undefined,
): T[] {
  if (wanted === undefined) return [...items];
  const own = items.filter((item) => wanted.includes(name(item)));
  return own.length > 0 ? own : [...items];
}
