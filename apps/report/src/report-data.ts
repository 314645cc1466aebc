import type {
  DataOverview,
  Flow,
  HypothesisTable,
  LooFile,
  ModelChecks,
  PlanResults,
  RunDiagnostics,
  RunManifest,
  RunSummary,
} from "@bridgewise/core";
import type { MarginalSlope } from "./slopes.ts";

/** Masses of the intervals that a reader can choose, all equal-tailed. */
export const INTERVALS = [0.5, 0.66, 0.8, 0.9, 0.95, 0.99] as const;

/** A variable's posterior as the figures draw it. */
export interface PosteriorShape {
  readonly q25: number;
  readonly q75: number;
  /** Ends of the intervals of `INTERVALS`, in their order. */
  readonly intervals: readonly (readonly [lower: number, upper: number])[];
  /** Kernel density on an even grid, its highest point 1. */
  readonly density: { readonly from: number; readonly to: number; readonly height: readonly number[] };
}

/** Draws to the bit, or in 16 bits each, see `roundedBytes`. */
export type Precision = "exact" | "rounded";

/** Where a run's draws are for the page's own computations. */
export interface RunDraws {
  /** Script beside the page that holds them, loaded when they are needed; null where they are in the page, or left out. */
  readonly script: string | null;
  /** Id of the page's element that holds them: a line for each of `variables`, see `packDraws`. */
  readonly packed?: { readonly element: string; readonly precision: Precision };
  readonly chains: number;
  /** Of each chain. */
  readonly draws: number;
  /** Whose draws are at hand; none where they were left out to keep a single file small. */
  readonly variables: readonly string[];
  /** Further variables of the run whose draws were left out here, but for single group levels (`r_`). */
  readonly left_out: readonly string[];
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
  /** Of single levels of small groups (`r_`), which have no shapes: ends of the intervals of `INTERVALS`, in their order. */
  readonly intervals?: Readonly<Record<string, PosteriorShape["intervals"]>>;
  /** hypotheses.json, loo.json without its observations, checks.json: where the folder has them. */
  readonly hypotheses?: HypothesisTable;
  readonly loo?: Omit<LooFile, "pointwise">;
  readonly checks?: ModelChecks;
  /** Of the variables that mix worst: counts of the ranks of each chain's draws, [chain][bin]. */
  readonly ranks?: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly draws?: RunDraws;
  /** Of interactions `b_A:M`, by their name: the slope of A where M is 1, `b_A + b_A:M`. */
  readonly slopes?: Readonly<Record<string, MarginalSlope>>;
}

/** All that the page shows; plain JSON. */
export interface ReportData {
  readonly title: string;
  readonly created: string;
  readonly version: string;
  readonly runs: readonly ReportRun[];
  readonly flow?: Flow;
  /** results.json of a plan; its fits name runs by their id. */
  readonly results?: PlanResults;
  /** overview.json: the data themselves. */
  readonly overview?: DataOverview;
  /** plan.yaml's text, for download. */
  readonly plan?: string;
}
