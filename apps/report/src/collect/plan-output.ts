import { join } from "node:path";
import { type Flow, InputError } from "@bridgewise/core";
import { isPlanOutput, type PlanOutput, readPlanOutput } from "@bridgewise/core/node";
import type { ReportData } from "../report-data.ts";
import { type CollectedRun, collectRun } from "./collect-run.ts";

/** All that a report is made of. */
export interface Collected extends Pick<ReportData, "flow" | "results" | "overview" | "plan"> {
  readonly runs: readonly CollectedRun[];
  readonly title?: string;
}

/**
 * Looks at folders: run folders, and at most one output of a plan, which brings all of its runs in the plan's order and what it found.
 * A folder that is neither gives an InputError.
 */
export async function collect(folders: readonly string[]): Promise<Collected> {
  const runs: CollectedRun[] = [];
  let output: PlanOutput | undefined;
  for (const dir of folders) {
    if (!(await isPlanOutput(dir))) {
      runs.push(await collectRun(dir));
      continue;
    }
    if (output !== undefined)
      throw new InputError(
        `is the output of a plan, as ${output.dir} is; make a report of each, or give the run folders of one`,
        { file: dir },
      );
    output = await readPlanOutput(dir);
    for (const fit of output.results.fits) runs.push(await collectRun(join(dir, fit.run), fit.id));
  }
  const flow: Flow | undefined = output?.flow;
  return {
    runs,
    ...(flow && { flow }),
    ...(output && { results: output.results, title: output.results.title }),
    ...(output?.overview && { overview: output.overview }),
    ...(output?.plan !== undefined && { plan: output.plan }),
  };
}
