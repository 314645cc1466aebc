import {
  type AverageEffect,
  averageEffects,
  type EffectOptions,
  groupsNamed,
  predictorVariables,
} from "@bridgewise/core";
import { modelDraws } from "./model-draws.ts";
import { openRun } from "./open-run.ts";

export interface EffectsRequest extends Omit<EffectOptions, "groups"> {
  readonly dir: string;
  readonly data?: string | undefined;
  /** `all`, `none`, or names. */
  readonly groups: readonly string[];
  readonly ndraws?: number | undefined;
}

export interface EffectsResult {
  readonly formula: string;
  readonly family: string;
  readonly rows: number;
  readonly draws: number;
  readonly at: "observed" | "mean";
  /** Groups whose effects count; none: the population's level. */
  readonly groups: readonly string[];
  /** Of the intervals. */
  readonly level: number;
  readonly effects: readonly Omit<AverageEffect, "draws">[];
}

/** Average marginal effects and contrasts of a run. */
export async function effectsOfRun(request: EffectsRequest): Promise<EffectsResult> {
  const { dir, data, groups: names, ndraws, at = "observed", level = 0.95, ...options } = request;
  const run = await openRun(dir, data);
  const groups = groupsNamed(run.model, names);
  const draws = await modelDraws(run, predictorVariables(run.model, groups), { ndraws });
  const effects = averageEffects(run, draws, { ...options, groups, at, level });
  return {
    formula: run.model.formula,
    family: run.model.family,
    rows: run.model.rows,
    draws: draws.draws,
    at,
    groups: groups.map(({ name }) => name),
    level,
    effects: effects.map(({ draws: _, ...effect }) => effect),
  };
}
