import type { RunContents } from "../../src/node/run-folder.ts";
import type { Draws } from "../../src/posterior/draws.ts";
import { summarize } from "../../src/posterior/index.ts";
import type { RunManifest, VariableSummary } from "../../src/run/run.ts";

/** A made-up run on simulated data. */
export const manifest: RunManifest = {
  format: "bridgewise-run/1",
  bridgewise: "1.2.3",
  label: "a test",
  formula: "y ~ x + (1 | g)",
  family: "gaussian",
  data: { file: "table.csv", sha256: "0".repeat(64), rows: 1300, rows_used: 1234 },
  simulated: true,
  priors: { b_x: "flat()" },
  groups: [{ name: "g", levels: 2 }],
  chains: 2,
  warmup: 200,
  draws: 3,
  seed: 7,
  threads: 1,
  engine: "simd",
  density: "latent",
  node: "v24",
  created: "2026-01-01T00:00:00.000Z",
};

export const variableSummary: VariableSummary = {
  mean: 1,
  median: 1,
  sd: 0.5,
  mad: 0.5,
  q5: 0,
  q95: 2,
  rhat: 1.0009,
  ess_bulk: 1234.6,
  ess_tail: 900,
  mcse_mean: 0.01,
};

/** [variables][chains][draws] of awkward names and numbers. */
export const draws: Draws = {
  variables: [
    "b_Intercept",
    "sd_g:h__Intercept",
    "r_g[ä,b,Intercept]",
    'r_g["q" / 2,Intercept]',
    "m[1,1]",
    "m[2,1]",
  ],
  chains: 2,
  draws: 3,
  values: Float64Array.of(
    ...[0.1 + 0.2, -1 / 3, 1e300, 5e-324, -0, 123456789.123],
    ...[1, 2, 3, 4, 5, Number.NaN],
    ...[Number.POSITIVE_INFINITY, 2, 3, 4, Number.NEGATIVE_INFINITY, 6],
    ...[1e21, 1e-7, 3, 4, 5, 6],
    ...[11, 12, 13, 14, 15, 16],
    ...[21, 22, 23, 24, 25, 26],
  ),
};

/** A whole run of any draws. */
export function runOf(own: Draws): RunContents {
  const { chains, draws } = own;
  return {
    manifest: { ...manifest, chains, draws },
    summary: {
      variables: summarize(own),
      seconds: { setup: 0.1, warmup: 0.25, sampling: 0.5, total: 0.85 },
      engine: "simd",
      chains,
      warmup: 200,
      draws,
      divergences: 4,
    },
    diagnostics: {
      divergences: 4,
      step_size: 0.9,
      acceptance: 0.85,
      gradients_per_draw: 2.5,
      max_rhat: null,
      min_ess_bulk: null,
      min_ess_tail: null,
      warnings: [],
    },
    draws: own,
  };
}
