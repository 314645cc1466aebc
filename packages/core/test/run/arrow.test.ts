import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/input-error.ts";
import type { Draws } from "../../src/posterior/draws.ts";
import { drawsFromArrow, drawsToArrow } from "../../src/run/index.ts";

const draws: Draws = {
  variables: ["b_Intercept", "r_item[ä,Intercept]", "sigma"],
  chains: 2,
  draws: 3,
  values: Float64Array.from({ length: 18 }, (_, i) => Math.sqrt(i) - 1.5),
};

async function messageOf(bytes: Uint8Array, file?: string): Promise<string> {
  const error: unknown = await drawsFromArrow(bytes, file).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).not.toContain("\n");
  return message;
}

type Columns = Parameters<typeof tableFromArrays>[0];
const fileOf = (columns: Columns): Uint8Array => tableToIPC(tableFromArrays(columns), "file");
const ints = (...values: number[]): Int32Array => Int32Array.from(values);
const floats = (...values: number[]): Float64Array => Float64Array.from(values);

describe("drawsToArrow", () => {
  test("columns, types and order as any reader of Arrow sees them", async () => {
    const table = tableFromIPC(await drawsToArrow(draws));
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      ".chain: Int32",
      ".iteration: Int32",
      "b_Intercept: Float64",
      "r_item[ä,Intercept]: Float64",
      "sigma: Float64",
    ]);
    expect(Array.from(table.getChild(".chain")!)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(Array.from(table.getChild(".iteration")!)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(Array.from(table.getChild("sigma")!)).toEqual(Array.from(draws.values.subarray(12)));
  });

  test("is the file format, not the stream: both ends say ARROW1", async () => {
    const text = Buffer.from(await drawsToArrow(draws)).toString("latin1");
    expect([text.slice(0, 8), text.slice(-6)]).toEqual(["ARROW1\0\0", "ARROW1"]);
  });

  test("refuses values that do not fit their sizes", async () => {
    await expect(drawsToArrow({ ...draws, chains: 3 })).rejects.toThrow(RangeError);
  });
});

describe("there and back", () => {
  test("gives the same draws, bit by bit", async () => {
    const values = draws.values.slice();
    values.set([Number.NaN, Infinity, -0, 5e-324, -Infinity], 4);
    const back = await drawsFromArrow(await drawsToArrow({ ...draws, values }));
    expect({ ...back, values: null }).toEqual({ ...draws, values: null });
    expect(Buffer.from(back.values.buffer)).toEqual(Buffer.from(values.buffer));
  });

  test("from bytes at any place in memory", async () => {
    const bytes = await drawsToArrow(draws);
    for (let offset = 0; offset < 8; offset++) {
      const pool = new Uint8Array(bytes.length + 16);
      pool.set(bytes, offset);
      expect(await drawsFromArrow(pool.subarray(offset, offset + bytes.length))).toEqual(draws);
    }
  });

  test("no variables, one draw", async () => {
    const none: Draws = { variables: [], chains: 1, draws: 1, values: new Float64Array(0) };
    expect(await drawsFromArrow(await drawsToArrow(none))).toEqual(none);
  });
});

describe("drawsFromArrow", () => {
  test("puts rows in any order into their places, missing values become NaN", async () => {
    const x = [22, 11, null, 12];
    const bytes = fileOf({ x: x as never, ".iteration": ints(2, 1, 1, 2), ".chain": ints(2, 1, 2, 1) });
    expect(tableFromIPC(bytes).getChild("x")!.nullCount).toBe(1);
    expect(await drawsFromArrow(bytes)).toEqual({
      variables: ["x"],
      chains: 2,
      draws: 2,
      values: floats(11, 12, Number.NaN, 22),
    });
  });

  test("a cut file, at every length", async () => {
    const bytes = await drawsToArrow(draws);
    for (let length = 1; length < bytes.length; length++) {
      expect(await messageOf(bytes.subarray(0, length), "run/draws.arrow")).toBe(
        `run/draws.arrow: is cut off after ${length} bytes: it does not end with ARROW1; copy it again from its source, or run the fit again`,
      );
    }
    expect(await messageOf(new Uint8Array(0))).toContain("draws.arrow: is empty");
  });

  test("a file with its middle gone", async () => {
    const bytes = await drawsToArrow(draws);
    for (const keep of [8, 100, 400]) {
      const broken = Uint8Array.from([...bytes.subarray(0, keep), ...bytes.subarray(bytes.length - 30)]);
      expect(await messageOf(broken)).toContain("draws.arrow: is damaged or compressed (");
    }
  });

  test("a foreign file", async () => {
    expect(await messageOf(new TextEncoder().encode("a,b\n1,2\n"))).toContain("is not an Arrow IPC file");
    expect(await messageOf(tableToIPC(tableFromArrays({ x: floats(1) }), "stream"))).toContain(
      "is not an Arrow IPC file",
    );
  });

  const chain = ints(1, 1);
  const iteration = ints(1, 2);
  test.each<readonly [what: string, columns: Columns, message: string]>([
    ["no chains", { x: floats(1, 2), ".iteration": iteration }, "no column '.chain'"],
    ["no iterations", { x: floats(1, 2), ".chain": chain }, "no column '.iteration'"],
    [
      "chains as floats",
      { ".chain": floats(1, 1), ".iteration": iteration },
      "'.chain' is Float64, expected int32",
    ],
    [
      "whole numbers",
      { x: ints(1, 2), ".chain": chain, ".iteration": iteration },
      "'x' is Int32, expected float64",
    ],
    [
      "single precision",
      { x: Float32Array.of(1, 2), ".chain": chain, ".iteration": iteration },
      "'x' is Float32, expected float64",
    ],
    ["texts", { x: ["a", "b"], ".chain": chain, ".iteration": iteration }, "expected float64"],
    [
      "a gap",
      { ".chain": ints(1, 1, 2), ".iteration": ints(1, 2, 1) },
      "has 3 rows, but 2 chains of 2 iterations need 4",
    ],
    [
      "a repeated draw",
      { ".chain": ints(1, 1, 2, 2), ".iteration": ints(1, 2, 2, 2) },
      "has chain 2, iteration 2 twice",
    ],
    [
      "counting from 0",
      { ".chain": ints(0, 1), ".iteration": ints(2, 2) },
      "has chain 0, iteration 2 (they count from 1)",
    ],
    ["no rows", { ".chain": ints(), ".iteration": ints() }, "holds no draws"],
  ])("%s", async (_, columns, message) => {
    expect(await messageOf(fileOf(columns))).toContain(message);
  });
});
