import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InputError } from "../../src/input-error.ts";
import { writePrismTable } from "../../src/node/prism.ts";
import { readScoresFile, writeScoresFile } from "../../src/node/scores.ts";
import { tableToCsv } from "../../src/prism/index.ts";
import { jsonl, scoresCsv, smallPrism, tableOf } from "./small-prism.ts";

const FROM = "https://huggingface.co/datasets/HannahRoseKirk/prism-alignment";
let root: string;
let request: { prism: string; scores: string; out: string };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "prism-"));
  request = { prism: join(root, "prism"), scores: join(root, "scores.csv"), out: join(root, "new", "table") };
  const { scores, ...files } = smallPrism();
  await mkdir(request.prism);
  for (const [name, records] of Object.entries(files)) {
    await writeFile(join(request.prism, `${name}.jsonl`), jsonl(records!));
  }
  await writeFile(request.scores, scoresCsv(scores));
});
afterEach(() => rm(root, { recursive: true }));

async function failure(): Promise<string> {
  const thrown = await writePrismTable(request).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(InputError);
  // Nothing half-written, and no folder where nothing could be written.
  expect(await readdir(request.out).catch(() => [])).toEqual([]);
  return (thrown as InputError).message;
}

test("writes the table and the flow, nothing else", async () => {
  const { flow, rows, issues } = await writePrismTable(request);
  expect(rows).toBe(3);
  expect(issues).toEqual([]);
  expect((await readdir(request.out)).sort()).toEqual(["flow.json", "table.csv"]);
  expect(JSON.parse(await readFile(join(request.out, "flow.json"), "utf8"))).toEqual(flow);
  const { table } = await tableOf(smallPrism());
  expect(await readFile(join(request.out, "table.csv"), "utf8")).toBe([...tableToCsv(table)].join(""));
});

test("the mark of simulated data goes with the table, and leaves with it", async () => {
  const mark = '{"note": "SIMULATED", "truth": {}}\n';
  await writeFile(join(request.prism, "SIMULATED.json"), mark);
  const { flow } = await writePrismTable(request);
  expect(flow.notes[0]).toMatch(/^SIMULATED/);
  expect(await readFile(join(request.out, "SIMULATED.json"), "utf8")).toBe(mark);
  await rm(join(request.prism, "SIMULATED.json"));
  expect((await writePrismTable(request)).flow.simulated).toBe(false);
  expect((await readdir(request.out)).sort()).toEqual(["flow.json", "table.csv"]);
});

test("simulated scores of real ratings are marked, without a truth", async () => {
  await writeFile(join(root, "SIMULATED.json"), '{"truth": {"highest": {}}}');
  expect((await writePrismTable(request)).flow.simulated).toBe(true);
  expect(JSON.parse(await readFile(join(request.out, "SIMULATED.json"), "utf8"))).toEqual({
    note: "SIMULATED: the scores are simulated, the ratings are not.",
  });
});

test.each(["survey", "conversations", "utterances"])("%s.jsonl missing", async (name) => {
  const file = join(request.prism, `${name}.jsonl`);
  await rm(file);
  expect(await failure()).toBe(`${file}: not found; download it from ${FROM}`);
});

test("folder missing, or a file", async () => {
  request.prism = join(root, "nowhere");
  expect(await failure()).toBe(
    `${request.prism}: not found; give the folder with PRISM's files, from ${FROM}`,
  );
  request.prism = request.scores;
  expect(await failure()).toBe(
    `${request.prism}: is not a folder; give the folder with PRISM's files, from ${FROM}`,
  );
});

test("scores missing, or a folder", async () => {
  const wayOut = "give a scores file, CSV, JSON Lines or Parquet, with one row for each text and attribute";
  request.scores = join(root, "none.csv");
  expect(await failure()).toBe(`${request.scores}: not found; ${wayOut}`);
  request.scores = request.prism;
  expect(await failure()).toBe(`${request.scores}: is a folder, not a file; ${wayOut}`);
});

test("a malformed line, by file and line", async () => {
  const file = join(request.prism, "utterances.jsonl");
  await appendFile(file, '{"utterance_id": "ut8", \n');
  expect(await failure()).toBe(
    `${file}, line 9: is not valid JSON (Expected double-quoted property name in JSON at position 24 (line 1 column 25)); each line holds one object`,
  );
});

test("a file that is not UTF-8", async () => {
  const file = join(request.prism, "metadata.jsonl");
  await appendFile(file, Uint8Array.of(0x22, 0xe9, 0x22));
  expect(await failure()).toBe(`${file}: is not UTF-8 text; download it from ${FROM}`);
});

test("an output folder below a file", async () => {
  request.out = join(request.scores, "out");
  const thrown = await writePrismTable(request).catch((error: unknown) => error);
  expect((thrown as InputError).message).toBe(
    `${request.out}: is not a folder, or lies below a file; choose another place for it`,
  );
});

test("scores files are written whole and read back", async () => {
  const rows = [{ column_id: "user_prompt", text_id: "int0", attribute: "NUANCE", score: 0.25 }] as const;
  for (const name of ["a.csv", "a.jsonl"]) {
    const file = join(root, "scored", name);
    await writeScoresFile(file, rows);
    const scores = await readScoresFile(file);
    expect(scores.values[3]).toBe(0.25);
    expect(scores.texts).toBe(1);
  }
  const bad = { ...rows[0], score: 2 };
  await expect(writeScoresFile(join(root, "scored", "a.csv"), [rows[0], bad])).rejects.toThrow(
    "score 2 of NUANCE",
  );
  expect((await readdir(join(root, "scored"))).sort()).toEqual(["a.csv", "a.jsonl"]);
  expect((await readScoresFile(join(root, "scored", "a.csv"))).texts).toBe(1);
  await expect(writeScoresFile(join(root, "scores.txt"), rows)).rejects.toThrow(
    "scores.txt: the name does not tell the format; let it end with .csv, .jsonl or .parquet, or give the format",
  );
});
