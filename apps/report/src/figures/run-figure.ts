import type { ReportRun } from "../report-data.ts";
import type { Figure } from "./figure.ts";

/** What all figures of one run's diagnostics share. */
export const diagnosticOf = (run: ReportRun): Pick<Figure, "page"> & { simulated: boolean } => ({
  page: "diagnostics",
  simulated: run.manifest.simulated,
});
