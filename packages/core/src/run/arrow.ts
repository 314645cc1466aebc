/**
 * Draws as an Apache Arrow IPC file: `.chain` and `.iteration` (int32, from 1), then one float64 column
 * for each variable, rows in the order of the draws. Names as in R's `posterior::as_draws_df`.
 *
 * apache-arrow is loaded at first use: its import takes 50 to 80 ms, which every start of a command
 * line program would pay.
 */
import type { Vector } from "apache-arrow";
import { InputError } from "../input-error.ts";
import { checkDraws, type Draws } from "../posterior/draws.ts";

const CHAIN = ".chain";
const ITERATION = ".iteration";
/** First and last bytes of an Arrow IPC file: https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format. */
const MAGIC = "ARROW1";

/** The bytes of an Arrow IPC file; values that are not finite are kept as they are. */
export async function drawsToArrow(draws: Draws): Promise<Uint8Array> {
  checkDraws(draws);
  const { Field, Float64, Int32, makeData, RecordBatch, Schema, Struct, Table, tableToIPC } = await import(
    "apache-arrow"
  );
  const rows = draws.chains * draws.draws;
  const chain = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / draws.draws) + 1);
  const iteration = Int32Array.from({ length: rows }, (_, row) => (row % draws.draws) + 1);
  const fields = [
    new Field(CHAIN, new Int32(), false),
    new Field(ITERATION, new Int32(), false),
    ...draws.variables.map((name) => new Field(name, new Float64(), false)),
  ];
  const children = [
    makeData({ type: new Int32(), data: chain }),
    makeData({ type: new Int32(), data: iteration }),
    ...draws.variables.map((_, v) =>
      makeData({ type: new Float64(), data: draws.values.subarray(v * rows, (v + 1) * rows) }),
    ),
  ];
  const schema = new Schema(fields);
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(fields), length: rows, nullCount: 0, children }),
  );
  return tableToIPC(new Table(schema, batch), "file");
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
      if (columns.has(name)) throw fault(file, `has two columns '${name}'`);
      columns.set(name, table.getChildAt(i)!);
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fault(file, `is damaged or compressed (${String(error).replace(/\s+/g, " ")})`);
  }

  const index = (name: string): ArrayLike<number | bigint> => {
    const column = columns.get(name);
    if (column === undefined) throw fault(file, `is not a file of draws: it has no column '${name}'`);
    if (!DataType.isInt(column.type) || column.nullCount > 0) {
      throw fault(
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
      throw fault(file, `is not a file of draws: column '${name}' is ${column.type}, expected float64`);
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
  if (bytes.length === 0) throw fault(file, "is empty");
  const head = text(0, MAGIC.length);
  if (!MAGIC.startsWith(head)) throw fault(file, `is not an Arrow IPC file: it does not begin with ${MAGIC}`);
  if (bytes.length < 2 * MAGIC.length + 2 || text(bytes.length - MAGIC.length, bytes.length) !== MAGIC) {
    throw fault(file, `is cut off after ${bytes.length} bytes: it does not end with ${MAGIC}`);
  }
}

/** Chains, draws in each, and for each row its place in [chains][draws]; every place must occur once. */
function readGrid(
  chain: ArrayLike<number | bigint>,
  iteration: ArrayLike<number | bigint>,
  file: string,
): { readonly chains: number; readonly draws: number; readonly cells: Int32Array } {
  const rows = chain.length;
  if (rows === 0) throw fault(file, "holds no draws");
  let chains = 0;
  let draws = 0;
  for (let row = 0; row < rows; row++) {
    chains = Math.max(chains, Number(chain[row]));
    draws = Math.max(draws, Number(iteration[row]));
  }
  if (chains * draws !== rows) {
    throw fault(file, `has ${rows} rows, but ${chains} chains of ${draws} iterations need ${chains * draws}`);
  }
  const cells = new Int32Array(rows);
  const seen = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [c, t] = [Number(chain[row]), Number(iteration[row])];
    const cell = (c - 1) * draws + (t - 1);
    if (c < 1 || t < 1 || seen[cell] === 1) {
      throw fault(file, `has chain ${c}, iteration ${t} ${c < 1 || t < 1 ? "(they count from 1)" : "twice"}`);
    }
    seen[cell] = 1;
    cells[row] = cell;
  }
  return { chains, draws, cells };
}

function fault(file: string, what: string): InputError {
  return new InputError(`${what}; copy it again from its source, or run the fit again`, { file });
}
