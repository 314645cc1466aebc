import { join } from "node:path";
import { type DataOverview, type Frame, parseCsv } from "@bridgewise/core";
import { Failed } from "../failure.ts";
import type { PlanFile } from "../pipeline/plan-file.ts";
import { writePlanOutput, writeResults } from "../pipeline/plan-output.ts";
import { type PlanOutcome, runPlan } from "../pipeline/plan-run.ts";
import { type DataFile, readData } from "../pipeline/ratings.ts";
import type { StopSignal } from "../pipeline/run.ts";
import { planProgress } from "../terminal/plan-progress.ts";
import { planSummary } from "../terminal/plan-summary.ts";
import { duration } from "../terminal/progress.ts";
import { writeOut } from "../terminal/standard-output.ts";
import { makeReport } from "./report.ts";

export interface PlanReportRequest {
  readonly label: string;
  readonly planFile: PlanFile;
  /** CSV file. */
  readonly data: string;
  readonly out: string;
  /** The data may lack columns and levels: fits that need them are skipped. Otherwise that is a fault of the plan. */
  readonly mayLack: boolean;
  /** What is to be known of the scores where estimates differ from those published. */
  readonly scores: string | null;
  readonly overview: (table: DataFile & { readonly table: Frame }) => DataOverview;
  /** Seconds spent before, by phase. */
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[];
  readonly only: readonly string[] | undefined;
  readonly threads: number;
  readonly sensitivity: boolean;
  readonly seed: number | undefined;
  readonly restart: boolean;
  readonly command: string;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly signal: StopSignal;
}

/** Runs a plan on a CSV file, writes what it found and the report, and prints it as the flags ask for. */
export async function reportPlan(request: PlanReportRequest): Promise<void> {
  const { label, planFile, out, threads, quiet, json } = request;
  const began = performance.now();
  const data = await readPlanData(request.data, planFile);
  const phases = [...request.phases, { phase: "reading", seconds: (performance.now() - began) / 1000 }];
  const watch = planProgress(process.stderr, { label, style: quiet || json ? "none" : "auto", threads });
  const outcome = await runPlan({ ...request, data, watch }, phases);
  await writePlanOutput(out, { planFile, overview: request.overview(data), results: outcome.results });
  const reportBegan = performance.now();
  const { index } = await makeReport([out], join(out, "report"));
  const report = { phase: "report", seconds: (performance.now() - reportBegan) / 1000 };
  const results = { ...outcome.results, phases: [...outcome.results.phases, report] };
  await writeResults(out, results);
  if (json) await writeOut(`${JSON.stringify(results)}\n`);
  else if (!quiet) {
    console.log(planSummary(results, outcome.fits));
    console.log(`All of it: ${duration((performance.now() - began) / 1000 + sum(request.phases))}`);
    console.log(`Results: ${join(out, "results.json")}, ${join(out, "tables.json")}`);
    console.log(`Report: ${index}`);
  }
  failIfSome(outcome);
}

const sum = (phases: PlanReportRequest["phases"]): number =>
  phases.reduce((total, { seconds }) => total + seconds, 0);

function failIfSome({ failed }: PlanOutcome): void {
  if (failed.length > 0)
    throw new Failed({
      message: `${failed.length} of the fits could not be made, the rest is there: ${failed.map(({ id, reason }) => `${id}: ${reason}`).join("; ")}`,
    });
}

/** The data with their table under the plan's names, read once for all fits. */
async function readPlanData(file: string, { plan }: PlanFile): Promise<DataFile & { readonly table: Frame }> {
  const data = await readData(file);
  return { ...data, table: parseCsv(data.bytes, { source: file, rename: plan.columns }) };
}
