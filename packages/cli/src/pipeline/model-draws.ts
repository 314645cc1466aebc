import { type DrawColumns, InputError, predictorVariables, thinDraws } from "@bridgewise/core";
import { readColumns } from "@bridgewise/core/node";
import { likelihoodColumns } from "./loo-columns.ts";
import type { OpenedRun } from "./open-run.ts";

export interface ModelDrawsOptions {
  /** Use only so many, spread evenly; default all. */
  readonly ndraws?: number | undefined;
  /** Go on without effects that cannot be drawn either. */
  readonly effectsOptional?: boolean;
}

/**
 * Draws of these variables of a run. Group effects that a gaussian run did not keep are drawn from their conditional; what cannot be had
 * is left out, and missed where it is needed.
 */
export async function modelDraws(
  run: OpenedRun,
  names: readonly string[],
  { ndraws, effectsOptional = false }: ModelDrawsOptions = {},
): Promise<DrawColumns> {
  const { model, manifest } = run;
  const reader = await run.openDraws();
  try {
    const kept = await readColumns(reader, names);
    const own = new Set(predictorVariables(model).filter((name) => name.startsWith("r_")));
    // draws of the prior alone have no conditional given the data
    const conditional = model.family === "gaussian" && manifest.prior_only !== true;
    if (!conditional || !names.some((name) => own.has(name) && !kept.column(name)))
      return thinDraws(kept, ndraws);
    try {
      // thinned before effects are drawn: memory is effects x draws
      const thinned = thinDraws(kept, ndraws);
      const all = await likelihoodColumns(run, ndraws);
      return { ...all, column: (name) => thinned.column(name) ?? all.column(name) };
    } catch (error) {
      if (!(effectsOptional && error instanceof InputError)) throw error;
      return thinDraws(kept, ndraws);
    }
  } finally {
    await reader.close();
  }
}
