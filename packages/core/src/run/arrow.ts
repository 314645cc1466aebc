/**
 * Draws as an Apache Arrow IPC file: `.chain` and `.iteration` (int32, from 1), then one float64 column
 * for each variable, rows in record batches of some draws of every chain. Names as in R's `posterior::as_draws_df`.
 *
 * apache-arrow is loaded at first use: its import takes 50 to 80 ms, which every start of a command
 * line program would pay.
 */
import type { Vector } from "apache-arrow";
import { InputError } from "../input-error.ts";
import { checkDraws, type Draws } from "../posterior/draws.ts";
import { CHAIN, drawsFormat, ITERATION, MAGIC } from "./draws-format.ts";
import { drawsFault, readGrid } from "./draws-grid.ts";

/** The bytes of an Arrow IPC file, the same as those of a file that was written while the draws came; values that are not finite are kept. */
export async function drawsToArrow(draws: Draws): Promise<Uint8Array> {
  checkDraws(draws);
  const format = await drawsFormat(draws.variables, draws.chains);
  const parts = [format.head];
  for (let from = 0; from < draws.draws; from += format.draws) {
    const count = Math.min(format.draws, draws.draws - from);
    const values = new Float64Array(draws.variables.length * draws.chains * count);
    for (let s = 0; s < draws.variables.length * draws.chains; s++) {
      const start = s * draws.draws + from;
      values.set(draws.values.subarray(start, start + count), s * count);
    }
    parts.push(format.batch(values, count, from));
  }
  parts.push(format.tail(draws.draws));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Draws from the bytes of an Arrow IPC file, rows in any order. Missing values become NaN.
 * A file that is cut off or is not one of draws gives an InputError that names `file`.
 */
export async function drawsFromArrow(bytes: Uint8Array, file = "draws.arrow"): Promise<Draws> {
  checkFrame(bytes, file);
  const { DataType, Precision, tableFromIPC } = await import("apache-arrow");
  const columns = new Map<string, Vector>();
  try {
    const table = tableFromIPC(bytes);
    for (const [i, { name }] of table.schema.fields.entries()) {
      if (columns.has(name)) throw drawsFault(file, `has two columns '${name}'`);
      columns.set(name, table.getChildAt(i)!);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw drawsFault(file, `is damaged or compressed (${String(error).replace(/\s+/g, " ")})`);
  }

  const index = (name: string): ArrayLike<number | bigint> => {
    const column = columns.get(name);
    if (column === undefined) throw drawsFault(file, `is not a file of draws: it has no column '${name}'`);
    if (!DataType.isInt(column.type) || column.nullCount > 0) {
      throw drawsFault(
        file,
        `is not a file of draws: column '${name}' is ${column.type}, expected int32 without nulls`,
      );
    }
    return column.toArray();
  };
  const grid = readGrid(index(CHAIN), index(ITERATION), file);

  const variables = [...columns.keys()].filter((name) => name !== CHAIN && name !== ITERATION);
  const values = new Float64Array(variables.length * grid.cells.length);
  for (const [v, name] of variables.entries()) {
    const column = columns.get(name)!;
    if (!DataType.isFloat(column.type) || column.type.precision !== Precision.DOUBLE) {
      throw drawsFault(file, `is not a file of draws: column '${name}' is ${column.type}, expected float64`);
    }
    const start = v * grid.cells.length;
    const data: Float64Array = column.toArray();
    for (let row = 0; row < grid.cells.length; row++) values[start + grid.cells[row]!] = data[row]!;
    if (column.nullCount > 0) {
      for (let row = 0; row < grid.cells.length; row++) {
        if (!column.isValid(row)) values[start + grid.cells[row]!] = Number.NaN;
      }
    }
  }
  return { variables, chains: grid.chains, draws: grid.draws, values };
}

/** What can be told from a file's two ends, without the library. */
function checkFrame(bytes: Uint8Array, file: string): void {
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length === 0) throw drawsFault(file, "is empty");
  const head = text(0, MAGIC.length);
  if (!MAGIC.startsWith(head))
    throw drawsFault(file, `is not an Arrow IPC file: it does not begin with ${MAGIC}`);
  if (bytes.length < 2 * MAGIC.length + 2 || text(bytes.length - MAGIC.length, bytes.length) !== MAGIC) {
    throw drawsFault(file, `is cut off after ${bytes.length} bytes: it does not end with ${MAGIC}`);
  }
}
