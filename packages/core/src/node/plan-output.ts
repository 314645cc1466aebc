import { join } from "node:path";
import type { DataOverview } from "../analyses/overview.ts";
import { overviewShape } from "../analyses/overview-shape.ts";
import type { PlanResults } from "../analyses/results.ts";
import { resultsShape } from "../analyses/results-shape.ts";
import { flowShape } from "../run/flow-shape.ts";
import type { Flow } from "../run/run.ts";
import { readJson, readJsonIfThere } from "./run-folder.ts";
import { isThere, readText } from "./text-file.ts";

const RESULTS = "results.json";
const AGAIN = "run the plan again";

/** What a plan's folder holds beside its run folders. */
export interface PlanOutput {
  readonly dir: string;
  readonly results: PlanResults;
  /** overview.json and table/flow.json. */
  readonly overview?: DataOverview;
  readonly flow?: Flow;
  /** Text of plan.yaml. */
  readonly plan?: string;
}

/** Whether a folder is a plan's output: it has a results.json. */
export const isPlanOutput = (dir: string): Promise<boolean> => isThere(join(dir, RESULTS));

/** Reads and checks a plan's output; what is damaged gives an InputError that names the file. */
export async function readPlanOutput(dir: string): Promise<PlanOutput> {
  const results = await readJson(dir, RESULTS, resultsShape, AGAIN);
  const overview = await readJsonIfThere(dir, "overview.json", overviewShape, AGAIN);
  const flow = await readJsonIfThere(join(dir, "table"), "flow.json", flowShape, AGAIN);
  const file = join(dir, "plan.yaml");
  let plan: string | undefined;
  if (await isThere(file)) {
    plan = "";
    for await (const piece of readText(file, AGAIN)) plan += piece;
  }
  return {
    dir,
    results,
    ...(overview && { overview }),
    ...(flow && { flow }),
    ...(plan !== undefined && { plan }),
  };
}
