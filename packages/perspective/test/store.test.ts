import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, sha256Hex } from "@bridgewise/core";
import { afterAll, expect, it } from "vitest";
import type { TextScores } from "../src/index.ts";
import {
  importScores,
  openCorpus,
  ScoreStore,
  storedScores,
  storeStats,
  surveyCorpus,
  verifyStore,
  withStore,
} from "../src/node/index.ts";
import { sqlite } from "../src/store/sqlite.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-store-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const key = { provider: "perspective", language: "en" };
const text = sha256Hex("A text");
const scores = (score: number, missing: readonly string[] = []): TextScores => ({
  scores: [
    {
      attribute: "NUANCE",
      apiAttribute: "NUANCE_EXPERIMENTAL",
      score,
      spans: [{ begin: 0, end: 6, score }],
    },
  ],
  missing,
  languages: ["en"],
  detectedLanguages: ["en", "ro"],
  scoredAt: "2026-11-25T03:00:00.000Z",
});
const failure = { reason: "server", message: "busy", permanent: false, failedAt: "2026-11-25T03:00:00.000Z" };

/** The message of the InputError that `run` throws. */
function inputError(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

it("keeps scores and failures, one beside the other by attribute, provider and language", () => {
  const file = join(dir, "keep.sqlite");
  using store = new ScoreStore(file);
  store.transaction(() => store.putFailure(text, ["NUANCE", "RESPECT"], key, failure));
  expect(store.known(text, key)).toEqual({ scored: new Set(), failed: new Set(["NUANCE", "RESPECT"]) });
  store.transaction(() => store.put(text, key, scores(0.25, ["TOXICITY"])));
  expect(store.known(text, key)).toEqual({
    scored: new Set(["NUANCE"]),
    failed: new Set(["RESPECT", "TOXICITY"]),
  });
  // a later failure takes no score away
  store.transaction(() => store.putFailure(text, ["NUANCE"], key, failure));
  expect(store.known(text, key).scored).toEqual(new Set(["NUANCE"]));
  for (const other of [
    { ...key, provider: "other" },
    { ...key, language: "de" },
  ])
    expect(store.known(text, other)).toEqual({ scored: new Set(), failed: new Set() });
  const row = { attribute: "NUANCE", apiAttribute: "NUANCE_EXPERIMENTAL", score: 0.25, model: null };
  expect([...storedScores(store, key)]).toEqual([
    {
      ...key,
      ...row,
      text,
      detectedLanguages: "en ro",
      scoredAt: "2026-11-25T03:00:00.000Z",
      cutToBytes: null,
      spans: "[[0,6,0.25]]",
    },
  ]);
  expect(storeStats(store).failures.map(({ reason, texts }) => [reason, texts])).toEqual([
    ["missing", 1],
    ["server", 1],
  ]);
  expect(verifyStore(store)).toEqual([]);
  // and for other programs
  expect(store.db.prepare("SELECT text_sha256, score FROM scores").get()).toMatchObject({
    text_sha256: text,
  });
});

it("a transaction is kept whole or not at all", () => {
  using store = new ScoreStore(join(dir, "whole.sqlite"));
  expect(() =>
    store.transaction(() => {
      store.put(text, key, scores(0.25));
      store.put(text, key, scores(1.5));
    }),
  ).toThrow(/CHECK constraint/);
  expect([...storedScores(store, key)]).toEqual([]);
});

it("a text is claimed by one at a time; what a process left when it died is free", () => {
  const file = join(dir, "claims.sqlite");
  using one = new ScoreStore(file);
  using two = new ScoreStore(file);
  expect([one.claim(text, key, 0), two.claim(text, key, 1)]).toEqual([true, false]);
  expect(two.claim(text, { ...key, language: "de" }, 1)).toBe(true);
  one.release(text, key);
  expect(two.claim(text, key, 2)).toBe(true);
  // more than an hour later it counts as given up
  expect(one.claim(text, key, 3_700_000)).toBe(true);
  one.db.prepare("UPDATE claim SET owner = replace(owner, ':' || ?, ':999999999')").run(String(process.pid));
  expect(two.claim(text, key, 3_700_001)).toBe(true);
});

it("a newer schema, another program's database, a damaged file and a missing one say what to do", () => {
  const file = join(dir, "newer.sqlite");
  new ScoreStore(file).close();
  const { DatabaseSync } = sqlite();
  const db = new DatabaseSync(file);
  db.exec("PRAGMA user_version = 99");
  db.close();
  expect(inputError(() => new ScoreStore(file))).toMatch(/newer\.sqlite: has schema 99.*update bridgewise/);
  const other = join(dir, "other.sqlite");
  const theirs = new DatabaseSync(other);
  theirs.exec("CREATE TABLE mine (x)");
  theirs.close();
  const before = readFileSync(other);
  expect(inputError(() => new ScoreStore(other))).toMatch(/database of another program/);
  expect(readFileSync(other).subarray(100)).toEqual(before.subarray(100));
  const noise = join(dir, "noise.sqlite");
  writeFileSync(noise, "this is a text file, and longer than a header of SQLite's ".repeat(20));
  expect(inputError(() => new ScoreStore(noise))).toMatch(/noise\.sqlite: is no SQLite database/);
  const missing = join(dir, "missing.sqlite");
  expect(inputError(() => new ScoreStore(missing, { create: false }))).toMatch(/not found/);
});

it("verify finds damage, and a store that is damaged throughout is told of in one line", async () => {
  const file = join(dir, "sound.sqlite");
  {
    using store = new ScoreStore(file);
    store.transaction(() => {
      for (let i = 0; i < 2000; i++) store.put(sha256Hex(`text ${i}`), key, scores(i / 2000));
    });
    store.db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const damaged = join(dir, "damaged.sqlite");
  copyFileSync(file, damaged);
  const bytes = readFileSync(damaged);
  // some pages in the middle, not the first, which holds the schema
  bytes.fill(0x5a, 20 * 4096, 24 * 4096);
  writeFileSync(damaged, bytes);
  using store = new ScoreStore(damaged);
  expect(verifyStore(store)[0]).toMatch(/damaged\.sqlite: /);
  using whole = new ScoreStore(file);
  expect(verifyStore(whole)).toEqual([]);
  // the table of claims is as bad as the others: its store closes nonetheless
  bytes.fill(0x5a, 4096);
  const noise = join(dir, "noise-inside.sqlite");
  writeFileSync(noise, bytes);
  const stats = withStore(noise, async (opened) => storeStats(opened));
  await expect(stats).rejects.toThrow(/^\S*noise-inside\.sqlite: is damaged \(SQLite\)/);
});

const hash = sha256Hex("x");
it.each([
  [
    `text_sha256,attribute,score\n${hash},NUANCE,0.5\n${hash},RESPECT,1.5\n`,
    /f\.csv, line 3, column 'score': 1\.5 is no probability/,
  ],
  ["text_sha256,attribute,score\nabc,NUANCE,0.5\n", /line 2, column 'text_sha256': 'abc' is no SHA-256/],
  [
    "column_id,text_id,attribute,score\nuser_prompt,int0,NUANCE,0.5\n",
    /line 2: names its texts by id.*--input/,
  ],
  [`text_sha256,score\n${hash},0.5\n`, /line 2: there is no score/],
  ["text_sha256,attribute,score\n", /holds no scores/],
])("an import with a wrong line takes nothing: %s", async (content, message) => {
  using store = new ScoreStore(join(dir, `import-${Math.floor(performance.now() * 1000)}.sqlite`));
  const request = { store, file: "f.csv", text: [content], provider: "p" };
  await expect(importScores(request)).rejects.toThrow(message);
  expect(storeStats(store).scores).toEqual([]);
});

it("imports wide files, refuses other scores of the same text, and asks who scored", async () => {
  using store = new ScoreStore(join(dir, "wide.sqlite"));
  const wide = `text_sha256,NUANCE,TOXICITY,note\n${hash},0.5,0.1,a\n${text},,0.2,b\n`;
  await expect(importScores({ store, file: "w.csv", text: [wide] })).rejects.toThrow(/--provider/);
  const all = { store, file: "w.csv", provider: "perspective" };
  expect(await importScores({ ...all, text: [wide] })).toEqual({
    imported: 3,
    known: 0,
    conflicts: 0,
    unmatched: 0,
    empty: 1,
  });
  await expect(importScores({ ...all, text: [wide.replace("0.1", "1.1")] })).rejects.toThrow(
    /w\.csv, line 2, column 'TOXICITY': 1\.1 is no probability/,
  );
  const changed = wide.replace("0.2", "0.25");
  await expect(importScores({ ...all, text: [changed] })).rejects.toThrow(
    /w\.csv, line 3: TOXICITY of .* is 0\.25 here and 0\.2 before \(1 such\); nothing was imported/,
  );
  expect(await importScores({ ...all, text: [changed], provider: "other" })).toMatchObject({ imported: 3 });
});

it("one id with two texts is an error, with both lines", async () => {
  const file = join(dir, "ids.jsonl");
  const row = (id: string, words: string): string =>
    JSON.stringify({ column_id: "user_prompt", text_id: id, text: words });
  writeFileSync(file, [row("a", "one"), row("b", "two"), row("a", "one"), row("a", "three")].join("\n"));
  await expect(openCorpus(file).then(surveyCorpus)).rejects.toThrow(
    /ids\.jsonl, line 4: user_prompt 'a' is another text on line 1/,
  );
});

it("a file by ids takes its texts from the corpus, without the empty ones", async () => {
  const file = join(dir, "by-id.jsonl");
  const rows = [
    { column_id: "user_prompt", text_id: "a", text: "x" },
    { column_id: "model_response", text_id: "b", text: " " },
  ];
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  using store = new ScoreStore(join(dir, "by-id.sqlite"));
  const given = "column_id,text_id,NUANCE\nuser_prompt,a,0.5\nmodel_response,b,0.25\nuser_prompt,c,0.75\n";
  const corpus = await openCorpus(file);
  const result = await importScores({ store, file: "f.csv", text: [given], corpus, provider: "p" });
  expect(result).toEqual({ imported: 1, known: 0, conflicts: 0, unmatched: 2, empty: 0 });
  const strange = given.replace("user_prompt,a", "user_prompt,d");
  await expect(
    importScores({ store, file: "f.csv", text: [strange], corpus, provider: "p" }),
  ).rejects.toThrow(/f\.csv: names no text that .*by-id\.jsonl has; give the texts/);
  const found = [...storedScores(store, { provider: "p", language: "en" })];
  expect(found.map(({ text: of, score }) => [of, score])).toEqual([[hash, 0.5]]);
});
