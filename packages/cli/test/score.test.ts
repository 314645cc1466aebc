import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, it } from "vitest";
import { perspectiveServer, RECORDED, scoreOf } from "../../perspective/test/perspective-server.ts";
import { type Ended, startCommand } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-score-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
/** Needs a percent sign in an address. */
const KEY = "AIza+secret/key=1";

/** Starts the command while this process serves. */
function start(args: readonly string[], key: string | null = KEY) {
  const { PERSPECTIVE_API_KEY: _, BRIDGEWISE_SCORER_API_KEY: __, ...env } = process.env;
  return startCommand(args, {
    // the servers of these tests are other hosts than Google's
    env: { ...env, ...(key !== null && { PERSPECTIVE_API_KEY: key, BRIDGEWISE_SCORER_API_KEY: key }) },
    cwd: dir,
  });
}

const run = (args: readonly string[], key?: string | null): Promise<Ended> => start(args, key).ended;

/** PRISM's utterances of a few turns; the second response of each is as empty as PRISM has it. */
function prism(folder: string, turns: number): void {
  const lines = Array.from({ length: turns }, (_, t) =>
    ["a", "b"].map((which, i) => ({
      utterance_id: `ut${2 * t + i}`,
      interaction_id: `int${t}`,
      conversation_id: `c${t}`,
      user_id: "user0",
      turn: 0,
      conversation_type: "unguided",
      user_prompt: "The same prompt everywhere",
      model_name: "m",
      model_response: i === 1 ? "EMPTY STRING" : `Response ${t} of ${which}, ünïcode`,
      score: 50,
      if_chosen: i === 0,
    })),
  ).flat();
  writeFileSync(
    join(folder, "utterances.jsonl"),
    `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`,
  );
}

