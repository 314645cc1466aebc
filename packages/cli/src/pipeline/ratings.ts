import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  buildModel,
  type DroppedRows,
  type Frame,
  InputError,
  type Model,
  parseCsv,
  selectRows,
} from "@bridgewise/core";
import type { FitSettings } from "./settings.ts";

/** A data file and what `bridgewise simulate` left beside it, as bytes with their hashes. */
export interface DataFile {
  /** Path as the person wrote it, for messages. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly simulated?: { readonly text: string; readonly sha256: string };
}

export interface Ratings {
  readonly model: Model;
  /** Rows of the file. */
  readonly rows: number;
  readonly dropped: DroppedRows;
  /** That the data are simulated, and the true values for this response where they are known. */
  readonly simulated?: { readonly truth?: Readonly<Record<string, number>> };
}

export async function readData(file: string): Promise<DataFile> {
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
    throw new InputError(`${why}: give the CSV file with --data`, { file });
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
export function readRatings(data: DataFile, settings: FitSettings): Ratings {
  const all = parseCsv(data.bytes, { source: data.file, rename: Object.fromEntries(settings.rename) });
  const frame = settings.where ? keepRows(all, ...settings.where) : all;
  const { formula, family, priors } = settings;
  const { model, dropped } = buildModel({ formula, family, frame, priors });
  return {
    model,
    rows: all.rows,
    dropped,
    ...(data.simulated && { simulated: truthOf(data.simulated.text, model.response) }),
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

function truthOf(text: string, response: string): { truth?: Record<string, number> } {
  const { truth } = JSON.parse(text) as { truth?: Record<string, Record<string, number>> };
  return truth?.[response] ? { truth: truth[response] } : {};
}
