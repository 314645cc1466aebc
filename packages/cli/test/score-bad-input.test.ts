import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { perspectiveServer } from "../../perspective/test/perspective-server.ts";
import { runCommand } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-score-bad-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const path = (name: string): string => join(dir, name);
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path(name), content);
  return path(name);
};

function run(args: readonly string[], keys: NodeJS.ProcessEnv = { PERSPECTIVE_API_KEY: "a-key" }) {
  const { PERSPECTIVE_API_KEY: _, BRIDGEWISE_SCORER_API_KEY: __, ...env } = process.env;
  return runCommand(args, { cwd: dir, env: { ...env, ...keys } });
}

const texts = write(
  "texts.jsonl",
  ["one", "two", "EMPTY STRING", " ", "three"].map((text) => `${JSON.stringify({ text })}\n`).join(""),
);
const sound = path("sound.sqlite");
/** A store that holds three texts, changed by `change`, under another name. */
const changed = (name: string, change: (bytes: Buffer) => Uint8Array): string =>
  write(name, change(readFileSync(sound)));

beforeAll(async () => {
  const server = await perspectiveServer();
  const args = ["score", "--input", texts, "--store", sound, "--rate", "200", "--base-url", server.url];
  const { status, stdout } = await run([...args, "--json"]);
  await server.close();
  expect(status).toBe(0);
  // what PRISM writes for an empty response is no text, in a table made of PRISM either
  expect(JSON.parse(stdout)).toMatchObject({ rows: 5, empty: 2, scored: 3 });
  changed("newer.sqlite", (bytes) => bytes);
  const db = new DatabaseSync(path("newer.sqlite"));
  db.exec("PRAGMA user_version = 99");
  db.close();
  // the schema is on the first page: one is damaged there, one everywhere else, one is cut
  changed("first-page.sqlite", (bytes) => bytes.fill(0x5a, 100, 4096));
  changed("other-pages.sqlite", (bytes) => bytes.fill(0x5a, 4096));
  changed("cut.sqlite", (bytes) => bytes.subarray(0, 5000));
  write("noise.sqlite", "no database at all, though longer than the header of one. ".repeat(10));
  const ids = (id: string, text: string) =>
    `${JSON.stringify({ column_id: "model_response", text_id: id, text })}\n`;
  write("twice.jsonl", ids("ut0", "one") + ids("ut1", "two") + ids("ut0", "another"));
});

const SCORE = ["score", "--base-url", "http://127.0.0.1:1", "--tries", "1", "--quiet"];
it.each([
  ...["newer", "first-page", "other-pages", "cut", "noise"].flatMap((name) => {
    const store = `${name}.sqlite`;
    const message = {
      newer: /newer\.sqlite: has schema 99, .* update bridgewise, nothing was changed$/,
      noise: /noise\.sqlite: is no SQLite database; name the store of scores, or a new file$/,
    }[name];
    const damaged = /\.sqlite: is damaged \(SQLite\); take what can be read with: sqlite3 /;
    return [
      [[...SCORE, "--input", "texts.jsonl", "--store", store], message ?? damaged],
      [["scores", "stats", store], message ?? damaged],
    ] as const;
  }),
  [
    [...SCORE, "--input", "twice.jsonl", "--store", "new.sqlite"],
    /twice\.jsonl, line 3: model_response 'ut0' is another text on line 1; an id names one text$/,
  ],
  [
    ["score", "--input", "texts.jsonl", "--store", "new.sqlite", "--attributes", "REASONNG"],
    /attribute 'REASONNG' does not exist; did you mean 'REASONING'\? it has AFFINITY, /,
  ],
  [
    [...SCORE, "--input", "texts.jsonl", "--store", "new.sqlite", "--language", "en us"],
    /--language is a language's code \(BCP 47\), such as en or hi-Latn: 'en us'$/,
  ],
  [[...SCORE, "--input", "nowhere.csv", "--store", "new.sqlite"], /nowhere\.csv: not found; give a CSV or/],
] as const)("%j is one line and status 2", async (args, message) => {
  const { status, stdout, stderr } = await run(args);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^bridgewise: [^\n]*\n$/);
  expect(stderr.trimEnd()).toMatch(message);
});
