import type { FileMetaData } from "hyparquet";
import { SIMULATED } from "../export/describe-run.ts";
import { InputError } from "../input-error.ts";
import { arrangeDraws } from "./arrange.ts";
import type { ReadDraws } from "./imported-draws.ts";
import { drawsLayout } from "./layout.ts";

/** First and last bytes of a Parquet file. */
const MAGIC = "PAR1";
const NUMBERS = ["DOUBLE", "FLOAT", "INT32", "INT64"];
const CODECS = ["UNCOMPRESSED", "SNAPPY"];
/** Columns that are read at once. */
const COLUMNS = 256;

/** Draws from the bytes of a Parquet file in posterior's layout, rows in any order; nulls become NaN. */
export async function readParquetDraws(bytes: Uint8Array, file: string): Promise<ReadDraws> {
  const text = (from: number, to?: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (bytes.length === 0) throw fault(file, "is empty");
  if (text(0, 4) !== MAGIC) throw fault(file, `is not a Parquet file: it does not begin with ${MAGIC}`);
  if (bytes.length < 12 || text(bytes.length - 4) !== MAGIC)
    throw fault(file, `is cut off after ${bytes.length} bytes: it does not end with ${MAGIC}`);
  const { parquetMetadata, parquetRead } = await import("hyparquet");
  // a copy only where the bytes are part of something larger
  const own = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  const buffer = own ? (bytes.buffer as ArrayBuffer) : bytes.slice().buffer;
  const source = {
    byteLength: buffer.byteLength,
    slice: (from: number, to?: number) => buffer.slice(from, to),
  };
  const damaged = (error: unknown): InputError =>
    fault(file, `is damaged (${String(error).replace(/\s+/g, " ")})`);

  let metadata: FileMetaData;
  try {
    metadata = parquetMetadata(buffer);
  } catch (error) {
    throw damaged(error);
  }
  const names = checkColumns(metadata, file);
  const rows = Number(metadata.num_rows);
  const layout = drawsLayout(names, file);
  if (layout.variables === undefined)
    throw fault(file, "has the long layout, which is for CSV; give every variable a column");
  const read = async (columns: string[], take: (name: string, row: number, value: unknown) => void) => {
    try {
      await parquetRead({
        file: source,
        metadata,
        columns,
        onChunk: ({ columnName, columnData, rowStart }) => {
          for (let k = 0; k < columnData.length; k++) take(columnName, rowStart + k, columnData[k]);
        },
      });
    } catch (error) {
      throw error instanceof InputError ? error : damaged(error);
    }
  };
  const index = async (name: string): Promise<Float64Array> => {
    const out = new Float64Array(rows).fill(Number.NaN);
    await read([name], (_, row, value) => {
      out[row] = typeof value === "number" || typeof value === "bigint" ? Number(value) : Number.NaN;
    });
    const row = out.findIndex((value) => !Number.isSafeInteger(value));
    if (row >= 0)
      throw new InputError(`row ${row + 1} holds no whole number; number chains and draws 1, 2, 3`, {
        file,
        column: name,
      });
    return out;
  };
  const chain = await index(names[layout.chain]!);
  const iteration = await index(names[layout.iteration]!);
  const { cells, ...size } = arrangeDraws(chain, iteration, () => ({ file }));

  const variables = layout.variables.map((k) => names[k]!);
  const values = new Float64Array(variables.length * rows).fill(Number.NaN);
  const starts = new Map(variables.map((name, v) => [name, v * rows]));
  for (let from = 0; from < variables.length; from += COLUMNS)
    await read(variables.slice(from, from + COLUMNS), (name, row, value) => {
      if (value !== null && value !== undefined) values[starts.get(name)! + cells[row]!] = Number(value);
    });
  const simulated = metadata.key_value_metadata?.some(
    ({ key, value }) => key === "simulated" && value === SIMULATED,
  );
  return { draws: { variables, ...size, values }, warmup: null, seed: null, simulated: simulated === true };
}

/** Names of the columns, which must all be of numbers. */
function checkColumns({ schema, row_groups }: FileMetaData, file: string): string[] {
  const [, ...columns] = schema;
  for (const { name, type, num_children, logical_type, converted_type } of columns) {
    const plain = (num_children ?? 0) === 0 && type !== undefined && NUMBERS.includes(type);
    const special = logical_type !== undefined && logical_type.type !== "INTEGER";
    if (!plain || special || converted_type === "DECIMAL")
      throw new InputError(
        `is not a column of numbers (${logical_type?.type ?? type ?? "nested"}); write only chain, iteration and variables`,
        { file, column: name },
      );
  }
  const codec = row_groups
    .flatMap((group) => group.columns)
    .map((column) => column.meta_data?.codec)
    .find((used) => used !== undefined && !CODECS.includes(used));
  if (codec !== undefined)
    throw fault(
      file,
      `is compressed by ${codec}, which is not supported: write it with snappy, or uncompressed`,
    );
  return columns.map(({ name }) => name);
}

const fault = (file: string, what: string): InputError =>
  new InputError(`${what}${/write|give/.test(what) ? "" : "; copy it again from its source"}`, { file });
