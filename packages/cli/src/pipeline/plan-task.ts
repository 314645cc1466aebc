import { join } from "node:path";
import {
  type DeclaredLevels,
  evaluateHypotheses,
  formulaInflation,
  type HypothesisTable,
  type PlanFitResult,
  type PlannedFit,
  type PlanResults,
  type PublishedRow,
  parseHypothesis,
  type RunManifest,
  type RunSummary,
  type TableRow,
  type TenthEffect,
  tableRow,
  VariableNames,
} from "@bridgewise/core";
import { type DrawsReader, readRunFolder, saveHypotheses } from "@bridgewise/core/node";
import { Stopped } from "../failure.ts";
import { runFit } from "./fit.ts";
import { keepChecks, keepLoo, readHypotheses } from "./plan-artefacts.ts";
import { type DataFile, readTable } from "./ratings.ts";
import type { FitProgress, StopSignal } from "./run.ts";
import type { FitSettings } from "./settings.ts";

/** One fit of a plan with what is to be made of it. */
export interface PlanTask {
  readonly fit: PlannedFit;
  /** Title of its analysis. */
  readonly title: string;
  /** The derived columns that it needs, in order. */
  readonly derive: NonNullable<FitSettings["derive"]>;
  /** The plan's names of columns and orders of levels. */
  readonly rename: FitSettings["rename"];
  readonly levels: DeclaredLevels;
  /** Run folder. */
  readonly dir: string;
  /** [hypotheses] the published row of each, null where there is none. */
  readonly published: readonly (PublishedRow | null)[];
  /** See core's `tenthKind`, and `KnownData`. */
  readonly kind: TenthEffect["kind"];
  readonly scores: string | null;
  readonly threads: number;
}

/** Part of a task that is timed. */
export type PlanPart = "fit" | "loo" | "checks";

export interface PlanTaskResult {
  readonly result: PlanFitResult;
  readonly rhat: number | null;
  readonly rows: readonly TableRow[];
  readonly vifs: PlanResults["vifs"];
  /** 90% intervals that hold the true value, where that is known. */
  readonly recovery: PlanResults["recovery"];
  /** Seconds that were spent now; 0 for what was there. */
  readonly spent: Readonly<Record<PlanPart, number>>;
}

export interface PlanTaskHooks {
  /** `share`: of the part that is done, 0 to 1. */
  readonly onProgress: (part: PlanPart, share: number) => void;
  readonly onNote: (note: string) => void;
  readonly signal: StopSignal;
}

/** Runs a fit into its folder, unless that holds it already, and so with its hypotheses, leave-one-out and checks. */
export async function runPlanTask(
  task: PlanTask,
  data: DataFile,
  hooks: PlanTaskHooks,
): Promise<PlanTaskResult> {
  const { fit, title, dir, derive } = task;
  const { signal } = hooks;
  const { manifest, summary, diagnostics, notes, unchanged } = await runFit({
    formula: fit.formula,
    family: fit.family,
    data,
    priors: fit.priors,
    rename: task.rename,
    ...(Object.keys(task.levels).length > 0 && { levels: task.levels }),
    derive,
    conditions: fit.where,
    chains: fit.chains,
    warmup: fit.warmup,
    draws: fit.draws,
    seed: fit.seed,
    label: fit.label,
    engine: "simd",
    // leave-one-out needs the effects, which only a gaussian's draws can do without
    ...(fit.loo && fit.family !== "gaussian" && { effects: "all" as const }),
    out: dir,
    threads: task.threads,
    unfinished: "replace",
    onProgress: (progress) => hooks.onProgress("fit", shareOf(progress, fit.draws)),
    onNote: hooks.onNote,
    signal,
  });
  const spent = {
    fit: unchanged ? 0 : summary.seconds.total + (summary.seconds.summary ?? 0),
    loo: 0,
    checks: 0,
  };
  const stopped = (): void => {
    if (signal.aborted) throw new Stopped({ message: "stopped" });
  };
  const rows = await hypothesesOf(task, manifest);
  if (fit.loo) {
    stopped();
    spent.loo = await keepLoo(task, manifest, data, hooks);
  }
  if (fit.checks) {
    stopped();
    spent.checks = await keepChecks(task, manifest, data, hooks, stopped);
  }
  return {
    result: {
      id: fit.id,
      analysis: fit.analysis,
      title,
      role: fit.role,
      label: fit.label,
      subset: fit.subset,
      dv: fit.dv,
      formula: fit.formula,
      family: fit.family,
      run: `runs/${fit.id}`,
      rows: manifest.data.rows_used,
      seconds: summary.seconds.total + (summary.seconds.summary ?? 0),
      cached: unchanged,
      notes,
      warnings: diagnostics.warnings,
      variation: fit.variation,
    },
    rhat: diagnostics.max_rhat?.value ?? null,
    rows,
    vifs: fit.vif ? vifsOf(task, data) : [],
    recovery: manifest.truth ? recoveryOf(manifest.truth, summary) : null,
    spent,
  };
}

