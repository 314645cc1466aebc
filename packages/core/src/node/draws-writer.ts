import { type FileHandle, open } from "node:fs/promises";
import { type DrawsFormat, drawsFormat } from "../run/draws-format.ts";

/** What a file of draws held at some moment: enough to cut it back to then and go on. */
export interface DrawsMark {
  /** Draws of each chain, those in `open` included. */
  readonly draws: number;
  /** [variables][chains][draws] those of the batch that was not full. */
  readonly open: Float64Array;
}

/** Writes draws to an Arrow IPC file as they come, in memory for one record batch. The file is whole after `finish`. */
export class DrawsWriter {
  private readonly file: FileHandle;
  private readonly format: DrawsFormat;
  /** Variables times chains. */
  private readonly series: number;
  /** [variables][chains][draws of a batch] */
  private readonly batch: Float64Array;
  private batches = 0;
  private open = 0;

  private constructor(file: FileHandle, format: DrawsFormat, series: number) {
    this.file = file;
    this.format = format;
    this.series = series;
    this.batch = new Float64Array(series * format.draws);
  }

  /** A new file, or where there is a mark, the one that holds at least what the mark says. `metadata`: texts that the file carries. */
  static async open(
    path: string,
    variables: readonly string[],
    chains: number,
    mark?: DrawsMark,
    metadata?: ReadonlyMap<string, string>,
  ): Promise<DrawsWriter> {
    const format = await drawsFormat(variables, chains, metadata);
    const file = await open(path, mark ? "r+" : "w");
    const writer = new DrawsWriter(file, format, variables.length * chains);
    try {
      if (mark) await writer.takeUp(mark);
      else await writer.write(format.head, 0);
    } catch (error) {
      await file.close();
      throw error;
    }
    return writer;
  }

  private async takeUp({ draws, open: kept }: DrawsMark): Promise<void> {
    const { format, series, batch } = this;
    this.batches = Math.floor(draws / format.draws);
    this.open = draws - this.batches * format.draws;
    const bytes = format.bytesAfter(this.batches);
    if ((await this.file.stat()).size < bytes) throw new DrawsLost();
    await this.file.truncate(bytes);
    for (let s = 0; s < series; s++)
      batch.set(kept.subarray(s * this.open, (s + 1) * this.open), s * format.draws);
  }

  /** Further draws: `values` [variables][chains][draws]. */
  async append(values: Float64Array, draws: number): Promise<void> {
    const { format, series, batch } = this;
    for (let from = 0; from < draws; ) {
      const count = Math.min(draws - from, format.draws - this.open);
      for (let s = 0; s < series; s++) {
        const start = s * draws + from;
        batch.set(values.subarray(start, start + count), s * format.draws + this.open);
      }
      from += count;
      this.open += count;
      if (this.open < format.draws) continue;
      await this.write(
        format.batch(batch, format.draws, this.batches * format.draws),
        format.bytesAfter(this.batches),
      );
      this.batches++;
      this.open = 0;
    }
  }

  /** What the file holds now, once that is safe on the disk. */
  async mark(): Promise<DrawsMark> {
    await this.file.datasync();
    return { draws: this.batches * this.format.draws + this.open, open: this.openDraws() };
  }

  /** Writes the batch under way and the footer, and closes the file. */
  async finish(): Promise<void> {
    const { format, open: rest, batches } = this;
    const draws = batches * format.draws + rest;
    const last = rest > 0 ? format.batch(this.openDraws(), rest, batches * format.draws) : new Uint8Array(0);
    const at = format.bytesAfter(batches);
    await this.write(last, at);
    await this.write(format.tail(draws), at + last.length);
    await this.file.sync();
    await this.file.close();
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private openDraws(): Float64Array {
    const { series, batch, format, open: rest } = this;
    const out = new Float64Array(series * rest);
    for (let s = 0; s < series; s++)
      out.set(batch.subarray(s * format.draws, s * format.draws + rest), s * rest);
    return out;
  }

  private async write(bytes: Uint8Array, at: number): Promise<void> {
    for (let from = 0; from < bytes.length; )
      from += (await this.file.write(bytes, from, bytes.length - from, at + from)).bytesWritten;
  }
}

/** The file holds less than its mark says. */
export class DrawsLost extends Error {
  override readonly name = "DrawsLost";
}
