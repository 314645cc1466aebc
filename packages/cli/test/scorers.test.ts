import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { askedFor, CHAT_ERRORS, judgeServer } from "../../perspective/test/judge-server.ts";
import { perspectiveServer, RECORDED, scoreOf } from "../../perspective/test/perspective-server.ts";
import { runCommand } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-scorers-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
/** Perspective's own key, which no other host may see, and another host's. */
const KEYS = { PERSPECTIVE_API_KEY: "AIza+perspective/own=1", BRIDGEWISE_SCORER_API_KEY: "sk-scorer+key/2=" };

function run(args: readonly string[], keys: NodeJS.ProcessEnv = KEYS) {
  const { PERSPECTIVE_API_KEY: _, BRIDGEWISE_SCORER_API_KEY: __, ...env } = process.env;
  return runCommand(args, { cwd: dir, env: { ...env, ...keys } });
}

const texts = join(dir, "texts.csv");
writeFileSync(texts, "text\none\ntwo\nthree\n");
const folder = (name: string): string => mkdtempSync(join(dir, `${name}-`));
const rowsOf = (file: string): string[][] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));

it("another host is its own provider, and sees Perspective's key only where that is asked for", async () => {
  const server = await perspectiveServer();
  const store = join(folder("host"), "s.sqlite");
  const args = ["score", "--input", texts, "--rate", "200", "--base-url", server.url, "--store", store];
  const seen = () => JSON.stringify(server.requests.splice(0).map(({ url, headers }) => ({ url, headers })));
  const usual = await run([...args, "--attributes", "NUANCE", "--json"]);
  expect(JSON.parse(usual.stdout)).toMatchObject({ provider: new URL(server.url).host, scored: 3 });
  const sent = seen();
  expect(sent).toContain(KEYS.BRIDGEWISE_SCORER_API_KEY);
  expect(sent).not.toContain(KEYS.PERSPECTIVE_API_KEY);
  // with that key alone in the environment, none is sent
  const alone = { PERSPECTIVE_API_KEY: KEYS.PERSPECTIVE_API_KEY };
  await run([...args, "--attributes", "RESPECT"], alone);
  expect(seen()).not.toContain(KEYS.PERSPECTIVE_API_KEY);
  await run([...args, "--attributes", "TOXICITY", "--key-env", "PERSPECTIVE_API_KEY"], alone);
  expect(seen()).toContain(KEYS.PERSPECTIVE_API_KEY);
  const named = await run([...args, "--attributes", "NUANCE", "--provider", "mine", "--json"]);
  expect(JSON.parse(named.stdout)).toMatchObject({ provider: "mine", scored: 3, before: 0 });
  const taken = await run([...args, "--provider", "perspective"]);
  expect([taken.status, taken.stderr]).toEqual([
    2,
    expect.stringMatching(/these scores are not Perspective's/),
  ]);
  await server.close();
});

it("a host that wants a key says which variable is looked at", async () => {
  const server = await perspectiveServer(() => ({ status: 400, body: RECORDED.badKey }));
  const args = ["score", "--input", texts, "--base-url", server.url, "--store", join(dir, "no-key.sqlite")];
  const ended = await run([...args, "--quiet"], { PERSPECTIVE_API_KEY: KEYS.PERSPECTIVE_API_KEY });
  expect(ended.status).toBe(1);
  expect(ended.stderr).toMatch(
    /set BRIDGEWISE_SCORER_API_KEY to this host's key, .*--key-env.*; PERSPECTIVE_API_KEY goes to Google alone\n$/,
  );
  await server.close();
});

it("another host may have attributes of its own; where it has not, the nearest of Perspective's is named", async () => {
  const server = await perspectiveServer(({ body }) =>
    "NUANSE" in body.requestedAttributes
      ? { status: 400, body: '{"error":{"message":"Unknown requested attribute: NUANSE"}}' }
      : undefined,
  );
  const args = ["score", "--input", texts, "--base-url", server.url, "--store", join(dir, "own.sqlite")];
  const own = await run([...args, "--rate", "200", "--attributes", "CIVILITY", "--json"]);
  expect(JSON.parse(own.stdout)).toMatchObject({ attributes: ["CIVILITY"], scored: 3 });
  // nothing scored: there is nothing to export
  const failed = await run([
    ...args.slice(0, 3),
    "--base-url",
    "http://127.0.0.1:1",
    "--tries",
    "1",
    ...args.slice(5),
  ]);
  expect(failed.stdout).toMatch(/Scored by 127\.0\.0\.1:1: 0 texts\nFailed: 3 texts; why: [^\n]*\n$/);
  const misspelt = await run([...args, "--attributes", "NUANSE", "--quiet"]);
  expect([misspelt.status, misspelt.stderr]).toEqual([
    1,
    "bridgewise: the service answered: Unknown requested attribute: NUANSE; 'NUANSE' is no attribute of Perspective, did you mean 'NUANCE'?\n",
  ]);
  await server.close();
});

it("a crash leaves no key behind, neither in what is printed nor in Node's report of it", async () => {
  const here = folder("crash");
  const server = await perspectiveServer(() => "hang");
  const crash = join(here, "crash.mjs");
  writeFileSync(
    crash,
    `const { fetch } = globalThis;
globalThis.fetch = (...request) => {
  setImmediate(() => { throw new Error("crashed"); });
  return fetch(...request);
};
`,
  );
  const store = join(here, "s.sqlite");
  const args = ["score", "--input", texts, "--base-url", server.url, "--key-in", "query", "--store", store];
  const report = `--report-uncaught-exception --report-directory=${here} --report-filename=report.json`;
  const ended = await run(args, { ...KEYS, NODE_OPTIONS: `--import=${crash} ${report}` });
  await server.close();
  expect(ended.status).not.toBe(0);
  expect(ended.stderr).toContain("crashed");
  const written = readdirSync(here).map((name) => readFileSync(join(here, name)).toString("latin1"));
  expect(written.some((text) => text.includes('"trigger": "Exception"'))).toBe(true);
  for (const key of [KEYS.BRIDGEWISE_SCORER_API_KEY, KEYS.PERSPECTIVE_API_KEY])
    for (const form of [key, encodeURIComponent(key), key.slice(0, 9), Buffer.from(key).toString("base64")])
      for (const text of [ended.stdout, ended.stderr, ...written]) expect(text).not.toContain(form);
});

it("a judge scores a file resumably, keeps what failed with its reason, and its key shows nowhere", async () => {
  const here = folder("judge");
  let away = true;
  const server = await judgeServer(({ body, headers }) => {
    const { text, attribute } = askedFor(body);
    if (!away || text !== "two") return undefined;
    return attribute === "NUANCE"
      ? { content: '{"score": 70}' }
      : // a host that repeats the key
        { status: 418, body: JSON.stringify({ error: { message: `teapot ${headers.authorization}` } }) };
  });
  const store = join(here, "s.sqlite");
  const args = [
    ...["score", "--scorer", "judge", "--input", texts, "--rate", "200", "--store", store],
    ...["--base-url", `${server.url}/v1`, "--model", "m", "--attributes", "NUANCE,TOXICITY"],
  ];
  const first = await run([...args, "--progress", "plain"]);
  expect(first.status).toBe(0);
  const provider = `judge:${new URL(server.url).host}/m:rubric-1`;
  expect(first.stdout).toContain(`Scored by ${provider}: 2 texts`);
  expect(first.stdout).toMatch(/near to Perspective's attributes in meaning, not in scale/);
  expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEYS.BRIDGEWISE_SCORER_API_KEY}`);
  const stats = await run(["scores", "stats", store]);
  expect(stats.stdout).toMatch(/the score 70 is not in \[0, 1\]/);
  expect(stats.stdout).toMatch(/teapot Bearer <redacted>/);
  const asked = server.requests.length;
  const again = await run([...args, "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ before: 2, failedBefore: 1, scored: 0 });
  expect(server.requests).toHaveLength(asked);
  away = false;
  const retried = await run([...args, "--retry-failed", "--json"]);
  expect(JSON.parse(retried.stdout)).toMatchObject({
    scored: 1,
    failed: 0,
    attributes: ["NUANCE", "TOXICITY"],
  });
  const out = join(here, "scores.csv");
  const exported = await run(["scores", "export", store, "--provider", provider, "--out", out]);
  expect([exported.status, exported.stderr]).toEqual([0, ""]);
  const [head, ...rows] = rowsOf(out) as [string[], ...string[][]];
  const column = (row: string[], name: string) => row[head.indexOf(name)];
  expect(rows).toHaveLength(6);
  for (const row of rows) {
    expect(column(row, "api_attribute")).toBe(`${column(row, "attribute")}/rubric-1`);
    expect(column(row, "provider")).toBe(provider);
  }
  expect(rows.map((row) => Number(column(row, "score"))).sort()).toEqual(
    ["one", "two", "three"]
      .flatMap((text) => ["NUANCE", "TOXICITY"].map((attribute) => scoreOf(text, attribute)))
      .sort(),
  );
  await server.close();
  const written = readdirSync(here).map((name) => readFileSync(join(here, name)).toString("latin1"));
  const all = [first, stats, again, retried, exported].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  const key = KEYS.BRIDGEWISE_SCORER_API_KEY;
  for (const form of [key, encodeURIComponent(key), key.slice(0, 9), Buffer.from(key).toString("base64")])
    for (const text of [...all, ...written]) expect(text).not.toContain(form);
});

it("a local server without keys is asked without one; what stops every text stops the run", async () => {
  let answer: { status: number; body: string } | undefined;
  const server = await judgeServer(() => answer);
  const args = (name: string) => [
    ...["score", "--scorer", "judge", "--input", texts, "--rate", "200", "--attributes", "NUANCE"],
    ...[
      "--base-url",
      server.url,
      "--model",
      "m",
      "--store",
      join(dir, `${name}.sqlite`),
      "--concurrency",
      "1",
    ],
  ];
  const keyless = await run([...args("keyless"), "--json"], {});
  expect(JSON.parse(keyless.stdout)).toMatchObject({ scored: 3 });
  expect(server.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  for (const [status, body, message] of [
    [404, CHAT_ERRORS.noModel, /The model 'gpt-9' does not exist.*; check the base URL and the model's name/],
    [400, CHAT_ERRORS.temperature, /'temperature' does not support 0.*; choose another model/],
    [401, CHAT_ERRORS.badKey, /Incorrect API key.*; check BRIDGEWISE_SCORER_API_KEY/],
  ] as const) {
    answer = { status, body };
    const before = server.requests.length;
    const ended = await run([...args(`fatal-${status}`), "--quiet"]);
    expect([ended.status, server.requests.length - before]).toEqual([1, 1]);
    expect(ended.stderr).toMatch(message);
  }
  await server.close();
});

it("PRISM's moderation fills a store without key and network, under its own name", async () => {
  const here = folder("prism");
  const utterance = (id: number, model_response: string) => ({
    ...{ utterance_id: `ut${id}`, interaction_id: "int0", conversation_id: "c0", user_id: "user0", turn: 0 },
    ...{ conversation_type: "unguided", user_prompt: "A prompt", model_name: "m", model_response },
    ...{ score: 50, if_chosen: id === 0 },
  });
  const moderated = (column_id: string, utterance_id: string | null, harassment: number) => ({
    ...{ column_id, user_id: "user0", conversation_id: "c0", interaction_id: "int0", utterance_id },
    moderation_flag: {
      category_scores: {
        harassment,
        "harassment/threatening": 0,
        hate: 0.05,
        "hate/threatening": 0,
        violence: 1,
      },
    },
  });
  const lines = (name: string, records: readonly object[]) =>
    writeFileSync(join(here, name), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  const later = { ...utterance(2, "A later response"), interaction_id: "int1", turn: 1, user_prompt: "And?" };
  lines("utterances.jsonl", [utterance(0, "A response"), utterance(1, "EMPTY STRING"), later]);
  lines("metadata.jsonl", [
    moderated("user_prompt", null, 0.25),
    moderated("model_response", "ut0", 0.01),
    moderated("model_response", "ut1", 0.01),
  ]);
  const store = join(here, "s.sqlite");
  const args = ["score", "--scorer", "prism-moderation", "--input", here, "--store", store];
  const ended = await run([...args, "--first-turns"], {});
  expect([ended.status, ended.stdout]).toEqual([
    0,
    expect.stringContaining("Scored by prism-moderation: 2 texts"),
  ]);
  // the later turn, which has no moderation here, was not asked for
  expect(ended.stdout).not.toContain("Failed");
  expect(ended.stdout).toContain("another model's score, not Perspective's TOXICITY");
  const out = join(here, "scores.csv");
  await run(["scores", "export", store, "--input", here, "--out", out], {});
  expect(
    rowsOf(out)
      .slice(1)
      .map((row) => row.slice(0, 4)),
  ).toEqual([
    ["user_prompt", "int0", "TOXICITY", "0.25"],
    ["model_response", "ut0", "TOXICITY", "0.05"],
  ]);
  const unknown = await run([...args, "--attributes", "harasment"], {});
  expect([unknown.status, unknown.stderr]).toEqual([
    2,
    expect.stringMatching(
      /the scorer prism-moderation has no attribute 'harasment'; did you mean 'harassment'\?/,
    ),
  ]);
});

it.each([
  [["--scorer", "judge"], /the scorer judge needs a host and a model: --base-url .* --model/],
  [["--scorer", "onnx"], /the scorer onnx needs the folder of a model: --model-dir DIR/],
  [["--scorer", "onnx", "--model-dir", "nowhere"], /nowhere: is no folder; name a folder with config\.json/],
  [
    ["--scorer", "onnx", "--base-url", "https://h"],
    /--base-url goes with --scorer perspective or judge, not with onnx/,
  ],
  [["--model", "m"], /--model goes with --scorer judge, not with perspective/],
  [["--scorer", "prism-moderation", "--cut"], /--cut goes with --scorer perspective or judge or onnx/],
  [["--first-turns", "--key-in", "none"], /texts\.csv: has no turns; only PRISM's folder has first turns/],
  [["--scorer", "judge", "--spans"], /--spans goes with --scorer perspective, not with judge/],
  [
    ["--key-env", "sk-a-key-itself"],
    /--key-env is the name of a variable .*never stands on the command line/,
  ],
  [["--key-env", "NOT_SET_ANYWHERE"], /no key: the variable NOT_SET_ANYWHERE is not set or empty/],
  [
    ["--scorer", "judge", "--base-url", "https://h/v1", "--model", "m", "--attributes", "INSULT"],
    /the scorer judge has no attribute 'INSULT'; .*it has AFFINITY, /,
  ],
])("bad input is one line: %j", async (flags, message) => {
  const ended = await run(["score", "--input", texts, "--store", join(dir, "bad.sqlite"), ...flags]);
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr.trim().split("\n")).toHaveLength(1);
  expect(ended.stderr).not.toContain("sk-a-key");
});
