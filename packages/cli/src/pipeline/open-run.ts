import { join, resolve } from "node:path";
import { type Contrast, type Contrasts, type DeclaredLevels, FAMILIES, InputError } from "@bridgewise/core";
import { type RunFolder, readRunFolder } from "@bridgewise/core/node";
import { type DataFile, type Ratings, readData, readRatings } from "./ratings.ts";
import { checkContent } from "./settings.ts";

/** A finished run with its model, built anew from its data. */
export type OpenedRun = RunFolder &
  Pick<Ratings, "model" | "terms" | "frame" | "kept"> & {
    readonly contrasts?: Contrasts;
    readonly levels?: DeclaredLevels;
  };

/** `data`: where the data file is, if it was moved; or the file, where it was read before. Data that are not the run's are an InputError. */
export async function openRun(dir: string, data?: string | DataFile): Promise<OpenedRun> {
  const folder = await readRunFolder(dir);
  const { manifest } = folder;
  if (manifest.imported)
    throw new InputError(
      "the run's draws are another program's, and its model is not known; summary, hypothesis, export and report take it, for the rest fit the model with bridgewise fit",
      { file: dir },
    );
  const family = FAMILIES.find((name) => name === manifest.family);
  if (family === undefined)
    throw new InputError(`family '${manifest.family}' is not known to this version; fit again`, {
      file: dir,
    });
  if (data === undefined && manifest.data.path === undefined)
    throw new InputError(
      "the run does not say where its data are, as runs of earlier versions do not; give them with --data",
      { file: dir },
    );
  const file = typeof data === "object" ? data : await readData(data ?? resolve(dir, manifest.data.path!));
  checkContent(file, manifest.data.sha256);
  const { where, rename, derive, conditions, levels } = manifest.data;
  const coding = {
    ...(levels && { levels }),
    ...(manifest.contrasts && { contrasts: manifest.contrasts as Readonly<Record<string, Contrast>> }),
  };
  const { model, terms, frame, kept } = readRatings(file, {
    formula: manifest.formula,
    family,
    priors: manifest.prior_statements ?? [],
    where: where ?? null,
    rename: rename ?? [],
    ...(derive && { derive }),
    ...(conditions && { conditions }),
    ...coding,
    ...(manifest.prior_only && { priorOnly: true }),
  });
  if (model.rows !== manifest.data.rows_used)
    throw new InputError(
      `the model has ${model.rows} rows now and had ${manifest.data.rows_used} when it was fitted; fit again`,
      { file: join(dir, "manifest.json") },
    );
  return { ...folder, model, terms, frame, kept, ...coding };
}
