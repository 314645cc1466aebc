import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, sha256Hex } from "@bridgewise/core";
import { afterAll, expect, it } from "vitest";
import {
  conflictRows,
  exportedRows,
  importScores,
  mergeStores,
  type ScoreConflict,
  ScoreStore,
  storedScores,
  storeStats,
  verifyStore,
  writeScoresFile,
} from "../src/node/index.ts";
import { sqlite } from "../src/store/sqlite.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-merge-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const key = { provider: "perspective", language: "en" };
const hash = (i: number): string => sha256Hex(`text ${i}`);
let files = 0;

interface Row {
  readonly text: number;
  readonly score?: number;
  readonly reason?: string;
  readonly failedAt?: string;
  readonly spans?: string;
  readonly provider?: string;
}

/** A store of scores of NUANCE, and failures where a row has none. */
function storeOf(...rows: readonly Row[]): string {
  const file = join(dir, `${++files}.sqlite`);
  using store = new ScoreStore(file);
  store.transaction(() => {
    for (const { text, score, reason = "server", failedAt = "2026-11-01", spans, provider } of rows) {
      const of = { ...key, ...(provider !== undefined && { provider }) };
      const failure = { reason, message: `no ${reason}`, permanent: false, failedAt };
      if (score === undefined) store.putFailure(hash(text), ["NUANCE"], of, failure);
      else
        store.putScore({
          ...{ ...of, text: hash(text), attribute: "NUANCE", score, apiAttribute: "NUANCE_EXPERIMENTAL" },
          ...{ detectedLanguages: "en", model: null, scoredAt: "2026-11-01T00:00:00Z", cutToBytes: null },
          spans: spans ?? null,
        });
    }
  });
  return file;
}

function scoresOf(file: string, of = key): Record<string, number> {
  using store = new ScoreStore(file);
  expect(verifyStore(store)).toEqual([]);
  return Object.fromEntries([...storedScores(store, of)].map(({ text, score }) => [text, score]));
}
const reasonsOf = (file: string): [string, number][] => {
  using store = new ScoreStore(file);
  return storeStats(store).failures.map(({ reason, texts }) => [reason, texts]);
};
const message = async (run: Promise<unknown>): Promise<string> => {
  const error = await run.catch((e: unknown) => e);
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).message).not.toContain("\n");
  return (error as InputError).message;
};

it("takes scores and failures; a failure takes no score away, the later of two stays", async () => {
  const into = storeOf(
    { text: 1, score: 0.5 },
    { text: 2, reason: "old", failedAt: "2026-11-02" },
    { text: 3, reason: "old", failedAt: "2026-11-02" },
    { text: 4, reason: "old", failedAt: "2026-11-02" },
  );
  const one = storeOf({ text: 1, reason: "lost" }, { text: 2, score: 0.25 }, { text: 5, score: 1 });
  const two = storeOf(
    { text: 1, score: 0.5, provider: "other" },
    { text: 3, reason: "new", failedAt: "2026-11-03" },
    { text: 4, reason: "older", failedAt: "2026-11-01" },
    { text: 5, score: 1, spans: "[[0,4,0.75]]" },
    { text: 6, reason: "new" },
  );
  const before = [one, two].map((file) => readFileSync(file));
  const result = await mergeStores({ into, from: [one, two] });
  expect(result).toEqual({ imported: 3, known: 1, conflicts: 0, failures: 2, failuresLeft: 2 });
  expect(scoresOf(into)).toEqual({ [hash(1)]: 0.5, [hash(2)]: 0.25, [hash(5)]: 1 });
  expect(scoresOf(into, { ...key, provider: "other" })).toEqual({ [hash(1)]: 0.5 });
  expect(reasonsOf(into)).toEqual([
    ["new", 2],
    ["old", 1],
  ]);
  {
    using store = new ScoreStore(into);
    // a span that only one of two equal scores has is kept
    expect([...storedScores(store, key)].find(({ text }) => text === hash(5))!.spans).toBe("[[0,4,0.75]]");
  }
  expect([one, two].map((file) => readFileSync(file))).toEqual(before);
  // again: nothing
  const again = await mergeStores({ into, from: [one, two] });
  expect(again).toMatchObject({ imported: 0, known: 4, conflicts: 0, failures: 0 });
});

it("refuses scores that differ and changes nothing, or keeps what is there and writes the others down", async () => {
  const into = storeOf({ text: 1, score: 0.5 }, { text: 2, score: 0.5 });
  const one = storeOf({ text: 1, score: 0.25 }, { text: 3, score: 0.125 }, { text: 4, reason: "x" });
  const two = storeOf({ text: 2, score: 0.5 }, { text: 3, score: 0.75, spans: "[[0,1,0.5]]" });
  const refused = await message(mergeStores({ into, from: [one, two] }));
  expect(refused).toMatch(
    /NUANCE of [0-9a-f]{12}\.\.\. by perspective is 0\.25 here and 0\.5 before \(2 such\); nothing was merged/,
  );
  expect(refused.startsWith(one)).toBe(true);
  expect(Object.keys(scoresOf(into))).toHaveLength(2);
  expect(reasonsOf(into)).toEqual([]);
  const out = join(dir, "conflicts.csv");
  const leaveOut = (found: Iterable<ScoreConflict>) => writeScoresFile(out, conflictRows(found, [one, two]));
  const result = await mergeStores({ into, from: [one, two], leaveOut });
  expect(result).toMatchObject({ imported: 1, known: 1, conflicts: 2, failures: 1 });
  expect(scoresOf(into)).toEqual({ [hash(1)]: 0.5, [hash(2)]: 0.5, [hash(3)]: 0.125 });
  // they make a store of their own
  using others = new ScoreStore(join(dir, "others.sqlite"));
  expect(await importScores({ store: others, file: out })).toMatchObject({ imported: 2, conflicts: 0 });
  expect([...storedScores(others, key)].map(({ text, score, spans }) => [text, score, spans]).sort()).toEqual(
    [
      [hash(1), 0.25, null],
      [hash(3), 0.75, "[[0,1,0.5]]"],
    ].sort(),
  );
  expect(readFileSync(out, "utf8").split("\n")[1]).toMatch(new RegExp(`,0\\.5,${one},$`));
});

