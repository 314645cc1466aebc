import type { ImportedDraws, RunManifest } from "@bridgewise/core";
import type { ReportData } from "../report-data.ts";
import { whole } from "../rounding.ts";

/** How the draws came about: by fits, or by another program. */
export function methodSentence({ runs, version }: ReportData): string {
  const imported = runs.filter((run) => run.manifest.imported).length;
  const other = "draws of another program, of whose model, priors and data nothing is known here";
  if (imported === runs.length) return `These are ${other}; summaries are by bridgewise ${version}.`;
  const fitted = `Bayesian mixed-effects regressions, fitted by Hamiltonian Monte Carlo with bridgewise ${version}. Predictors are centred for sampling and the intercept is reported for the predictors as they are.`;
  return imported === 0 ? fitted : `${fitted} Runs that say (imported) are ${other}.`;
}

/** What is known of imported draws. */
export function importedFacts(manifest: RunManifest, imported: ImportedDraws): [string, string][] {
  const { chains, draws, warmup, created } = manifest;
  return [
    ["Draws", `${chains} chains x ${whole(draws)}${warmup > 0 ? ` after ${whole(warmup)} of warm-up` : ""}`],
    ["Format", imported.format],
    ...imported.files.map(({ file, sha256 }): [string, string] => [file, `SHA-256 ${sha256}`]),
    ["Sampler's columns", imported.sampler.join(", ") || "none: divergences are not known"],
    ["Imported", created],
  ];
}
