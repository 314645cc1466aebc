import { checkModel, heldOutVariables, type ModelChecks, randomStream } from "@bridgewise/core";
import { writeText } from "@bridgewise/core/node";
import { openFitted } from "./loo-columns.ts";
import { modelDraws } from "./model-draws.ts";
import { openRun } from "./open-run.ts";
import type { DataFile } from "./ratings.ts";

export interface CheckRequest {
  readonly dir: string;
  readonly data?: string | DataFile | undefined;
  /** Group whose levels' means are checked. */
  readonly by?: string | undefined;
  readonly looPit: boolean;
  readonly replicates?: number | undefined;
  readonly ndraws?: number | undefined;
  readonly seed: number;
  /** Where checks.json goes. */
  readonly out: string;
  readonly onRows?: (done: number, rows: number) => void;
}

/** checks.json: what was checked, and the checks. */
export interface CheckFile extends ModelChecks {
  readonly format: "bridgewise-checks/1";
  readonly label: string;
  readonly formula: string;
  readonly family: string;
  readonly response: string;
  readonly simulated: boolean;
  /** True for draws of the priors: the checks are then prior predictive. */
  readonly prior_only: boolean;
  readonly seed: number;
  /** The run's hash; null for runs without one. */
  readonly run: string | null;
}

/** Checks a run against its data and writes checks.json. */
export async function checkRun(request: CheckRequest): Promise<CheckFile> {
  const { dir, data, by, looPit, replicates, ndraws, seed, out, onRows } = request;
  const run = await (looPit ? openFitted : openRun)(dir, data);
  const { model, manifest } = run;
  const draws = await modelDraws(run, [...heldOutVariables(model)], { ndraws, effectsOptional: !looPit });
  const checks = checkModel(model, draws, {
    random: randomStream(seed, "replicated data"),
    looPit,
    ...(by !== undefined && { by }),
    ...(replicates !== undefined && { replicates }),
    ...(onRows && { onRows }),
  });
  const file: CheckFile = {
    format: "bridgewise-checks/1",
    label: manifest.label,
    formula: model.formula,
    family: model.family,
    response: model.response,
    simulated: manifest.simulated,
    prior_only: manifest.prior_only === true,
    seed,
    run: manifest.hash ?? null,
    ...checks,
  };
  await writeText(out, [`${JSON.stringify(file)}\n`]);
  return file;
}