it("makes the store that takes, but not where a source cannot be read", async () => {
  const into = join(dir, "made.sqlite");
  const good = storeOf({ text: 1, score: 0.5 });
  const newer = storeOf({ text: 2, score: 0.5 });
  const { DatabaseSync } = sqlite();
  const db = new DatabaseSync(newer);
  db.exec("PRAGMA user_version = 99");
  db.close();
  const merge = (...from: string[]) => message(mergeStores({ into, from }));
  expect(await merge(good, newer)).toMatch(/\.sqlite: has schema 99.*update bridgewise/);
  const noise = join(dir, "noise.sqlite");
  writeFileSync(noise, "no database, but longer than the header of one is ".repeat(50));
  expect(await merge(good, noise)).toMatch(/noise\.sqlite: is no SQLite database/);
  expect(await merge(good, join(dir, "missing.sqlite"))).toMatch(/missing\.sqlite: not found/);
  writeFileSync(join(dir, "empty.sqlite"), "");
  expect(await merge(join(dir, "empty.sqlite"))).toMatch(/empty\.sqlite: is empty/);
  expect(existsSync(into)).toBe(false);
  expect(await mergeStores({ into, from: [good] })).toMatchObject({ imported: 1 });
  expect(await merge(into)).toMatch(/is the store that takes/);
});

it("a damaged source, and what no score can be, take nothing along", async () => {
  const rows = Array.from({ length: 3000 }, (_, i) => ({ text: i, score: i / 3000 }));
  const whole = storeOf(...rows);
  const damaged = join(dir, "damaged.sqlite");
  copyFileSync(whole, damaged);
  const bytes = readFileSync(damaged);
  bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 4 * 4096);
  writeFileSync(damaged, bytes);
  const into = storeOf({ text: 9000, score: 0.5 });
  expect(await message(mergeStores({ into, from: [damaged] }))).toMatch(
    /damaged\.sqlite: is damaged.*recover/,
  );
  const { DatabaseSync } = sqlite();
  const wrong = storeOf({ text: 1, score: 0.5 });
  const db = new DatabaseSync(wrong);
  db.exec("PRAGMA ignore_check_constraints = ON; UPDATE score SET score = 7");
  db.close();
  expect(await message(mergeStores({ into, from: [whole, wrong] }))).toMatch(
    /holds NUANCE 7 .*scores verify/,
  );
  expect(Object.keys(scoresOf(into))).toEqual([hash(9000)]);
});

it("stopped or outrun by another process it takes nothing, and done again all", async () => {
  const many = storeOf(...Array.from({ length: 10_000 }, (_, i) => ({ text: i, score: 0.5 })));
  const into = storeOf({ text: 20_000, score: 0.5 });
  const stop = new AbortController();
  const stopped = mergeStores({ into, from: [many], signal: stop.signal, onProgress: () => stop.abort() });
  await expect(stopped).rejects.toThrow(/abort/);
  expect(Object.keys(scoresOf(into))).toHaveLength(1);
  const write = (score: number): void => {
    using store = new ScoreStore(into);
    store.transaction(() => store.db.exec(`UPDATE score SET score = ${score}`));
  };
  const other = storeOf({ text: 20_000, score: 0.25 });
  // the conflict that was written down is none any more
  const outrun = mergeStores({ into, from: [other], leaveOut: async () => write(0.25) });
  await expect(outrun).rejects.toThrow(/another process wrote to it meanwhile; nothing was taken/);
  write(0.5);
  expect(await mergeStores({ into, from: [many] })).toMatchObject({ imported: 10_000 });
});

it("spans go through every format", async () => {
  using store = new ScoreStore(
    storeOf({ text: 1, score: 0.5, spans: "[[0,4,0.75]]" }, { text: 2, score: 0.25 }),
  );
  for (const format of ["csv", "jsonl", "parquet"]) {
    const file = join(dir, `spans.${format}`);
    await writeScoresFile(file, (await exportedRows({ store, key })).rows);
    using back = new ScoreStore(join(dir, `spans-${format}.sqlite`));
    await importScores({ store: back, file });
    expect([...storedScores(back, key)]).toEqual([...storedScores(store, key)]);
  }
  using other = new ScoreStore(join(dir, "bad-spans.sqlite"));
  const text = [`text_sha256,attribute,score,spans\n${hash(1)},NUANCE,0.5,"[[0,4]]"\n`];
  expect(await message(importScores({ store: other, file: "f.csv", text, provider: "p" }))).toBe(
    "f.csv, line 2, column 'spans': '[[0,4]]' is no list of spans, expected as [[0,6,0.25]]: begin, end, score",
  );
});
