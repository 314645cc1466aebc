import type { RunManifest, VariableSummary } from "@bridgewise/core";
import type { ReportRun } from "../src/report-data.ts";

const variable = (median: number, sd: number): VariableSummary => ({
  mean: median,
  median,
  sd,
  mad: sd,
  q5: median - 1.645 * sd,
  q95: median + 1.645 * sd,
  rhat: 1.001,
  ess_bulk: 3000,
  ess_tail: 2500,
  mcse_mean: sd / 55,
});

/** A made-up run, marked as simulated. */
export function makeRun(
  label: string,
  change: {
    manifest?: Partial<RunManifest>;
    variables?: Record<string, VariableSummary>;
    warnings?: string[];
  } = {},
): ReportRun {
  return {
    id: label,
    manifest: {
      format: "bridgewise-run/1",
      bridgewise: "0.0.0",
      label,
      formula: "highest ~ A + B + (1 | g)",
      family: "bernoulli",
      data: { file: "table.csv", sha256: "0".repeat(64), rows: 100, rows_used: 90 },
      simulated: true,
      truth: { b_A: 1, b_B: 5 },
      priors: { b_A: "flat()" },
      groups: [{ name: "g", levels: 2 }],
      chains: 4,
      warmup: 200,
      draws: 1000,
      seed: 1,
      threads: 1,
      engine: "simd",
      density: "latent",
      node: "v24",
      created: "2026-01-01T00:00:00.000Z",
      ...change.manifest,
    },
    summary: {
      variables: change.variables ?? {
        b_Intercept: variable(-1, 0.1),
        b_A: variable(1.1, 0.1),
        b_B: variable(-0.02, 0.1),
        "r_g[x,Intercept]": variable(0.5, 0.1),
        "r_g[y,Intercept]": variable(-0.5, 0.4),
      },
      seconds: { setup: 0.1, warmup: 0.2, sampling: 0.3, total: 0.6 },
      engine: "simd",
      chains: 4,
      warmup: 200,
      draws: 1000,
      divergences: 0,
    },
    diagnostics: {
      divergences: 0,
      step_size: 0.9,
      acceptance: 0.85,
      gradients_per_draw: 2.5,
      max_rhat: { variable: "b_A", value: 1.001 },
      min_ess_bulk: { variable: "b_A", value: 3000 },
      min_ess_tail: { variable: "b_A", value: 2500 },
      warnings: change.warnings ?? [],
    },
    shapes: {},
  };
}
