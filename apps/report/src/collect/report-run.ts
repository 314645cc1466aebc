import { basename, resolve } from "node:path";
import type { RunDiagnostics, RunManifest, RunSummary } from "@bridgewise/core";
import { readChecks, readHypotheses, readLoo } from "@bridgewise/core/node";
import type { ReportRun } from "../report-data.ts";
import { type DrawsSource, levelIntervals, shapesOf } from "../shape.ts";
import { slopesOf } from "../slopes.ts";
import { rankHistogram, worstMixing } from "./ranks.ts";

/** What core's `readRunFolder` gives. */
export interface RunFolderLike {
  readonly dir: string;
  readonly manifest: RunManifest;
  readonly summary: RunSummary;
  readonly diagnostics: RunDiagnostics;
  openDraws(): Promise<DrawsSource & { close(): Promise<void> }>;
}

/** Groups with more levels than this are told by their standard deviation alone. */
const SHOWN_LEVELS = 100;

/**
 * A run folder as the report shows it, with its hypotheses.json, loo.json and checks.json where it has them. Densities, intervals and
 * ranks are taken from the draws, one variable at a time; the single effects of groups with more than 100 levels are left out. A
 * damaged file is an InputError.
 */
export async function reportRunFromFolder(folder: RunFolderLike): Promise<ReportRun> {
  const { dir, manifest, summary, diagnostics } = folder;
  const large = manifest.groups.filter(({ levels }) => levels > SHOWN_LEVELS).map(({ name }) => `r_${name}[`);
  const variables = Object.fromEntries(
    Object.entries(summary.variables).filter(([name]) => !large.some((start) => name.startsWith(start))),
  );
  const hypotheses = await readHypotheses(dir);
  const loo = await readLoo(dir);
  const checks = await readChecks(dir);
  const draws = await folder.openDraws();
  try {
    const shapes = await shapesOf(draws);
    const slopes = await slopesOf(draws);
    const intervals = await levelIntervals(draws, Object.keys(variables));
    const ranks: Record<string, number[][]> = {};
    for (const name of worstMixing(summary.variables)) {
      const at = draws.variables.indexOf(name);
      if (at < 0) continue;
      const values = await draws.read(at);
      if (!values.some(Number.isNaN)) ranks[name] = rankHistogram(values, manifest.chains);
    }
    const { pointwise: _, ...totals } = loo ?? {};
    return {
      id: basename(resolve(dir)),
      // what is drawn beside a posterior must not be taken for one
      manifest: manifest.prior_only ? { ...manifest, label: `${manifest.label} (prior alone)` } : manifest,
      summary: { ...summary, variables },
      diagnostics,
      shapes,
      ...(Object.keys(intervals).length > 0 && { intervals }),
      ranks,
      ...(Object.keys(slopes).length > 0 && { slopes }),
      ...(hypotheses && { hypotheses }),
      ...(loo && { loo: totals as Omit<typeof loo, "pointwise"> }),
      ...(checks && { checks }),
    };
  } finally {
    await draws.close();
  }
}
