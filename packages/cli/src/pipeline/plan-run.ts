import { join } from "node:path";
import {
  type ElpdComparison,
  type Frame,
  multiplicityOf,
  type PlannedFit,
  type PlanResults,
  sensitivityRows,
  tenthKind,
} from "@bridgewise/core";
import { discardUnfinished, unfinishedCheckpoint } from "@bridgewise/core/node";
import { Failed, Stopped } from "../failure.ts";
import { version } from "../version.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { compareFits } from "./plan-comparisons.ts";
import { costsOf } from "./plan-cost.ts";
import type { PlanFile } from "./plan-file.ts";
import { chooseFits, type FitChoice, sortOut } from "./plan-fits.ts";
import type { PlanPart, PlanTask, PlanTaskResult } from "./plan-task.ts";
import { runTasks } from "./plan-threads.ts";
import type { DataFile } from "./ratings.ts";
import type { StopSignal } from "./run.ts";

export interface PlanRequest extends FitChoice {
  readonly planFile: PlanFile;
  /** With its table. */
  readonly data: DataFile & { readonly table: Frame };
  readonly out: string;
  /** The data may lack columns and levels: the fits that need them are skipped. */
  readonly mayLack: boolean;
  /** What is to be known of the scores where estimates differ, see core's `KnownData`. */
  readonly scores: string | null;
  readonly threads: number;
  /** Begin anew what is unfinished. */
  readonly restart: boolean;
  /** The command that goes on, for messages. */
  readonly command: string;
  readonly signal: StopSignal;
  readonly watch: PlanWatch;
}

/** Told how the work goes; `fit`: index in `begin`'s. */
export interface PlanWatch {
  readonly begin: (fits: readonly { readonly fit: PlannedFit; readonly rows: number }[]) => void;
  readonly progress: (fit: number, part: PlanPart, share: number) => void;
  readonly note: (fit: number, note: string) => void;
  readonly done: (fit: number, outcome: PlanTaskResult | { readonly message: string }) => void;
  readonly end: () => void;
}

