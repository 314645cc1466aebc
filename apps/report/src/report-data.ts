import type { Flow, RunDiagnostics, RunManifest, RunSummary } from "@bridgewise/core";

/** A variable's posterior as the figures draw it. */
export interface PosteriorShape {
  readonly q25: number;
  readonly q75: number;
  /** Kernel density on an even grid, its highest point 1. */
  readonly density: { readonly from: number; readonly to: number; readonly height: readonly number[] };
}

/** One fit of the report. */
export interface ReportRun {
  /** Unique in the report; ends up in ids and links. */
  readonly id: string;
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
  /** By variable, for those that figures draw. */
  readonly shapes: Readonly<Record<string, PosteriorShape>>;
}

/** All that the page shows; plain JSON. */
export interface ReportData {
  readonly title: string;
  readonly created: string;
  readonly version: string;
  readonly runs: readonly ReportRun[];
  readonly flow?: Flow;
}
