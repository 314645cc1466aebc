import { relative, resolve } from "node:path";
import { type Contrasts, type DeclaredLevels, type Family, InputError, runHash } from "@bridgewise/core";
import type { EngineSettings } from "@bridgewise/sampler-gpu/node";
import { version } from "../version.ts";
import type { DataFile } from "./ratings.ts";

/** All that a fit is, but for where it runs: it is kept in the checkpoint, so that a folder is enough to go on. */
export interface FitSettings extends EngineSettings {
  readonly formula: string;
  readonly family: Family;
  readonly priors: readonly string[];
  /** Keep only rows where the column has this value. */
  readonly where: readonly [column: string, value: string] | null;
  /** New name for a column: [new, old]. */
  readonly rename: readonly (readonly [string, string])[];
  /** Columns made from others, as a plan says, before rows are chosen: [name, expression], in order. */
  readonly derive?: readonly (readonly [name: string, expression: string])[];
  /** Keep only rows where all of these hold, as a plan says: `conversation_type == "unguided"`. */
  readonly conditions?: readonly string[];
  /** How factors are coded; absent for treatment contrasts. */
  readonly contrasts?: Contrasts;
  /** The order of text columns' levels, where it is declared. */
  readonly levels?: DeclaredLevels;
  /** The prior alone is sampled. */
  readonly priorOnly?: true;
  /** Which groups' effects are kept; absent for `auto`. */
  readonly effects?: Exclude<KeptEffects, "auto">;
  readonly chains: number;
  readonly warmup: number;
  /** Draws of each chain. */
  readonly draws: number;
  readonly seed: number;
  readonly label: string;
  readonly data: {
    /** From the run folder: both can be moved together. */
    readonly path: string;
    readonly sha256: string;
    readonly simulated: string | null;
  };
}

/** Which groups' effects, r_*, are kept as draws: of groups with at most 100 levels, of all, of none. */
export const KEPT_EFFECTS = ["auto", "all", "none"] as const;
export type KeptEffects = (typeof KEPT_EFFECTS)[number];

/** Most levels of a group whose effects are kept, as the sampler is told it; empty where it decides. */
export const reportedLevels = ({
  effects,
}: Pick<FitSettings, "effects">): { readonly reportedLevels?: number } =>
  effects === undefined ? {} : { reportedLevels: effects === "all" ? Number.POSITIVE_INFINITY : 0 };

/** What may be left out, as the command's help says it. */
export const DEFAULTS = { chains: 4, warmup: 1000, draws: 1000, seed: 1 } as const;

/** A fit's settings with its data file, which stands as seen from the run folder. */
export function settingsOf(request: Omit<FitSettings, "data">, data: DataFile, out: string): FitSettings {
  const { formula, family, priors, where, rename, chains, warmup, draws, seed, label } = request;
  const { engine, precision, parametrisation, contrasts, levels, priorOnly, effects } = request;
  const { derive = [], conditions = [] } = request;
  return {
    ...{ formula, family, priors, where, rename, chains, warmup, draws, seed, label },
    ...{ engine, precision, parametrisation },
    // what is not asked for stays absent, so that a fit keeps its hash when there is more to ask for
    ...(derive.length > 0 && { derive }),
    ...(conditions.length > 0 && { conditions }),
    ...(contrasts !== undefined && { contrasts }),
    ...(levels !== undefined && { levels }),
    ...(priorOnly && { priorOnly }),
    ...(effects !== undefined && { effects }),
    data: {
      path: pathFrom(out, data),
      sha256: data.sha256,
      simulated: data.simulated?.sha256 ?? null,
    },
  };
}

/** A data file's path as seen from the run folder. */
export const pathFrom = (out: string, { file }: DataFile): string => relative(resolve(out), resolve(file));

export const hashOf = ({ data, label: _, ...settings }: FitSettings): string =>
  runHash({ bridgewise: version, ...settings, data: data.sha256, simulated: data.simulated });

/** The data file must be the one that the fit was begun with. */
export function checkData(found: DataFile, { data }: FitSettings): void {
  if ((found.simulated?.sha256 ?? null) === data.simulated) checkContent(found, data.sha256);
  else throw otherData(found, data.sha256);
}

/** Its content alone must be. */
export function checkContent(found: DataFile, sha256: string): void {
  if (found.sha256 !== sha256) throw otherData(found, sha256);
}

function otherData(found: DataFile, sha256: string): InputError {
  return new InputError(
    `is not the data that this fit was begun with (SHA-256 ${found.sha256.slice(0, 12)}…, then ${sha256.slice(0, 12)}…); give the same file with --data, or begin anew with fit --force`,
    { file: found.file },
  );
}
