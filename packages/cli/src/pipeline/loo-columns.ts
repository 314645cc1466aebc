import { type DrawColumns, predictorVariables, sdNames } from "@bridgewise/core";
import { readColumns, sharedArray } from "@bridgewise/core/node";
import { conditionalEffects } from "@bridgewise/sampler-gpu/node";
import type { OpenedRun } from "./open-run.ts";

/**
 * The draws that a run's log likelihood needs. Group effects that a gaussian run did not keep are drawn from their conditional, the same at
 * each call; where that cannot be done, an InputError says how to fit with them.
 */
export async function likelihoodColumns(run: OpenedRun): Promise<DrawColumns> {
  const { model, manifest } = run;
  const reader = await run.openDraws();
  let kept: DrawColumns;
  try {
    kept = await readColumns(reader, [...predictorVariables(model), ...model.groups.flatMap(sdNames)]);
  } finally {
    await reader.close();
  }
  return conditionalEffects(model, kept, {
    seed: manifest.seed,
    chains: manifest.chains,
    allocate: sharedArray,
  });
}
