import { basename, join } from "node:path";
import type { DataOverview, PlanResults, PlanTables } from "@bridgewise/core";
import { writeText } from "@bridgewise/core/node";
import type { PlanFile } from "./plan-file.ts";

/** Writes what a plan found beside its run folders: the plan itself, overview.json, tables.json, and last results.json. */
export async function writePlanOutput(
  out: string,
  {
    planFile,
    overview,
    results,
  }: {
    readonly planFile: PlanFile;
    readonly overview: DataOverview;
    readonly results: PlanResults;
  },
): Promise<void> {
  const { text, published } = planFile;
  const tables: PlanTables = { rows: results.rows };
  await writeText(join(out, "plan.yaml"), [text]);
  if (published) await writeText(join(out, basename(published.name)), [published.text]);
  await writeJson(join(out, "overview.json"), overview);
  await writeJson(join(out, "tables.json"), tables);
  await writeResults(out, results);
}

/** results.json: once the fits are there, and again with the time that the report took. */
export const writeResults = (out: string, results: PlanResults): Promise<void> =>
  writeJson(join(out, "results.json"), results);

const writeJson = (file: string, value: unknown): Promise<void> =>
  writeText(file, [`${JSON.stringify(value, null, 2)}\n`]);
