import { basename } from "node:path";
import { describePriors, type RunManifest } from "@bridgewise/core";
import type { FitInfo } from "@bridgewise/sampler-gpu/node";
import { version } from "../version.ts";
import type { DataFile, Ratings } from "./ratings.ts";
import { type FitSettings, hashOf } from "./settings.ts";

/** All that is needed to run a fit again, and to tell whether another one would be the same. */
export function manifestOf(
  settings: FitSettings,
  data: DataFile,
  { model, rows, simulated, contrasts, notes }: Ratings,
  info: FitInfo,
): RunManifest {
  const { formula, family, label, chains, draws, seed, where, rename } = settings;
  return {
    format: "bridgewise-run/1",
    bridgewise: version,
    label,
    formula,
    family,
    data: {
      file: basename(data.file),
      sha256: data.sha256,
      rows,
      rows_used: model.rows,
      path: settings.data.path,
      ...(where && { where }),
      ...(rename.length > 0 && { rename }),
      ...(settings.derive && { derive: settings.derive }),
      ...(settings.conditions && { conditions: settings.conditions }),
      ...(settings.levels && { levels: settings.levels }),
    },
    simulated: simulated !== undefined,
    ...(simulated?.truth && { truth: simulated.truth }),
    priors: describePriors(model),
    ...(settings.priors.length > 0 && { prior_statements: settings.priors }),
    ...(settings.contrasts && { contrasts }),
    ...(settings.priorOnly && { prior_only: true }),
    groups: Object.entries(Object.fromEntries(model.groups.map((g) => [g.name, g.levels.length]))).map(
      ([name, levels]) => ({ name, levels }),
    ),
    chains,
    warmup: info.warmup,
    draws,
    seed,
    threads: info.threads,
    engine: info.engine,
    precision: info.precision,
    parametrisation: info.parametrisation,
    density: info.density,
    ...(notes.length > 0 && { notes }),
    hash: hashOf(settings),
    node: process.version,
    created: new Date().toISOString(),
  };
}
