import { type FileHandle, open } from "node:fs/promises";
import type { Field } from "apache-arrow";
import type { DrawsBlock } from "../run/draws-block.ts";
import { CHAIN, ITERATION, MAGIC } from "../run/draws-format.ts";
import { type DrawsGrid, drawsFault, readGrid } from "../run/draws-grid.ts";

/** Where a column's values stand in the file, batch by batch. */
interface Piece {
  readonly at: number;
  readonly rows: number;
}

/** Values in a block of draws: 32 MB. */
const BLOCK_VALUES = 1 << 22;

/**
 * Reads a file of draws variable by variable, in memory for one of them, or by blocks of draws: for files too large to hold. Rows may come in any order; missing
 * values and compression are for `drawsFromArrow`.
 */
export class DrawsReader {
  readonly variables: readonly string[];
  readonly chains: number;
  readonly draws: number;
  private readonly file: FileHandle;
  private readonly pieces: readonly (readonly Piece[])[];
  private readonly cells: Int32Array;

  private constructor(
    file: FileHandle,
    variables: readonly string[],
    grid: DrawsGrid,
    pieces: readonly (readonly Piece[])[],
  ) {
    this.file = file;
    this.variables = variables;
    this.chains = grid.chains;
    this.draws = grid.draws;
    this.cells = grid.cells;
    this.pieces = pieces;
  }

