import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type BuiltModel,
  buildModel,
  deriveColumns,
  type Frame,
  InputError,
  type Model,
  parseCsv,
  selectRows,
  selectWhere,
  truthFor,
} from "@bridgewise/core";
import type { FitSettings } from "./settings.ts";

/** A data file and what `bridgewise simulate` left beside it, as bytes with their hashes. */
export interface DataFile {
  /** Path as the person wrote it, for messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly simulated?: { readonly text: string; readonly sha256: string };
  /** The file's table under the recipe's names of columns, where it was read before: the bytes are then not read again. */
  readonly table?: Frame;
}

/** How a model comes from a file. */
export type Recipe = Pick<
  FitSettings,
  | "formula"
  | "family"
  | "priors"
  | "where"
  | "rename"
  | "derive"
  | "conditions"
  | "contrasts"
  | "levels"
  | "priorOnly"
>;

export interface Ratings extends BuiltModel {
  /** Rows of the file. */
  readonly rows: number;
  /** What the model was built from; `kept` are its rows. */
  readonly frame: Frame;
  /** That the data are simulated, and the true values for this model where they are known. */
  readonly simulated?: { readonly truth?: Readonly<Record<string, number>> };
}

/** `flag`: where the file is given, for messages. */
export async function readData(file: string, flag = "--data"): Promise<DataFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT"
        ? "no such file"
        : code === "EISDIR"
          ? "is a folder, not a CSV file"
          : `cannot be read (${code})`;
    throw new InputError(`${why}: give the CSV file with ${flag}`, { file });
  }
  const beside = await readFile(join(dirname(file), "SIMULATED.json"), "utf8").catch(() => undefined);
  return {
    file,
    bytes,
    sha256: sha256(bytes),
    ...(beside !== undefined && { simulated: { text: beside, sha256: sha256(beside) } }),
  };
}

const sha256 = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("hex");

/** From the file's bytes to a model. */
export function readRatings(data: DataFile, recipe: Recipe): Ratings {
  const { where, rename, derive, conditions, ...request } = recipe;
  const { rows, frame, replaced } = readTable(data, {
    where,
    rename,
    ...(derive && { derive }),
    ...(conditions && { conditions }),
  });
  const built = buildModel({ ...request, frame });
  return {
    ...built,
    rows,
    frame,
    // what stands under its name is no longer what the data were made with: a column with noise, say
    ...(data.simulated && { simulated: replaced ? {} : truthOf(data.simulated.text, built.model) }),
  };
}

/**
 * The table of a file, its columns renamed and derived, with the number of its rows before those that are not wanted were left out.
 * `replaced`: whether a derived column takes the place of one of the file's.
 */
export function readTable(
  { bytes, file, table }: Pick<DataFile, "bytes" | "file" | "table">,
  { where, rename, derive = [], conditions = [] }: Pick<Recipe, "where" | "rename" | "derive" | "conditions">,
): { readonly rows: number; readonly frame: Frame; readonly replaced: boolean } {
  const read = table ?? parseCsv(bytes, { source: file, rename: Object.fromEntries(rename) });
  const all = deriveColumns(
    read,
    derive.map(([name, expression]) => ({ name, expression, line: 0 })),
  );
  const kept = where ? keepRows(all, ...where) : all;
  return {
    rows: all.rows,
    replaced: derive.some(([name]) => read.columns.has(name)),
    frame: conditions.length === 0 ? kept : selectRows(kept, selectWhere(kept, conditions)),
  };
}

function keepRows(frame: Frame, column: string, value: string): Frame {
  const c = frame.columns.get(column);
  if (c === undefined)
    throw new InputError(
      `--where names an unknown column; there are ${[...frame.columns.keys()].join(", ")}`,
      { file: frame.source, column },
    );
  const wanted = c.type === "factor" ? c.levels.indexOf(value) : Number(value);
  const codes = c.type === "factor" ? c.codes : c.values;
  const rows: number[] = [];
  for (let i = 0; i < frame.rows; i++) if (codes[i] === wanted) rows.push(i);
  if (rows.length === 0) {
    const levels = c.type === "factor" ? `; its levels are ${c.levels.slice(0, 8).join(", ")}` : "";
    throw new InputError(`no row has the value '${value}'${levels}`, { file: frame.source, column });
  }
  return selectRows(frame, Int32Array.from(rows));
}

function truthOf(text: string, model: Model): { truth?: Readonly<Record<string, number>> } {
  const { response, predictors, groups } = model;
  const truth = truthFor(JSON.parse(text), {
    response,
    predictors,
    groups: groups.map((group) => group.name),
  });
  return truth === null ? {} : { truth };
}
