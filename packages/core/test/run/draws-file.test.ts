import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { afterAll, describe, expect, test } from "vitest";
import { DrawsReader } from "../../src/node/draws-reader.ts";
import { DrawsLost, type DrawsMark, DrawsWriter } from "../../src/node/draws-writer.ts";
import { readAhead } from "../../src/node/read-ahead.ts";
import { summarizeFile } from "../../src/node/summarize-file.ts";
import type { Draws } from "../../src/posterior/draws.ts";
import { summarize, summarizeSource } from "../../src/posterior/index.ts";
import { drawsFormat } from "../../src/run/draws-format.ts";
import { drawsFromArrow, drawsToArrow } from "../../src/run/index.ts";
import { autoregressive } from "../posterior/random.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-draws-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Three batches of 1,024 draws, the last not full. */
const size = { variables: ["b_Intercept", "r_g[ä,Intercept]", "sigma"], chains: 3, draws: 2500 };
const whole: Draws = { ...size, values: autoregressive(3, 3 * 3, 2500, 0.5) };

/** [variables][chains] of draws [from, to). */
function cut({ variables, chains, draws, values }: Draws, from: number, to: number): Float64Array {
  const out = new Float64Array(variables.length * chains * (to - from));
  for (let s = 0; s < variables.length * chains; s++)
    out.set(values.subarray(s * draws + from, s * draws + to), s * (to - from));
  return out;
}

async function write(writer: DrawsWriter, from: number, to: number, block: number): Promise<void> {
  for (let at = from; at < to; at += block) {
    const end = Math.min(to, at + block);
    await writer.append(cut(whole, at, end), end - at);
  }
}

describe("draws that are written as they come", () => {
  test.each([1, 25, 700, 2500])("are the file that is written in one go (blocks of %d)", async (block) => {
    const file = join(dir, `block-${block}.arrow`);
    const writer = await DrawsWriter.open(file, whole.variables, whole.chains);
    await write(writer, 0, whole.draws, block);
    await writer.finish();
    const bytes = readFileSync(file);
    expect(bytes.equals(await drawsToArrow(whole))).toBe(true);
    expect(await drawsFromArrow(bytes)).toEqual(whole);
    expect(tableFromIPC(bytes).batches.map((batch) => batch.numRows)).toEqual([3072, 3072, 1356]);
  });

  test.each([0, 300, 1024, 1500, 2048, 2500])(
    "are gone on with from draw %d, whatever was written after",
    async (at) => {
      const file = join(dir, `mark-${at}.arrow`);
      const first = await DrawsWriter.open(file, whole.variables, whole.chains);
      await write(first, 0, at, 100);
      const mark = await first.mark();
      // draws that no checkpoint vouches for, other than those to come
      await first.append(cut(whole, 0, 2000), 2000);
      await first.close();
      writeFileSync(file, "half a batch", { flag: "a" });
      const second = await DrawsWriter.open(file, whole.variables, whole.chains, mark);
      await write(second, at, whole.draws, 25);
      await second.finish();
      expect(readFileSync(file).equals(await drawsToArrow(whole))).toBe(true);
    },
  );

  test("that are finished are made longer", async () => {
    const file = join(dir, "longer.arrow");
    let mark: DrawsMark | undefined;
    for (const [from, to] of [
      [0, 1000],
      [1000, 2100],
      [2100, 2500],
    ] as const) {
      const writer = await DrawsWriter.open(file, whole.variables, whole.chains, mark);
      await write(writer, from, to, 25);
      mark = await writer.mark();
      await writer.finish();
    }
    expect(readFileSync(file).equals(await drawsToArrow(whole))).toBe(true);
  });

  test("are not gone on with where the file holds less", async () => {
    const file = join(dir, "lost.arrow");
    const writer = await DrawsWriter.open(file, whole.variables, whole.chains);
    await write(writer, 0, 2100, 25);
    const mark = await writer.mark();
    await writer.close();
    truncateSync(file, statSync(file).size - 1);
    await expect(DrawsWriter.open(file, whole.variables, whole.chains, mark)).rejects.toThrow(DrawsLost);
  });

  test("keep batches small where a draw is large", async () => {
    const { draws } = await drawsFormat(
      Array.from({ length: 2000 }, (_, v) => `v${v}`),
      256,
    );
    expect(draws).toBe(1);
  });
});

