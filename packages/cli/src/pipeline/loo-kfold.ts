import {
  dropUnusedLevels,
  factorFromNumbers,
  foldsOf,
  InputError,
  type KfoldFile,
  logLikelihoodOf,
  logMeanExp,
  splitRows,
  sumOf,
} from "@bridgewise/core";
import { writeKfold } from "@bridgewise/core/node";
import { likelihoodColumns, openFitted } from "./loo-columns.ts";
import { refitAll } from "./loo-refits.ts";
import { linesOf, observedData } from "./loo-rows.ts";
import type { OpenedRun } from "./open-run.ts";
import type { CountedProgress, StopSignal } from "./run.ts";

export interface KfoldRequest {
  readonly dir: string;
  /** Where the data file is, if it was moved. */
  readonly data?: string | undefined;
  readonly k: number;
  /** A group of the model, or a column: its levels are left out whole. */
  readonly by?: string | undefined;
  /** A column: each fold gets its share of every level. */
  readonly stratify?: string | undefined;
  readonly seed: number;
  readonly threads?: number | undefined;
  readonly onProgress?: (progress: CountedProgress) => void;
  readonly signal?: StopSignal | undefined;
}

/** K-fold cross-validation of a run (Vehtari, Gelman & Gabry 2017, doi:10.1007/s11222-016-9696-4): k fits, kfold.json in the run's folder. */
export async function kfoldOfRun(request: KfoldRequest): Promise<KfoldFile> {
  const { dir, data, k, by, stratify, seed, threads, onProgress, signal } = request;
  if (by !== undefined && stratify !== undefined)
    throw new InputError(
      "--by leaves whole groups out and --stratify splits them over the folds: give one of the two",
    );
  const run = await openFitted(dir, data);
  const { model, manifest } = run;
  const folds = foldsOf(model.rows, {
    k,
    seed,
    ...(by !== undefined && { by: levelsOf(run, by, "--by") }),
    ...(stratify !== undefined && { stratify: levelsOf(run, stratify, "--stratify") }),
  });
  const split = Array.from({ length: k }, (_, fold) => splitRows(model, (row) => folds[row] === fold));
  const flags = [
    `--k ${k}`,
    ...(by === undefined ? [] : [`--by '${by}'`]),
    ...(stratify === undefined ? [] : [`--stratify '${stratify}'`]),
    `--seed ${seed}`,
    ...(data === undefined ? [] : [`--data ${data}`]),
  ];
  const { densities, discard } = await refitAll(
    run,
    split.map(({ kept, held }, fold) => ({
      key: `fold ${fold + 1}`,
      what: `fold ${fold + 1}`,
      kept,
      held,
      seed: manifest.seed + 1 + fold,
    })),
    {
      work: "kfold",
      settings: { k, by, stratify, seed },
      threads,
      ...(onProgress && { onProgress }),
      signal,
      command: `bridgewise kfold ${dir} ${flags.join(" ")}`,
    },
  );
  const elpd = new Float64Array(model.rows);
  split.forEach(({ held }, fold) => {
    held.forEach((row, i) => {
      elpd[row] = densities[fold]![i]!;
    });
  });
  const lpd = await fullDensity(run);
  const p = lpd.map((value, row) => value - elpd[row]!);
  const file: KfoldFile = {
    format: "bridgewise-kfold/1",
    label: manifest.label,
    formula: manifest.formula,
    family: manifest.family,
    run: manifest.hash ?? null,
    data: observedData(run),
    rows: model.rows,
    draws: manifest.chains * manifest.draws,
    folds: { k, seed, by: by ?? null, stratify: stratify ?? null },
    elpd_kfold: sumOf(elpd),
    p_kfold: sumOf(p),
    kfoldic: sumOf(elpd.map((value) => -2 * value)),
    pointwise: {
      line: linesOf(run),
      fold: Array.from(folds, (fold) => fold + 1),
      elpd: Array.from(elpd),
      p: Array.from(p),
    },
  };
  await writeKfold(dir, file);
  await discard();
  return file;
}

/** Log predictive density of each row in the run's own draws. */
async function fullDensity(run: OpenedRun): Promise<Float64Array> {
  const columns = await likelihoodColumns(run);
  const logLikelihood = logLikelihoodOf(run.model, columns, run.manifest.chains);
  const logLik = new Float64Array(columns.draws);
  return Float64Array.from({ length: run.model.rows }, (_, row) => {
    logLikelihood.row(row, logLik);
    return logMeanExp(logLik);
  });
}

/** [rows] level of each row, of one of the model's groups or of a column; every level occurs. */
function levelsOf({ model, frame, kept }: OpenedRun, name: string, flag: string): Int32Array {
  const group = model.groups.find((term) => term.name === name);
  if (group !== undefined) return group.index;
  const column = frame.columns.get(name);
  const there = [...new Set([...model.groups.map((term) => term.name), ...frame.columns.keys()])];
  if (column === undefined)
    throw new InputError(
      `${flag} names '${name}', which is no group and no column; there are ${there.join(", ")}`,
      {
        file: frame.source,
      },
    );
  const factor = column.type === "factor" ? column : factorFromNumbers(name, column.values);
  const own = dropUnusedLevels({ ...factor, codes: Int32Array.from(kept, (row) => factor.codes[row]!) });
  const missing = own.codes.indexOf(-1);
  if (missing >= 0)
    throw new InputError(`is missing, so its row belongs to no level of ${flag} ${name}`, {
      file: frame.source,
      line: frame.lines?.[kept[missing]!] ?? kept[missing]! + 2,
      column: name,
    });
  return own.codes;
}
