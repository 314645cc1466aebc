import { dirname } from "node:path";
import type { ElpdComparison } from "@bridgewise/core";
import { readLoo } from "@bridgewise/core/node";
import { compareRuns } from "./loo-compare.ts";
import type { PlanFile } from "./plan-file.ts";
import type { DataFile } from "./ratings.ts";
import type { StopSignal } from "./run.ts";

/** The plan's comparisons of those fits that are there, with their loo.json: the first's elpd minus the second's. `dirs`: run folders by the fits' ids. */
export async function compareFits(
  { plan, published }: PlanFile,
  dirs: ReadonlyMap<string, string>,
  {
    data,
    threads,
    signal,
  }: { readonly data: DataFile; readonly threads: number; readonly signal: StopSignal },
): Promise<ElpdComparison[]> {
  const comparisons: ElpdComparison[] = [];
  for (const { id, title, fits } of plan.comparisons) {
    const [first, second] = fits.map((fit) => dirs.get(fit));
    if (first === undefined || second === undefined) continue;
    const { models, caveats } = await compareRuns({
      dirs: [first, second],
      kfold: false,
      rEffRule: "split",
      data,
      threads,
      signal,
    });
    const [of, than] = [await readLoo(first), await readLoo(second)];
    comparisons.push({
      id,
      title,
      fits,
      elpd_diff: of!.elpd_loo.estimate - than!.elpd_loo.estimate,
      // of the paired differences, the same whichever is the better one
      se_diff: models[1]!.seDiff,
      published: published?.content.differenceOf(id) ?? null,
      // runs that have the same label are told by their folders: here by those within the output
      caveats: caveats.map((text) => text.replaceAll(`${dirname(dirname(first))}/`, "")),
    });
  }
  return comparisons;
}
