import type { ReportData, ReportRun } from "../report-data.ts";
import { responseOf } from "../sentences.ts";

/** A fit's name for people: its label in the plan, for a variation with the response before it; or its response and subset. */
export function runName(run: ReportRun, { results }: ReportData): string {
  const planned = results?.fits.find(({ id }) => id === run.id);
  return planned
    ? `${planned.analysis}: ${planned.variation && planned.dv ? `${planned.dv}, ` : ""}${planned.label}`
    : `${responseOf(run)}, ${run.manifest.label}`;
}
