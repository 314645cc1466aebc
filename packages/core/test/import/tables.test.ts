import { readFileSync } from "node:fs";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { ByteWriter, parquetWrite } from "hyparquet-writer";
import { describe, expect, test } from "vitest";
import { readArrowDraws, readCsvDraws, readParquetDraws } from "../../src/import/index.ts";
import { InputError } from "../../src/input-error.ts";
import { messageOf } from "../frame/message-of.ts";
import { readLongDraws } from "../posterior/fixture.ts";

const csv = (text: string) => readCsvDraws(new TextEncoder().encode(text), "d.csv").draws;
const WIDE =
  '.chain,.iteration,.draw,x,"r_g[a,Intercept]"\n1,1,1,0.5,1\n1,2,2,NA,2\n2,1,3,-Inf,3\n2,2,4,2e3,4\n';
const expected = {
  variables: ["x", "r_g[a,Intercept]"],
  chains: 2,
  draws: 2,
  values: Float64Array.of(0.5, Number.NaN, Number.NEGATIVE_INFINITY, 2000, 1, 2, 3, 4),
};

describe("CSV", () => {
  test("posterior's layout, names quoted, missing and infinite values", () => {
    expect(csv(WIDE)).toEqual(expected);
  });
  test("rows in any order, R's row names, other numbers of chains, a byte order mark, no last line end", () => {
    const [head, ...rows] = WIDE.trim().split("\n");
    const mixed = [rows[3], rows[0], rows[2], rows[1]].map((row, k) => `"${k}",${row!.replace(/^2/, "7")}`);
    expect(csv(`\uFEFF"",${head}\n${mixed.join("\n")}`)).toEqual(expected);
  });
  test("the long layout", () => {
    const bytes = readFileSync(new URL("../../../../fixtures/diagnostics/draws.csv", import.meta.url));
    expect(readCsvDraws(bytes, "draws.csv").draws).toEqual(readLongDraws());
  });

  test.each<[string, string, RegExp]>([
    ["empty", "", /^d\.csv: the file is empty/],
    ["only a header", ".chain,.iteration,x\n", /^d\.csv: holds no draws/],
    [
      "no chain",
      "a,b\n1,2\n",
      /^d\.csv: is not a table of draws: it has no column '\.chain'; its columns are a, b/,
    ],
    [
      "no variable",
      ".chain,.iteration,.draw\n1,1,1\n",
      /^d\.csv: has no variables beside chain and iteration/,
    ],
    ["a column twice", ".chain,.iteration,x,x\n1,1,1,1\n", /^d\.csv, column 'x': is there twice/],
    [
      "cut in a row",
      `${WIDE}2,3,`,
      /^d\.csv, line 6: 3 cells where the header has 5: the file is cut off here/,
    ],
    ["no number", WIDE.replace("2e3", "two"), /^d\.csv, line 5, column 'x': 'two' is not a number; write/],
    ["an empty cell", WIDE.replace("2e3", ""), /^d\.csv, line 5, column 'x': '' is not a number/],
    [
      "half a chain",
      WIDE.replace("\n2,1", "\n2.5,1"),
      /^d\.csv, line 4, column '\.chain': '2\.5' is not a whole number/,
    ],
    [
      "an iteration twice",
      WIDE.replace("2,2,4", "2,1,4"),
      /^d\.csv, line 5: chain 2, iteration 1 is there twice, first in line 4/,
    ],
    [
      "unequal lengths",
      WIDE.replace(/2,2,4.*\n/, ""),
      /^d\.csv: chain 1 has 2 draws, but chain 2 has 1: chains must be equally long/,
    ],
    [
      "long, a value missing",
      "chain,draw,variable,value\n1,1,a,1\n1,2,a,1\n1,1,b,1\n",
      /^d\.csv: variable 'b' has 1 chains of 1 draws, but 'a' has 1 of 2: rows are missing/,
    ],
    [
      "long, twice",
      "chain,draw,variable,value\n1,1,a,1\n1,1,a,1\n",
      /^d\.csv, line 3: chain 1, iteration 1 is there twice, first in line 2/,
    ],
  ])("%s", (_, text, message) => {
    expect(messageOf(() => csv(text))).toMatch(message);
  });
});

