import { type DrawColumns, InputError, predictorVariables, sdNames, thinDraws } from "@bridgewise/core";
import { readColumns, sharedArray } from "@bridgewise/core/node";
import { conditionalEffects } from "@bridgewise/sampler-gpu/node";
import { type OpenedRun, openRun } from "./open-run.ts";
import type { DataFile } from "./ratings.ts";

/** Opens a run whose predictions can be judged: one of the prior alone has seen no data, and is an InputError. */
export async function openFitted(dir: string, data?: string | DataFile): Promise<OpenedRun> {
  const run = await openRun(dir, data);
  if (run.manifest.prior_only)
    throw new InputError("the run sampled the prior alone and has seen no data; fit without --prior-only", {
      file: dir,
    });
  return run;
}

/**
 * The draws that a run's log likelihood needs. Group effects that a gaussian run did not keep are drawn from their conditional, the same at
 * each call with the same `ndraws`: only so many draws, spread evenly; where that cannot be done, an InputError says how to fit with them.
 */
export async function likelihoodColumns(run: OpenedRun, ndraws?: number): Promise<DrawColumns> {
  const { model, manifest } = run;
  const reader = await run.openDraws();
  let kept: DrawColumns;
  try {
    kept = await readColumns(reader, [...predictorVariables(model), ...model.groups.flatMap(sdNames)]);
  } finally {
    await reader.close();
  }
  const thinned = thinDraws(kept, ndraws);
  return conditionalEffects(model, thinned, {
    seed: manifest.seed,
    // whole chains have streams of their own; draws picked from among them are told apart by their place alone
    chains: thinned === kept ? manifest.chains : 1,
    allocate: sharedArray,
  });
}
