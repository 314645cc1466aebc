import {
  InputError,
  type KCategory,
  LOO_2_10,
  type Loo,
  type LooFile,
  type LooPointwise,
  type LooRules,
  looOfPointwise,
  waicOf,
} from "@bridgewise/core";
import { looOfDraws } from "@bridgewise/core/node";
import { Stopped } from "../failure.ts";
import { likelihoodColumns, openFitted } from "./loo-columns.ts";
import { refitAll } from "./loo-refits.ts";
import { linesOf, observedData } from "./loo-rows.ts";
import { looWarnings } from "./loo-warnings.ts";
import type { OpenedRun } from "./open-run.ts";
import type { DataFile } from "./ratings.ts";
import type { CountedProgress, StopSignal } from "./run.ts";

export interface LooRequest {
  readonly dir: string;
  /** Where the data file is, if it was moved; or the file, where it was read before. */
  readonly data?: string | DataFile | undefined;
  readonly rEffRule: LooRules["efficiency"];
  readonly threads?: number | undefined;
  readonly waic: boolean;
  /** Fit again without each observation whose Pareto k is above the threshold. */
  readonly reloo: boolean;
  /** However many fits that takes. */
  readonly force: boolean;
  readonly onProgress?: (progress: CountedProgress) => void;
  readonly signal?: StopSignal | undefined;
}

/** More fits than this are a mistake more often than a wish. */
export const MOST_REFITS = 50;

/** PSIS-LOO of a run, with exact refits where asked for. */
export async function looOfRun(request: LooRequest): Promise<LooFile> {
  const { dir, data, threads, onProgress, signal } = request;
  const run = await openFitted(dir, data);
  const rules: LooRules = { ...LOO_2_10, efficiency: request.rEffRule };
  const columns = await likelihoodColumns(run);
  const pointwise = await looOfDraws(run.model, columns, run.manifest.chains, {
    rules,
    threads,
    onRows: (iteration, total) => {
      onProgress?.({ phase: "rows", iteration, total });
      if (signal?.aborted) throw new Stopped({ message: "stopped; leave-one-out begins anew the next time" });
    },
  });
  const first = looOfPointwise(pointwise, columns.draws, rules);
  if (!request.reloo) return fileOf(run, first, pointwise.k, [], request);
  const exact = await refitBad(run, first, request);
  return fileOf(run, looOfPointwise(exact.pointwise, columns.draws, rules), pointwise.k, exact.rows, request);
}

/** The figures with those of observations above the threshold from fits without them, one each (brms's `reloo`). */
async function refitBad(
  run: OpenedRun,
  { pointwise, threshold }: Loo,
  { dir, data, threads, force, onProgress, signal }: LooRequest,
): Promise<{ pointwise: LooPointwise; rows: number[] }> {
  const lines = linesOf(run);
  const rows: number[] = [];
  pointwise.k.forEach((k, row) => {
    if (k > threshold) rows.push(row);
  });
  if (rows.length > MOST_REFITS && !force)
    throw new InputError(
      `--reloo would take ${rows.length.toLocaleString("en")} fits, one for each Pareto k above ${threshold.toFixed(2)}; do it with --force, or leave out groups of rows instead: bridgewise kfold ${dir} --k 10`,
    );
  const every = Array.from({ length: run.model.rows }, (_, row) => row);
  const { densities } = await refitAll(
    run,
    rows.map((row) => ({
      key: `line ${lines[row]}`,
      what: `line ${lines[row]}`,
      kept: every.filter((other) => other !== row),
      held: [row],
      seed: run.manifest.seed + 1 + row,
    })),
    {
      work: "loo",
      settings: "reloo",
      threads,
      ...(onProgress && { onProgress }),
      signal,
      command: `bridgewise loo ${dir} --reloo${force ? " --force" : ""}${data === undefined ? "" : ` --data ${typeof data === "string" ? data : data.file}`}`,
    },
  );
  const elpd = pointwise.elpd.slice();
  const p = pointwise.p.slice();
  const k = pointwise.k.slice();
  const mcse = pointwise.mcse.slice();
  rows.forEach((row, i) => {
    const lpd = elpd[row]! + p[row]!;
    elpd[row] = densities[i]![0]!;
    p[row] = lpd - elpd[row]!;
    k[row] = 0;
    // of a plain mean of likelihoods in another fit: not known from here
    mcse[row] = Number.NaN;
  });
  return { pointwise: { ...pointwise, elpd, p, k, mcse }, rows };
}

function fileOf(
  run: OpenedRun,
  result: Loo,
  influence: Float64Array,
  refitted: readonly number[],
  { rEffRule, waic }: LooRequest,
): LooFile {
  const { manifest, model } = run;
  const lines = linesOf(run);
  const { pointwise, threshold } = result;
  const count = (label: KCategory["label"]): number =>
    result.categories.find((category) => category.label === label)!.count;
  const waicFigures = waicOf(pointwise);
  return {
    format: "bridgewise-loo/1",
    label: manifest.label,
    formula: manifest.formula,
    family: manifest.family,
    run: manifest.hash ?? null,
    r_eff_rule: rEffRule,
    data: observedData(run),
    rows: result.rows,
    draws: result.draws,
    chains: manifest.chains,
    elpd_loo: result.elpd,
    p_loo: result.p,
    looic: result.looic,
    mcse_elpd_loo: orNull(result.mcse),
    k: { threshold, good: count("good"), bad: count("bad"), very_bad: count("very bad") },
    waic: waic ? { elpd_waic: waicFigures.elpd, p_waic: waicFigures.p, waic: waicFigures.waic } : null,
    refitted: refitted.map((row) => lines[row]!),
    warnings: looWarnings(run.dir, model, result, waic ? waicFigures.unreliable : 0),
    pointwise: {
      line: lines,
      elpd: Array.from(pointwise.elpd),
      k: Array.from(pointwise.k, orNull),
      p: Array.from(pointwise.p),
      influence: Array.from(influence, orNull),
      mcse: Array.from(pointwise.mcse, orNull),
      n_eff: Array.from(pointwise.nEff, orNull),
    },
  };
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
