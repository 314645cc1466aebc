/** The shapes of a run folder's JSON files, which hold for what is written as for what is read. */
import type {
  ImportedDraws,
  RunDiagnostics,
  RunManifest,
  RunSeconds,
  RunSummary,
  VariableSummary,
} from "./run.ts";
import {
  count,
  finite,
  flag,
  list,
  literal,
  nullable,
  object,
  pair,
  record,
  type Shape,
  text,
} from "./shape.ts";

const variableSummary = object<VariableSummary>({
  mean: nullable(finite),
  median: nullable(finite),
  sd: nullable(finite),
  mad: nullable(finite),
  q5: nullable(finite),
  q95: nullable(finite),
  rhat: nullable(finite),
  ess_bulk: nullable(finite),
  ess_tail: nullable(finite),
  mcse_mean: nullable(finite),
});

/** summary.json */
export const summaryShape: Shape<RunSummary> = object<RunSummary>({
  variables: record(variableSummary),
  seconds: object<RunSeconds>(
    { setup: finite, warmup: finite, sampling: finite, total: finite, summary: finite },
    ["summary"],
  ),
  engine: text,
  chains: count,
  warmup: count,
  draws: count,
  divergences: count,
});

const extreme = nullable(
  object<{ readonly variable: string; readonly value: number }>({ variable: text, value: finite }),
);

/** diagnostics.json */
export const diagnosticsShape: Shape<RunDiagnostics> = object<RunDiagnostics>(
  {
    divergences: count,
    step_size: nullable(finite),
    acceptance: nullable(finite),
    gradients_per_draw: nullable(finite),
    ebfmi: list(finite),
    max_rhat: extreme,
    min_ess_bulk: extreme,
    min_ess_tail: extreme,
    warnings: list(text),
  },
  ["ebfmi"],
);

/** manifest.json; `format` comes first, so that a file of another version is named as such. */
export const manifestShape: Shape<RunManifest> = object<RunManifest>(
  {
    format: literal("bridgewise-run/1"),
    bridgewise: text,
    label: text,
    formula: text,
    family: text,
    data: object<RunManifest["data"]>(
      {
        file: text,
        sha256: text,
        rows: count,
        rows_used: count,
        path: text,
        where: pair,
        rename: list(pair),
        derive: list(pair),
        conditions: list(text),
        levels: record(list(text)),
      },
      ["path", "where", "rename", "derive", "conditions", "levels"],
    ),
    simulated: flag,
    truth: record(finite),
    priors: record(text),
    prior_statements: list(text),
    contrasts: record(text),
    prior_only: flag,
    groups: list(object<RunManifest["groups"][number]>({ name: text, levels: count })),
    chains: count,
    warmup: count,
    draws: count,
    seed: finite,
    threads: count,
    engine: text,
    precision: text,
    parametrisation: text,
    density: text,
    notes: list(text),
    imported: object<ImportedDraws>({
      format: text,
      files: list(object<ImportedDraws["files"][number]>({ file: text, sha256: text })),
      sampler: list(text),
    }),
    hash: text,
    node: text,
    created: text,
  },
  // runs of earlier versions lack some of these
  [
    "truth",
    "prior_statements",
    "contrasts",
    "prior_only",
    "precision",
    "parametrisation",
    "notes",
    "imported",
    "hash",
  ],
);
