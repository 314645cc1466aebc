import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HypothesisTable, RunManifest } from "@bridgewise/core";
import { readLoo, writeLoo } from "@bridgewise/core/node";
import { type CheckFile, checkRun } from "./check.ts";
import { looOfRun } from "./loo.ts";
import type { PlanTask, PlanTaskHooks } from "./plan-task.ts";
import type { DataFile } from "./ratings.ts";

/** Rule of relative efficiencies, as `bridgewise loo` has it by default. */
const R_EFF_RULE = "split";
/** Draws and replicated data sets of a plan's checks: figures of shape, which more of them would not change to the eye. */
const CHECKED_DRAWS = 400;
const REPLICATES = 100;

/** The kept table, if it tests the hypotheses with these very labels at the default level. */
export async function readHypotheses(
  file: string,
  labels: readonly string[],
): Promise<HypothesisTable | undefined> {
  const kept = await readJsonIfSound<HypothesisTable>(file);
  if (kept?.rows === undefined || kept.alpha !== 0.05 || kept.robust) return undefined;
  return kept.rows.length === labels.length && kept.rows.every((row, i) => row.hypothesis === labels[i])
    ? kept
    : undefined;
}

/** Sees to the run's loo.json; seconds that it took, 0 where it was there. */
export async function keepLoo(
  { dir, threads }: PlanTask,
  { hash }: RunManifest,
  data: DataFile,
  { onProgress, signal }: PlanTaskHooks,
): Promise<number> {
  // a damaged file is made anew
  const kept = await readLoo(dir).catch(() => undefined);
  if (kept?.run != null && kept.run === hash && kept.r_eff_rule === R_EFF_RULE) return 0;
  return seconds(async () => {
    const file = await looOfRun({
      dir,
      data,
      rEffRule: R_EFF_RULE,
      threads,
      waic: false,
      reloo: false,
      force: false,
      onProgress: ({ iteration, total }) => onProgress("loo", iteration / total),
      signal,
    });
    await writeLoo(dir, file);
  });
}

/** Sees to the run's checks.json; seconds that it took, 0 where it was there. `stopped` throws where the work is to end. */
export async function keepChecks(
  { dir, fit }: PlanTask,
  { hash }: RunManifest,
  data: DataFile,
  { onProgress }: PlanTaskHooks,
  stopped: () => void,
): Promise<number> {
  const out = join(dir, "checks.json");
  const asked = { replicates: REPLICATES, ndraws: CHECKED_DRAWS, seed: fit.seed };
  const kept = await readJsonIfSound<CheckFile>(out);
  if (
    kept?.run != null &&
    kept.run === hash &&
    kept.seed === asked.seed &&
    kept.replicates === Math.min(asked.replicates, kept.draws) &&
    kept.draws === Math.min(asked.ndraws, fit.chains * fit.draws)
  )
    return 0;
  return seconds(async () => {
    await checkRun({
      dir,
      data,
      looPit: false,
      ...asked,
      out,
      onRows: (done, rows) => {
        onProgress("checks", done / rows);
        stopped();
      },
    });
  });
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** What a JSON file holds; undefined where it is not there or cannot be read, and is made anew. */
async function readJsonIfSound<T>(file: string): Promise<(Partial<T> & T) | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as T;
  } catch {
    return undefined;
  }
}
