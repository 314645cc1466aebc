import type { RunDiagnostics, RunManifest, RunSummary } from "../run/run.ts";
import { SIMULATED } from "./describe-run.ts";

/** A run in one JSON document, `variables` of the summary those that are wanted; `hypotheses`: hypotheses.json as it is. */
export function runDocument(run: {
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
  readonly hypotheses?: unknown;
  readonly variables: readonly string[];
}): string {
  const { manifest, summary, diagnostics, hypotheses, variables } = run;
  const kept = Object.fromEntries(variables.map((name) => [name, summary.variables[name]]));
  const document = {
    format: "bridgewise-export/1",
    ...(manifest.simulated && { note: `${SIMULATED}: not results about people` }),
    manifest,
    summary: { ...summary, variables: kept },
    diagnostics,
    ...(hypotheses !== undefined && { hypotheses }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