describe("draws that are read variable by variable", () => {
  const file = join(dir, "read.arrow");
  const open = async (bytes: Uint8Array): Promise<DrawsReader> => {
    writeFileSync(file, bytes);
    return DrawsReader.open(file);
  };

  test("are those of the file, and so is their summary", async () => {
    const reader = await open(await drawsToArrow(whole));
    expect([reader.variables, reader.chains, reader.draws]).toEqual([whole.variables, 3, 2500]);
    for (const v of whole.variables.keys())
      expect(await reader.read(v)).toEqual(whole.values.subarray(v * 7500, (v + 1) * 7500));
    const seen: number[] = [];
    expect(await summarizeSource(reader, (done) => seen.push(done))).toEqual(summarize(whole));
    expect(seen).toEqual([1, 2, 3]);
    await reader.close();
  });

  test("give the same summary over threads", async () => {
    const many: Draws = {
      variables: Array.from({ length: 9 }, (_, v) => `b_${v}`),
      chains: 2,
      draws: 120_000,
      values: autoregressive(7, 18, 120_000, 0.5),
    };
    writeFileSync(file, await drawsToArrow(many));
    const alone = await summarizeFile(file, undefined, 1);
    let last = 0;
    const threaded = await summarizeFile(
      file,
      (done, total) => {
        expect(total).toBe(9);
        last = Math.max(last, done);
      },
      2,
    );
    expect(JSON.stringify(threaded)).toBe(JSON.stringify(alone));
    expect(last).toBe(9);
    const stop = (): never => {
      throw new Error("enough");
    };
    for (const threads of [1, 2]) await expect(summarizeFile(file, stop, threads)).rejects.toThrow("enough");
  });

  test("several at once, and read ahead for one who goes through them", async () => {
    const reader = await open(await drawsToArrow(whole));
    const of = (v: number, count = 1): Float64Array => whole.values.subarray(v * 7500, (v + count) * 7500);
    expect(await reader.readRange(0, 3)).toEqual(of(0, 3));
    expect(await reader.readRange(1, 2)).toEqual(of(1, 2));
    for (const ahead of [0, 15_000, 1e6]) {
      const source = readAhead(reader, ahead);
      for (const v of [0, 1, 2, 2, 0, 1, 0]) expect(await source.read(v), `${v}`).toEqual(of(v));
    }
    await reader.close();
    // held: the second of two in a row was read with the third
    const again = await DrawsReader.open(file);
    const source = readAhead(again);
    await source.read(0);
    await source.read(1);
    await again.close();
    expect(await source.read(2)).toEqual(of(2));
    await expect(source.read(0)).rejects.toThrow();
  });

  test.each([
    ["side by side", ["x", "y"]],
    ["other columns between them", ["x", ".iteration", "y", ".chain"]],
    ["far apart, and backwards", ["y", "a", "b", "c", "x"]],
  ])("several at once from columns %s", async (_, order) => {
    const columns: Record<string, Float64Array | Int32Array> = {
      x: Float64Array.of(22, 11, 21, 12),
      y: Float64Array.of(2.2, 1.1, 2.1, 1.2),
      ".iteration": Int32Array.of(2, 1, 1, 2),
      ".chain": Int32Array.of(2, 1, 2, 1),
    };
    const names = [...new Set([...order, ...Object.keys(columns)])];
    const entries = names.map((name) => [name, columns[name] ?? Float64Array.of(0, 0, 0, 0)]);
    const reader = await open(tableToIPC(tableFromArrays(Object.fromEntries(entries)), "file"));
    const expected = await Promise.all(reader.variables.map((_, v) => reader.read(v)));
    expect(await reader.readRange(0, reader.variables.length)).toEqual(
      Float64Array.from(expected.flatMap((values) => [...values])),
    );
    await reader.close();
  });

  test("from rows in any order, as another program may have written them", async () => {
    const bytes = tableToIPC(
      tableFromArrays({
        x: Float64Array.of(22, 11, 21, 12),
        ".iteration": Int32Array.of(2, 1, 1, 2),
        ".chain": Int32Array.of(2, 1, 2, 1),
      }),
      "file",
    );
    const reader = await open(bytes);
    expect(await reader.read(0)).toEqual(Float64Array.of(11, 12, 21, 22));
    await reader.close();
  });

  test.each([
    ["a cut file", async () => (await drawsToArrow(whole)).subarray(0, 5000), /cut off after 5000 bytes/],
    ["an empty file", async () => new Uint8Array(0), /cut off after 0 bytes/],
    [
      "texts",
      async () => tableToIPC(tableFromArrays({ x: ["a"] }), "file"),
      /column 'x' is .*expected float64/,
    ],
    [
      "no chains",
      async () => tableToIPC(tableFromArrays({ x: Float64Array.of(1) }), "file"),
      /it has no column '\.chain'/,
    ],
    [
      "missing values",
      async () =>
        tableToIPC(
          tableFromArrays({
            x: [1.5, null] as never,
            ".chain": Int32Array.of(1, 1),
            ".iteration": Int32Array.of(1, 2),
          }),
          "file",
        ),
      /missing values in 'x'/,
    ],
  ])("not from %s", async (_, bytes, message) => {
    await expect(open(await bytes())).rejects.toThrow(message);
  });
});