/** A Parquet file of columns, doubles unless they say otherwise. */
function parquet(
  columns: Record<string, ArrayLike<unknown>>,
  types: Record<string, "INT64" | "STRING"> = {},
) {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    columnData: Object.entries(columns).map(([name, data]) => ({
      name,
      data: [...Array.from(data)],
      type: types[name] ?? "DOUBLE",
    })),
  });
  return new Uint8Array(writer.getBuffer());
}

async function rejection(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("nothing was thrown"),
    (e: unknown) => e as Error,
  );
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).not.toContain("\n");
  return error.message;
}

describe("Parquet", () => {
  const columns = { ".chain": [2n, 1n, 2n, 1n], ".iteration": [1n, 2n, 2n, 1n], x: [3, null, 4, 1] };
  const types = { ".chain": "INT64", ".iteration": "INT64" } as const;
  const good = parquet(columns, types);

  test("rows in any order, int64 indices, nulls, bytes inside others", async () => {
    const { draws } = await readParquetDraws(good, "d.parquet");
    expect(draws).toEqual({
      variables: ["x"],
      chains: 2,
      draws: 2,
      values: Float64Array.of(1, Number.NaN, 3, 4),
    });
    const inside = new Uint8Array(good.length + 9);
    inside.set(good, 5);
    expect((await readParquetDraws(inside.subarray(5, 5 + good.length), "d")).draws).toEqual(draws);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["empty", new Uint8Array(0), /^d\.parquet: is empty/],
    [
      "another file",
      new TextEncoder().encode(WIDE),
      /^d\.parquet: is not a Parquet file: it does not begin with PAR1/,
    ],
    ["cut off", good.subarray(0, 100), /^d\.parquet: is cut off after 100 bytes: it does not end with PAR1/],
    ["damaged", Uint8Array.from([...good.subarray(0, 60), ...good.subarray(-4)]), /^d\.parquet: is damaged/],
    [
      "texts",
      parquet({ ...columns, g: ["a", "b", "c", "d"] }, { ...types, g: "STRING" }),
      /^d\.parquet, column 'g': is not a column of numbers/,
    ],
    [
      "a chain without number",
      parquet({ ...columns, ".chain": [1.5, 1, 2, 2] }, { ".iteration": "INT64" }),
      /^d\.parquet, column '\.chain': row 1 holds no whole number/,
    ],
    [
      "an iteration twice",
      parquet({ ...columns, ".iteration": [1n, 2n, 1n, 1n] }, types),
      /^d\.parquet: chain 2, iteration 1 is there twice/,
    ],
    ["no chain", parquet({ x: [1] }), /^d\.parquet: is not a table of draws/],
    ["no draws", parquet({ ".chain": [], ".iteration": [], x: [] }), /^d\.parquet: holds no draws/],
  ])("%s", async (_, bytes, message) => {
    expect(await rejection(readParquetDraws(bytes, "d.parquet"))).toMatch(message);
  });
});

test("Arrow of another writer, and not Arrow", async () => {
  const table = tableFromArrays({
    ".chain": Int32Array.of(1, 1),
    ".iteration": Int32Array.of(2, 1),
    x: Float64Array.of(5, 6),
  });
  const { draws, simulated } = await readArrowDraws(tableToIPC(table, "file"), "d.arrow");
  expect(draws).toEqual({ variables: ["x"], chains: 1, draws: 2, values: Float64Array.of(6, 5) });
  expect(simulated).toBe(false);
  expect(await rejection(readArrowDraws(new TextEncoder().encode(WIDE), "d.arrow"))).toMatch(
    /not an Arrow IPC file/,
  );
});
