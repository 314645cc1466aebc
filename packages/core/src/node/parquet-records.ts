import { open } from "node:fs/promises";
import * as zlib from "node:zlib";
import type { AsyncBuffer, Compressors, FileMetaData } from "hyparquet";
import { InputError } from "../input-error.ts";
import type { TableRecord } from "../scores/index.ts";
import { cannotRead } from "./text-file.ts";

/** First and last bytes of a Parquet file. */
const MAGIC = "PAR1";

/** Whether a file begins as a Parquet file does; one that cannot be read is an InputError with `wayOut`. */
export async function isParquet(file: string, wayOut: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
      return bytesRead === 4 && buffer.toString("latin1") === MAGIC;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw cannotRead(error, file, wayOut);
  }
}

/**
 * Rows of a Parquet file in its order, with its flat columns as fields: texts, numbers (int64 too), times as ISO 8601,
 * null where a cell is empty or NaN. Snappy, gzip, brotli, zstd (Node 22.15) or not compressed. A row group at a time is in memory.
 */
export async function* parquetRecords(file: string, wayOut: string): AsyncGenerator<TableRecord> {
  const fault = (what: string): InputError =>
    new InputError(`${what}; copy it again from its source`, { file });
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file);
  } catch (error) {
    throw cannotRead(error, file, wayOut);
  }
  try {
    const { size } = await handle.stat();
    const bytes = async (from: number, to = size): Promise<ArrayBuffer> => {
      const into = new Uint8Array(to - from);
      const { bytesRead } = await handle.read(into, 0, into.length, from);
      if (bytesRead < into.length) throw new Error("a piece is missing");
      return into.buffer;
    };
    const magic = async (from: number) => Buffer.from(await bytes(from, from + 4)).toString("latin1");
    if (size < 12 || (await magic(0)) !== MAGIC)
      throw fault(`is not a Parquet file: it does not begin with ${MAGIC}`);
    if ((await magic(size - 4)) !== MAGIC)
      throw fault(`is cut off after ${size} bytes: it does not end with ${MAGIC}`);
    const source: AsyncBuffer = { byteLength: size, slice: bytes };
    const { parquetMetadataAsync, parquetRead } = await import("hyparquet");
    const whole = async <A>(read: () => Promise<A>): Promise<A> => {
      try {
        return await read();
      } catch (error) {
        throw fault(`is damaged (${String(error).replace(/\s+/g, " ")})`);
      }
    };
    const metadata = await whole(() => parquetMetadataAsync(source));
    const compressors = compressorsOf(metadata, file);
    const columns = flatColumns(metadata);
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rows = Number(num_rows);
      const rowEnd = rowStart + rows;
      const cells = new Map<string, unknown[]>(columns.map((name) => [name, new Array(rows)]));
      await whole(() =>
        parquetRead({
          ...{ file: source, metadata, columns, rowStart, rowEnd, compressors },
          onChunk: ({ columnName, columnData, rowStart: from }) => {
            const into = cells.get(columnName)!;
            for (let k = 0; k < columnData.length; k++) into[from - rowStart + k] = columnData[k];
          },
        }),
      );
      for (let i = 0; i < rows; i++) {
        const fields: Record<string, unknown> = {};
        for (const [name, data] of cells) fields[name] = plain(data[i]);
        yield { row: rowStart + i + 1, fields };
      }
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

/** As JSON would have the value; pandas and polars write NaN for what is missing. */
function plain(value: unknown): unknown {
  if (value === undefined || (typeof value === "number" && Number.isNaN(value))) return null;
  if (typeof value === "bigint") return Number(value);
  return value instanceof Date ? value.toISOString() : value;
}

/** Columns of single values; lists and structs hold no scores. */
function flatColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  for (let i = 1, nested = 0; i < schema.length; i++) {
    const { name, num_children = 0, repetition_type } = schema[i]!;
    if (nested > 0) nested += num_children - 1;
    else if (num_children > 0) nested = num_children;
    else if (repetition_type !== "REPEATED") names.push(name);
  }
  return names;
}

function compressorsOf({ row_groups }: FileMetaData, file: string): Compressors {
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (input: Uint8Array) => Uint8Array };
  const known: Compressors = {
    GZIP: (input) => zlib.gunzipSync(input),
    BROTLI: (input) => zlib.brotliDecompressSync(input),
    ...(zstdDecompressSync !== undefined && { ZSTD: (input) => zstdDecompressSync(input) }),
  };
  for (const { columns } of row_groups)
    for (const { meta_data } of columns) {
      const codec = meta_data?.codec ?? "UNCOMPRESSED";
      if (codec !== "UNCOMPRESSED" && codec !== "SNAPPY" && !(codec in known))
        throw new InputError(
          `is compressed by ${codec}, which is not read here; write it with snappy, or uncompressed`,
          { file },
        );
    }
  return known;
}
