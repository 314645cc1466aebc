import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, type PlanResults } from "@bridgewise/core";
import { checkWritable } from "./fit.ts";
import type { PlanFile } from "./plan-file.ts";

/** What stands in the folder of a plan's output, by which it is known even when the plan was stopped early. */
const OWN = ["results.json", "plan.yaml", "runs", "table", "prism"];
/** Names in a message. */
const NAMED = 3;

/** An InputError, before any work is done, where a folder cannot be written, or holds something else than what comes of this plan. */
export async function checkPlanFolder(out: string, { plan, file }: PlanFile): Promise<void> {
  await checkWritable(out);
  const names = await readdir(out).catch(() => []);
  if (names.length > 0 && !names.some((name) => OWN.includes(name))) {
    const more = names.length > NAMED ? ", …" : "";
    throw new InputError(
      `holds something else (${names.toSorted().slice(0, NAMED).join(", ")}${more}); choose an empty or a new folder with --out`,
      { file: out },
    );
  }
  const there = await readFile(join(out, "results.json"), "utf8").then(describedPlan, () => undefined);
  // a plan that was changed, or lies elsewhere now, goes on with what is there
  if (there !== undefined && there.title !== plan.title && !file.endsWith(there.file))
    throw new InputError(
      `holds what came of another plan, '${there.title}' (${there.file}); choose another folder with --out`,
      { file: out },
    );
}

/** Of which plan a results.json is; undefined where it is damaged, and is made anew. */
function describedPlan(text: string): { readonly title: string; readonly file: string } | undefined {
  try {
    const { title, plan } = JSON.parse(text) as Partial<PlanResults>;
    return typeof title === "string" && typeof plan?.file === "string"
      ? { title, file: plan.file }
      : undefined;
  } catch {
    return undefined;
  }
}
