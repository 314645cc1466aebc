import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { parquetWriteFile } from "hyparquet-writer";
import { afterAll, expect, it } from "vitest";
import { InputError } from "../../src/input-error.ts";
import { parquetRecords, readScoresFile, writeScoresFile } from "../../src/node/index.ts";
import { ATTRIBUTES, type ScoreRow, sha256Hex } from "../../src/scores/index.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-parquet-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const error = async (file: string): Promise<string> => {
  const thrown = await readScoresFile(file).catch((e: unknown) => e);
  expect(thrown).toBeInstanceOf(InputError);
  return (thrown as InputError).message;
};
type Columns = Parameters<typeof parquetWriteFile>[0]["columnData"];
function write(name: string, columnData: Columns, rest: object = {}): string {
  const filename = join(dir, name);
  parquetWriteFile({ filename, columnData, ...rest });
  return filename;
}

it("holds what CSV holds, in groups of rows", async () => {
  const rows = function* (): Generator<ScoreRow> {
    for (let t = 0; t < 20_000; t++)
      for (const [k, attribute] of ATTRIBUTES.entries())
        yield {
          text_sha256: sha256Hex(`text ${t}`),
          attribute,
          score: ((8 * t + k) % 9973) / 9973,
          provenance: { provider: 'a "p"', spans: t % 7 === 0 ? "[[0,6,0.25]]" : "" },
        };
  };
  const [csv, parquet] = [join(dir, "s.csv"), join(dir, "s.parquet")];
  await writeScoresFile(csv, rows());
  await writeScoresFile(parquet, rows());
  const [one, two] = [await readScoresFile(csv), await readScoresFile(parquet)];
  expect(two.count).toBe(160_000);
  expect(two.values).toEqual(one.values);
  expect([two.key, two.provenance, two.issues]).toEqual([one.key, one.provenance, []]);
  let seen = 0;
  for await (const { row, fields } of parquetRecords(parquet, "")) {
    if (row !== ++seen) throw new Error(`row ${row} comes as row ${seen}`);
    if (row === 8 * 14_000 + 1)
      expect(fields).toEqual({
        text_sha256: sha256Hex("text 14000"),
        attribute: "AFFINITY",
        score: ((8 * 14_000) % 9973) / 9973,
        provider: 'a "p"',
        spans: "[[0,6,0.25]]",
      });
  }
  expect(seen).toBe(160_000);
  // the temporary name is gone, and there was more than one group
  expect(readdirSync(dir).sort()).toEqual(["s.csv", "s.parquet"]);
});

it("a file without rows is one, and says so", async () => {
  const file = join(dir, "none.parquet");
  await writeScoresFile(file, []);
  expect(await error(file)).toBe(`${file}: holds no rows`);
});

it("reads other programs' types: int64, float32, times, NaN and null, nested columns beside, zstd", async () => {
  const ids = ["a", "b", "c"];
  const file = write(
    "types.parquet",
    [
      { name: "column_id", data: ids.map(() => "user_prompt"), type: "STRING" },
      { name: "text_id", data: ids, type: "STRING" },
      { name: "TOXICITY", data: [0n, 1n, 1n], type: "INT64" },
      { name: "NUANCE", data: new Float32Array([0.25, Number.NaN, 0.5]), type: "FLOAT" },
      { name: "RESPECT", data: [0.125, null, null], type: "DOUBLE", nullable: true },
      { name: "scored_at", data: ids.map(() => new Date(1e12)), type: "TIMESTAMP" },
    ],
    { codec: "ZSTD", compressors: { ZSTD: (input: Uint8Array) => zstdCompressSync(input) } },
  );
  const scores = await readScoresFile(file);
  const at = (text: number, attribute: (typeof ATTRIBUTES)[number]) =>
    scores.values[8 * text + ATTRIBUTES.indexOf(attribute)];
  expect(ids.map((_, t) => at(t, "TOXICITY"))).toEqual([0, 1, 1]);
  expect(ids.map((_, t) => at(t, "NUANCE"))).toEqual([0.25, Number.NaN, 0.5]);
  expect(ids.map((_, t) => at(t, "RESPECT"))).toEqual([0.125, Number.NaN, Number.NaN]);
  expect(scores.issues.map(({ kind, count }) => [kind, count])).toEqual([["empty", 3]]);
  for await (const { fields } of parquetRecords(file, ""))
    expect(fields["scored_at"]).toBe("2001-09-09T01:46:40.000Z");
});

it("what is wrong is told with its row", async () => {
  const text_sha256 = { name: "text_sha256", data: ["x", "y", "y"].map(sha256Hex) };
  const attribute = { name: "attribute", data: ["NUANCE", "NUANCE", "NUANCE"] };
  const scores = (...data: number[]) => ({ name: "score", data, type: "DOUBLE" as const });
  const bad = write("bad.parquet", [text_sha256, attribute, scores(0.5, 1.5, 0.5)]);
  expect(await error(bad)).toMatch(/bad\.parquet, row 2, column 'NUANCE': 1\.5 is not in \[0, 1\] \(1 such/);
  const two = write("two.parquet", [text_sha256, attribute, scores(0.5, 0.25, 0.125)]);
  expect(await error(two)).toMatch(/two\.parquet, row 3: .* is 0\.125 here and 0\.25 on row 2/);
  const none = write("columns.parquet", [text_sha256, attribute]);
  expect(await error(none)).toMatch(/columns\.parquet: column 'score' missing/);
  const texts = write("texts.parquet", [text_sha256, attribute, { name: "score", data: ["0.5", "1", "0"] }]);
  expect(await error(texts)).toMatch(/row 1, column 'NUANCE': "0\.5" is not a number/);
  const bytes = readFileSync(bad);
  writeFileSync(join(dir, "cut.parquet"), bytes.subarray(0, bytes.length - 9));
  expect(await error(join(dir, "cut.parquet"))).toMatch(/cut\.parquet: is cut off after \d+ bytes/);
  bytes.fill(7, 30, 60);
  writeFileSync(join(dir, "noise.parquet"), bytes);
  expect(await error(join(dir, "noise.parquet"))).toMatch(
    /noise\.parquet.*(is damaged|no SHA-256|no attribute)/,
  );
  const lz4 = write("lz4.parquet", [text_sha256, attribute, scores(0, 0, 0)], {
    codec: "LZ4_RAW",
    compressors: { LZ4_RAW: (input: Uint8Array) => input },
  });
  expect(await error(lz4)).toMatch(/is compressed by LZ4_RAW.*write it with snappy/);
});