export interface PlanOutcome {
  readonly results: PlanResults;
  /** In the plan's order. */
  readonly fits: readonly PlanTaskResult[];
  /** Those that could not be made, of the skipped: not for want of data, but because they failed. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

/** Runs a plan's fits and gathers what they found. `phases`: what was spent before, for the record. */
export async function runPlan(request: PlanRequest, phases: PlanResults["phases"]): Promise<PlanOutcome> {
  const { planFile, data, out, signal, watch, command } = request;
  const { plan, published } = planFile;
  const began = performance.now();
  const chosen = chooseFits(planFile, data.table, request);
  const sorted = sortOut(chosen, planFile, data.table, request);
  const { skipped } = sorted;
  // the longest first, so that the threads end together
  const cost = new Map(
    sorted.possible.map(({ fit, rows }) => [
      fit,
      costsOf(fit, rows).reduce((sum, { expected }) => sum + expected, 0),
    ]),
  );
  const possible = sorted.possible.toSorted((a, b) => cost.get(b.fit)! - cost.get(a.fit)!);
  const dirOf = (fit: PlannedFit): string => join(out, "runs", fit.id);
  for (const { fit } of possible) await (request.restart ? discardUnfinished : checkUnfinished)(dirOf(fit));

  const titles = new Map(plan.analyses.map(({ id, title }) => [id, title]));
  const threads = Math.max(1, Math.min(request.threads, possible.length));
  const tasks = possible.map(
    ({ fit, derive }): PlanTask => ({
      fit,
      title: titles.get(fit.analysis) ?? fit.analysis,
      derive: derive.map(({ name, expression }) => [name, expression] as const),
      rename: Object.entries(plan.columns),
      levels: plan.levels,
      dir: dirOf(fit),
      published: fit.hypotheses.map((hypothesis) => published?.content.rowOf(fit, hypothesis) ?? null),
      kind: tenthKind(fit, [...plan.derive, ...fit.derive]),
      scores: request.scores,
      threads: Math.max(1, Math.floor(request.threads / threads)),
    }),
  );
  watch.begin(possible);
  const outcomes = await runTasks(tasks, data, {
    threads,
    signal,
    onProgress: watch.progress,
    onNote: watch.note,
    onDone: (at, outcome) => watch.done(at, outcome.kind === "done" ? outcome.result : outcome),
  }).finally(watch.end);
  const finished = outcomes.filter((outcome) => outcome !== undefined).length;
  if (finished < tasks.length || signal.aborted)
    throw new Stopped({
      message: `stopped with ${finished} of ${tasks.length} fits done; go on with the same command: ${command}`,
    });

  // in the plan's order, whichever were run first
  const order = new Map(chosen.map(({ id }, i) => [id, i]));
  const fits = outcomes
    .flatMap((outcome) => (outcome?.kind === "done" ? [outcome.result] : []))
    .sort((a, b) => order.get(a.result.id)! - order.get(b.result.id)!);
  const failed = outcomes.flatMap((outcome, i) =>
    outcome?.kind === "failed" ? [{ fit: possible[i]!.fit, reason: outcome.message }] : [],
  );
  if (fits.length === 0)
    throw new Failed({
      message: `none of the fits could be made: ${[...failed, ...skipped][0]?.reason ?? "the plan has none"}`,
    });
  const seconds = (performance.now() - began) / 1000;
  const compareBegan = performance.now();
  const comparisons = await compareFits(
    planFile,
    new Map(fits.map(({ result }) => [result.id, join(out, result.run)])),
    {
      data,
      threads: request.threads,
      signal,
    },
  );
  const results = gather(request, chosen, fits, comparisons, {
    skipped: [...skipped, ...failed].map(({ fit, reason }) => ({
      id: fit.id,
      analysis: fit.analysis,
      reason,
    })),
    phases: [
      ...phases,
      { phase: "fits, leave-one-out and checks", seconds },
      { phase: "comparisons and tables", seconds: (performance.now() - compareBegan) / 1000 },
    ],
  });
  return { results, fits, failed: failed.map(({ fit, reason }) => ({ id: fit.id, reason })) };
}

/** What another version, or a damaged disk, left unfinished stops the plan before any work is done. */
async function checkUnfinished(dir: string): Promise<void> {
  const bytes = await unfinishedCheckpoint(dir);
  if (bytes !== undefined) readCheckpoint(bytes, dir, "begin what is unfinished anew with --restart");
}

function gather(
  { planFile, data }: PlanRequest,
  chosen: readonly PlannedFit[],
  fits: readonly PlanTaskResult[],
  comparisons: readonly ElpdComparison[],
  rest: Pick<PlanResults, "skipped" | "phases">,
): PlanResults {
  const { plan, file, sha256 } = planFile;
  const own = fits.filter(({ result }) => result.role !== "sensitivity");
  const rows = own.flatMap((fit) => fit.rows);
  const estimates = new Map(
    fits.map((fit) => [fit.result.id, new Map(fit.rows.map(({ variable, ours }) => [variable, ours]))]),
  );
  const known = own.flatMap(({ recovery }) => recovery ?? []);
  return {
    format: "bridgewise-results/1",
    bridgewise: version,
    title: plan.title,
    source: plan.source,
    plan: { file: file.split(/[\\/]/).at(-1)!, sha256 },
    simulated: data.simulated !== undefined,
    fits: fits.map(({ result }) => result),
    rows,
    comparisons,
    vifs: fits.flatMap(({ vifs }) => vifs),
    multiplicity: multiplicityOf(rows),
    sensitivity: chosen.flatMap((fit) => {
      const [found, base] = [fit.id, fit.variation?.base].map((id) => id !== undefined && estimates.get(id));
      return found && base ? sensitivityRows(fit, found, base) : [];
    }),
    recovery:
      known.length === 0
        ? null
        : known.reduce((a, b) => ({ inside: a.inside + b.inside, count: a.count + b.count })),
    ...rest,
  };
}