it("scores PRISM's texts once each and exports them by id", async () => {
  const folder = mkdtempSync(join(dir, "prism-"));
  prism(folder, 3);
  const server = await perspectiveServer();
  const args = ["score", "--input", folder, "--attributes", "NUANCE,TOXICITY", "--rate", "200"];
  const store = join(folder, "scores.sqlite");
  const first = await run([...args, "--store", store, "--base-url", server.url, "--json"]);
  expect([first.status, first.stderr]).toEqual([0, ""]);
  // three responses and one prompt, though it stands three times; the three empty ones are not asked for
  expect(JSON.parse(first.stdout)).toMatchObject({ rows: 9, empty: 3, scored: 4, failed: 0, before: 0 });
  expect(server.requests).toHaveLength(4);
  expect(server.requests[0]!.body).toMatchObject({
    doNotStore: true,
    languages: ["en"],
    requestedAttributes: { NUANCE_EXPERIMENTAL: {}, TOXICITY: {} },
  });
  expect(server.requests[0]!.headers["x-goog-api-key"]).toBe(KEY);
  const again = await run([...args, "--store", store, "--base-url", server.url, "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ scored: 0, before: 4, left: 0 });
  expect(server.requests).toHaveLength(4);

  const out = join(folder, "scores.csv");
  const exported = await run(["scores", "export", store, "--input", folder, "--out", out]);
  expect([exported.status, exported.stderr]).toEqual([0, ""]);
  const rows = readFileSync(out, "utf8").trim().split("\n");
  expect(rows[0]).toMatch(/^column_id,text_id,attribute,score,api_attribute,provider,/);
  // three responses and three prompts, two attributes
  expect(rows).toHaveLength(1 + 12);
  const expected = scoreOf("The same prompt everywhere", "NUANCE_EXPERIMENTAL");
  for (const id of ["int0", "int1", "int2"])
    expect(rows.filter((row) => row.startsWith(`user_prompt,${id},NUANCE,${expected},`))).toHaveLength(1);

  // by hash, and back into another store
  const byHash = join(folder, "hashes.jsonl");
  expect((await run(["scores", "export", store, "--out", byHash])).status).toBe(0);
  const copy = join(folder, "copy.sqlite");
  const imported = await run(["scores", "import", byHash, "--store", copy, "--json"]);
  expect(JSON.parse(imported.stdout)).toEqual({
    imported: 8,
    known: 0,
    conflicts: 0,
    unmatched: 0,
    empty: 0,
  });
  const twice = await run(["scores", "import", out, "--input", folder, "--store", copy, "--json"]);
  expect(JSON.parse(twice.stdout)).toEqual({ imported: 0, known: 12, conflicts: 0, unmatched: 0, empty: 0 });
  const stats = JSON.parse((await run(["scores", "stats", copy, "--json"])).stdout);
  expect(stats.scores.map((s: { attribute: string; texts: number }) => [s.attribute, s.texts])).toEqual([
    ["NUANCE", 4],
    ["TOXICITY", 4],
  ]);
  expect(await run(["scores", "verify", copy])).toMatchObject({ status: 0, stderr: "" });
  await server.close();
}, 300_000);

it("the key is in nothing that is written, in the header and in the query", async () => {
  for (const keyIn of ["header", "query"]) {
    const folder = mkdtempSync(join(dir, "key-"));
    writeFileSync(join(folder, "texts.csv"), "text\none\ntwo\nthree\nfour\n");
    // a service that repeats the address and the key in its error
    const server = await perspectiveServer((request, number) =>
      number === 1
        ? undefined
        : {
            status: 418,
            body: JSON.stringify({
              error: { message: `bad ${request.url} ${KEY} ${encodeURIComponent(KEY)}` },
            }),
          },
    );
    const common = ["--store", join(folder, "s.sqlite"), "--key-in", keyIn, "--progress", "plain"];
    const ended = await run([
      ...["score", "--input", join(folder, "texts.csv"), "--rate", "100", "--concurrency", "1"],
      ...[...common, "--base-url", server.url],
    ]);
    expect(ended.status).toBe(0);
    const query = new URL(server.requests[0]!.url, server.url).searchParams.get("key");
    expect([query, server.requests[0]!.headers["x-goog-api-key"]]).toEqual(
      keyIn === "query" ? [KEY, undefined] : [null, KEY],
    );
    const stats = await run(["scores", "stats", join(folder, "s.sqlite")]);
    expect(stats.stdout).toContain("<redacted>");
    await server.close();
    // nobody there: what the transport throws knows the address
    const away = await run([
      ...["score", "--input", join(folder, "texts.csv"), "--rate", "100", "--tries", "1"],
      ...[...common, "--base-url", "http://127.0.0.1:1"],
    ]);
    expect(away.stdout).toContain("Failed: 4 texts");
    const written = readdirSync(folder).map((name) => readFileSync(join(folder, name)).toString("latin1"));
    const all = [ended, stats, away].flatMap(({ stdout, stderr }) => [stdout, stderr]).concat(written);
    for (const form of [KEY, encodeURIComponent(KEY), KEY.slice(0, 11), Buffer.from(KEY).toString("base64")])
      for (const text of all) expect(text).not.toContain(form);
  }
}, 300_000);

it("a bad key stops the run at once, and a missing one says what roads are left", async () => {
  const file = join(dir, "texts.csv");
  writeFileSync(file, "text\none\ntwo\nthree\n");
  const server = await perspectiveServer(() => ({ status: 400, body: RECORDED.badKey }));
  const args = ["score", "--input", file, "--store", join(dir, "bad-key.sqlite")];
  const bad = await run([...args, "--base-url", server.url, "--concurrency", "1"]);
  expect([bad.status, server.requests.length]).toEqual([1, 1]);
  expect(bad.stderr).toMatch(
    /^bridgewise: the service answered: API key not valid.*check BRIDGEWISE_SCORER_API_KEY.*\n$/m,
  );
  const missing = await run(args, null);
  expect(missing.status).toBe(2);
  expect(missing.stderr.trim().split("\n")).toHaveLength(1);
  for (const road of ["New keys are no longer given", "scores import", "--base-url", "--scores FILE"])
    expect(missing.stderr).toContain(road);
  await server.close();
}, 300_000);

it("Ctrl-C ends with what came in, and the same command goes on", async () => {
  const file = join(dir, "slow.csv");
  writeFileSync(file, `text\n${Array.from({ length: 60 }, (_, i) => `slow ${i}`).join("\n")}\n`);
  const server = await perspectiveServer(undefined, 100);
  const args = ["score", "--input", file, "--rate", "30", "--base-url", server.url];
  const store = ["--store", join(dir, "slow.sqlite")];
  const child = start([...args, ...store]);
  while (server.requests.length < 10) await sleep(5);
  child.kill("SIGINT");
  const ended = await child.ended;
  expect(ended.status).toBe(130);
  expect(ended.stderr).toMatch(
    /stopped; \d+ texts scored and kept, \d+ texts left: the same command goes on\n$/,
  );
  const asked = server.requests.length;
  const scored = Number(/(\d+) texts scored/.exec(ended.stderr)![1]);
  // no text was begun: the ten, the eight under way, and what came in before the signal did
  expect(asked).toBeLessThanOrEqual(40);
  // every request under way was waited for
  expect(scored).toBe(asked);
  const rest = await run([...args, ...store, "--json"]);
  expect(JSON.parse(rest.stdout)).toMatchObject({ before: scored, scored: 60 - scored, left: 0 });
  expect(server.requests).toHaveLength(60);
  await server.close();
}, 300_000);

it("two processes share one store and pay for no text twice", async () => {
  const file = join(dir, "shared.csv");
  writeFileSync(file, `text\n${Array.from({ length: 80 }, (_, i) => `shared ${i}`).join("\n")}\n`);
  const server = await perspectiveServer(undefined, 10);
  const args = ["score", "--input", file, "--rate", "100", "--base-url", server.url, "--json"];
  const store = ["--store", join(dir, "shared.sqlite")];
  const both = await Promise.all([run([...args, ...store]), run([...args, ...store])]);
  const results = both.map(({ stdout }) => JSON.parse(stdout));
  expect(server.requests).toHaveLength(80);
  expect(results[0].scored + results[1].scored).toBe(80);
  await server.close();
}, 300_000);

it.each([
  [["--attributes", "NUANSE"], /attribute 'NUANSE' does not exist; did you mean 'NUANCE'\?/],
  [["--language", "fr"], /is not scored in 'fr'; its languages are en/],
  [["--rate", "0"], /--rate is above 0/],
  [["--base-url", "https://h/?key=XYZ"], /base URL holds a query/],
  [["--text-column", "body"], /texts\.csv, line 2: there is no 'body' among text/],
])("bad input is one line: %j", async (flags, message) => {
  writeFileSync(join(dir, "texts.csv"), "text\none\ntwo\nthree\n");
  const ended = await run([
    ...["score", "--input", join(dir, "texts.csv"), "--store", join(dir, "bad.sqlite")],
    ...flags,
  ]);
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trim().split("\n")).toHaveLength(1);
});
