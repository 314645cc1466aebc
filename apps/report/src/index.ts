export { type BuiltReport, buildReport, type ReportOptions } from "./build/build-report.ts";
export { SINGLE_BYTES } from "./build/single-page.ts";
export { type CollectedRun, collectRun } from "./collect/collect-run.ts";
export { type Collected, collect } from "./collect/plan-output.ts";
export { type RunFolderLike, reportRunFromFolder } from "./collect/report-run.ts";
export type { PosteriorShape, ReportData, ReportRun, RunDraws } from "./report-data.ts";