  /** A file that is not one of draws gives an InputError. */
  static async open(path: string): Promise<DrawsReader> {
    const file = await open(path, "r");
    try {
      const { names, columns } = await readFooter(file, path);
      const column = (name: string): readonly Piece[] => columns[names.indexOf(name)]!;
      for (const name of [CHAIN, ITERATION])
        if (!names.includes(name))
          throw drawsFault(path, `is not a file of draws: it has no column '${name}'`);
      const grid = readGrid(
        new Int32Array((await readColumn(file, column(CHAIN), 4)).buffer),
        new Int32Array((await readColumn(file, column(ITERATION), 4)).buffer),
        path,
      );
      const variables = names.filter((name) => name !== CHAIN && name !== ITERATION);
      return new DrawsReader(file, variables, grid, variables.map(column));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** [chains][draws] of the variable with this index. */
  async read(variable: number): Promise<Float64Array> {
    const rows = new Float64Array((await readColumn(this.file, this.pieces[variable]!, 8)).buffer);
    const values = new Float64Array(rows.length);
    const { cells } = this;
    for (let row = 0; row < rows.length; row++) values[cells[row]!] = rows[row]!;
    return values;
  }

  /**
   * [count][chains][draws] of the variables from this index on. In the files that `DrawsWriter` writes neighbours stand side by side, and
   * one reading of each batch takes them all: with thousands of variables a batch holds few draws of each.
   */
  async readRange(first: number, count: number): Promise<Float64Array> {
    const { cells, file } = this;
    const own = this.pieces.slice(first, first + count);
    const values = new Float64Array(count * cells.length);
    let row = 0;
    for (let b = 0; b < own[0]!.length; b++) {
      const { at, rows } = own[0]![b]!;
      const places = own.map((pieces) => (pieces[b]!.at - at) / 8);
      const span = places.reduce((most, place) => Math.max(most, place), 0) + rows;
      if (span > 2 * count * rows || !places.every((place) => place >= 0 && Number.isInteger(place)))
        return this.readEach(first, count);
      const body = new Float64Array((await readAt(file, at, 8 * span)).buffer);
      for (let k = 0; k < count; k++) {
        const from = places[k]!;
        const to = k * cells.length;
        for (let i = 0; i < rows; i++) values[to + cells[row + i]!] = body[from + i]!;
      }
      row += rows;
    }
    return values;
  }

  /** The same where the columns stand apart. */
  private async readEach(first: number, count: number): Promise<Float64Array> {
    const size = this.cells.length;
    const values = new Float64Array(count * size);
    for (let k = 0; k < count; k++) values.set(await this.read(first + k), k * size);
    return values;
  }

  /**
   * Draws of the variables with these indices, of one chain (from 1) or chain by chain, in blocks of at most so many values. In memory
   * for a block and a record batch of the file.
   */
  async *blocks(
    variables: readonly number[],
    only?: number,
    values: number = BLOCK_VALUES,
  ): AsyncGenerator<DrawsBlock> {
    if (variables.length === 0) return;
    const most = Math.max(1, Math.min(this.draws, Math.floor(values / variables.length)));
    const rows = this.rowsOfCells();
    for (let chain = only ?? 1; chain <= (only ?? this.chains); chain++) {
      for (let from = 0; from < this.draws; from += most) {
        const draws = Math.min(most, this.draws - from);
        const start = (chain - 1) * this.draws + from;
        const block = await this.readRows(variables, rows.subarray(start, start + draws));
        yield { chain, from, draws, values: block };
      }
    }
  }

  /** The same draws of every chain, some at a time: `values` [variables][chains][draws]. */
  async *slices(
    variables: readonly number[],
    values: number = BLOCK_VALUES,
  ): AsyncGenerator<{ readonly draws: number; readonly values: Float64Array }> {
    const { chains } = this;
    const most = Math.max(1, Math.floor(values / (variables.length * chains || 1)));
    const rows = this.rowsOfCells();
    for (let from = 0; from < this.draws; from += most) {
      const draws = Math.min(most, this.draws - from);
      const wanted = new Int32Array(chains * draws);
      for (let c = 0; c < chains; c++)
        wanted.set(rows.subarray(c * this.draws + from, c * this.draws + from + draws), c * draws);
      yield { draws, values: await this.readRows(variables, wanted) };
    }
  }

  /** [chains][draws] the file's row of each draw. */
  private rowsOfCells(): Int32Array {
    const rows = new Int32Array(this.cells.length);
    this.cells.forEach((cell, row) => {
      rows[cell] = row;
    });
    return rows;
  }

  /** [variables][rows], from every record batch that holds one of the rows. */
  private async readRows(variables: readonly number[], rows: Int32Array): Promise<Float64Array> {
    const out = new Float64Array(variables.length * rows.length);
    const batches = this.pieces[variables[0]!]!;
    for (let b = 0, first = 0; b < batches.length; first += batches[b++]!.rows) {
      const end = first + batches[b]!.rows;
      const wanted = Array.from(rows.keys()).filter((k) => rows[k]! >= first && rows[k]! < end);
      if (wanted.length === 0) continue;
      const own = variables.map((v) => this.pieces[v]![b]!.at);
      const at = own.reduce((a, c) => Math.min(a, c));
      const last = own.reduce((a, c) => Math.max(a, c)) + 8 * batches[b]!.rows;
      const body = new Float64Array((await readAt(this.file, at, last - at)).buffer);
      own.forEach((start, v) => {
        const shift = (start - at) / 8 - first;
        for (const k of wanted) out[v * rows.length + k] = body[shift + rows[k]!]!;
      });
    }
    return out;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Names of the columns, and where each stands. */
async function readFooter(file: FileHandle, path: string): Promise<{ names: string[]; columns: Piece[][] }> {
  const { Footer } = await import("apache-arrow/ipc/metadata/file");
  const { Message } = await import("apache-arrow/ipc/metadata/message");
  const { DataType, Precision } = await import("apache-arrow");
  const { size } = await file.stat();
  const end = await readAt(file, Math.max(0, size - 10), Math.min(size, 10));
  if (size < 20 || new TextDecoder().decode(end.subarray(4)) !== MAGIC)
    throw drawsFault(path, `is cut off after ${size} bytes: it does not end with ${MAGIC}`);
  const length = new DataView(end.buffer).getInt32(0, true);
  if (!(length > 0 && length < size - 10)) throw drawsFault(path, "is damaged: it has no footer");
  const footer = Footer.decode(await readAt(file, size - 10 - length, length));
  const fields: readonly Field[] = footer.schema.fields;
  for (const { name, type } of fields) {
    const index = name === CHAIN || name === ITERATION;
    const fits = index
      ? DataType.isInt(type) && type.bitWidth === 32
      : DataType.isFloat(type) && type.precision === Precision.DOUBLE;
    if (!fits)
      throw drawsFault(
        path,
        `is not a file of draws: column '${name}' is ${type}, expected ${index ? "int32" : "float64"}`,
      );
  }
  const columns: Piece[][] = fields.map(() => []);
  for (const block of footer.recordBatches()) {
    const bytes = await readAt(file, block.offset, block.metaDataLength);
    // before the message: a continuation mark and its length
    const message = Message.decode(bytes.subarray(8));
    if (!message.isRecordBatch()) throw drawsFault(path, "is damaged: a batch is none");
    const { nodes, buffers, compression } = message.header();
    if (compression !== null) throw drawsFault(path, "is compressed");
    fields.forEach(({ name }, i) => {
      if (nodes[i]!.nullCount > 0) throw drawsFault(path, `has missing values in '${name}'`);
      // every column has two buffers: which values are there, and the values
      columns[i]!.push({
        at: block.offset + block.metaDataLength + buffers[2 * i + 1]!.offset,
        rows: nodes[i]!.length,
      });
    });
  }
  return { names: fields.map(({ name }) => name), columns };
}

async function readColumn(file: FileHandle, pieces: readonly Piece[], width: number): Promise<Uint8Array> {
  const out = new Uint8Array(pieces.reduce((sum, { rows }) => sum + rows * width, 0));
  let to = 0;
  for (const { at, rows } of pieces) {
    await readInto(file, out, to, rows * width, at);
    to += rows * width;
  }
  return out;
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const out = new Uint8Array(length);
  await readInto(file, out, 0, length, at);
  return out;
}

async function readInto(
  file: FileHandle,
  out: Uint8Array,
  to: number,
  length: number,
  at: number,
): Promise<void> {
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(out, to + done, length - done, at + done);
    if (bytesRead === 0) throw new Error(`the file ends before byte ${at + length}`);
    done += bytesRead;
  }
}