/** Warm-up iterations that are enough as a rule: it ends where the chains agree. */
export const USUAL_WARMUP = 200;

function shareOf(progress: FitProgress, draws: number): number {
  const all = USUAL_WARMUP + draws;
  if (progress.phase === "warmup") return Math.min(progress.iteration, USUAL_WARMUP) / all;
  return progress.phase === "sampling" ? (USUAL_WARMUP + progress.iteration) / all : 1;
}

/** The plan's hypotheses tested on the run's draws, kept as hypotheses.json, as rows beside the published ones. */
async function hypothesesOf(
  { fit, dir, published, kind, scores }: PlanTask,
  manifest: RunManifest,
): Promise<TableRow[]> {
  if (fit.hypotheses.length === 0) return [];
  const texts = fit.hypotheses.map(({ hypothesis }) => hypothesis);
  const draws: DrawsReader = await (await readRunFolder(dir)).openDraws();
  try {
    // removed with the draws that it is of, so it is these draws' where it is there
    const names = new VariableNames(draws.variables);
    const labels = texts.map((text) => parseHypothesis(text, names).label);
    const kept = await readHypotheses(join(dir, "hypotheses.json"), labels);
    const table: HypothesisTable = kept ?? (await evaluateHypotheses(texts, draws));
    if (kept === undefined) await saveHypotheses(dir, table);
    const rows: TableRow[] = [];
    for (const [i, hypothesis] of fit.hypotheses.entries()) {
      const b = await draws.read(draws.variables.indexOf(hypothesis.variable));
      rows.push(
        tableRow({
          fit,
          hypothesis,
          result: table.rows[i]!,
          draws: b,
          published: published[i] ?? null,
          kind,
          known: {
            simulated: manifest.simulated,
            rows: manifest.data.rows_used,
            truth: manifest.truth?.[hypothesis.variable] ?? null,
            scores,
          },
        }),
      );
    }
    return rows;
  } finally {
    await draws.close();
  }
}

function vifsOf({ fit, derive }: PlanTask, data: DataFile): PlanResults["vifs"] {
  const { frame } = readTable(data, { where: null, rename: [], derive, conditions: fit.where });
  return formulaInflation(fit.formula, frame).terms.map(({ term, gvif }) => ({
    fit: fit.id,
    term,
    vif: gvif,
  }));
}

/** How many of a fit's parameters have their true value in their 90% interval. */
function recoveryOf(
  truth: NonNullable<RunManifest["truth"]>,
  { variables }: RunSummary,
): { readonly inside: number; readonly count: number } {
  const known = Object.entries(truth).filter(([name]) => name in variables);
  const inside = known.filter(([name, value]) => {
    const { q5, q95 } = variables[name]!;
    return q5 !== null && q95 !== null && q5 <= value && value <= q95;
  });
  return { inside: inside.length, count: known.length };
}
