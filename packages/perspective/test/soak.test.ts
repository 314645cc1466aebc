import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import v8 from "node:v8";
import vm from "node:vm";
import { sha256Hex } from "@bridgewise/core";
import { Clock, Effect, Fiber } from "effect";
import { FetchHttpClient } from "effect/http";
import { TestClock } from "effect/testing";
import { afterAll, expect, it } from "vitest";
import { makeClient } from "../src/index.ts";
import {
  type CorpusRequest,
  type CorpusResult,
  openCorpus,
  RunStopped,
  ScoreStore,
  scoreCorpus,
  storedScores,
  storeStats,
} from "../src/node/index.ts";
import {
  type Fault,
  perspectiveServer,
  RECORDED,
  type ReceivedRequest,
  scoreOf,
} from "./perspective-server.ts";

/** In memory where the system has that: thousands of transactions wait for a busy disk for minutes. */
const dir = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "bridgewise-soak-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc") as () => void;

/** Scores a corpus at a local server; the clock is virtual, goes on whenever no request is under way, and is told to `clock`. */
async function run(
  server: Awaited<ReturnType<typeof perspectiveServer>>,
  request: Pick<CorpusRequest, "store" | "corpus"> & Partial<CorpusRequest>,
  rate: number,
  clock = { now: 0 },
): Promise<CorpusResult | RunStopped> {
  let underWay = 0;
  /** Reads answers whole, so that `underWay` counts their bodies too. */
  const fetch: typeof globalThis.fetch = async (url, init) => {
    underWay++;
    const { comment } = JSON.parse(
      Buffer.from(init!.body as Uint8Array).toString(),
    ) as ReceivedRequest["body"];
    try {
      const response = await globalThis.fetch(url, init);
      return new Response(await response.arrayBuffer(), response);
    } finally {
      server.hanging.delete(comment.text);
      underWay--;
    }
  };
  const program = Effect.gen(function* () {
    const scorer = yield* makeClient({ baseUrl: server.url, provider: "local", rate });
    const all = { attributes: ["NUANCE"], language: "en", scorer, ...request };
    const fiber = yield* Effect.forkChild(Effect.result(scoreCorpus(all)));
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.promise(() => turn());
      if (underWay > server.hanging.size) continue;
      yield* TestClock.adjust(10_000 / rate);
      clock.now = yield* Clock.currentTimeMillis;
    }
    return yield* Fiber.join(fiber);
  });
  const result = await Effect.runPromise(
    program.pipe(
      Effect.provide(FetchHttpClient.layer),
      Effect.provideService(FetchHttpClient.Fetch, fetch),
      Effect.provide(TestClock.layer()),
    ),
  );
  if (result._tag === "Success") return result.success;
  if (result.failure instanceof RunStopped) return result.failure;
  throw result.failure.cause;
}

/** 2,000 here; `npm run soak` takes 100,000. */
const TEXTS = Number(process.env["BRIDGEWISE_SOAK"] ?? 2000);

it(`${TEXTS.toLocaleString("en")} texts, a sixth of them in trouble: each ends scored once or failed with a reason, memory is flat`, async () => {
  const file = join(dir, "texts.csv");
  const words = "word ".repeat(40);
  writeFileSync(file, `text\n${Array.from({ length: TEXTS }, (_, i) => `${i} ${words}`).join("\n")}\n`);
  const rate = 10;
  /** The service's quota of a minute of the virtual clock: less than the rate asks for. */
  const quota = 57 * rate;
  let minute = -1;
  let inMinute = 0;
  const tries = new Uint8Array(TEXTS);
  const scored = new Uint8Array(TEXTS);
  const seen = { quota: 0, server: 0, break: 0, truncate: 0, drip: 0, hang: 0, missing: 0, language: 0 };
  const once = (kind: keyof typeof seen, fault: Fault): Fault => {
    seen[kind]++;
    return fault;
  };
  /** What happens to text i: some for good, most at the first try alone. */
  const faultOf = (i: number, k: number): Fault | undefined => {
    if (i % 101 === 5) return once("language", { status: 400, body: RECORDED.language });
    if (i % 211 === 7) return once("server", { status: 503, body: "<html>" });
    if (i % 307 === 9) return once("missing", { status: 200, body: '{"languages":["en"]}' });
    if (k > 1) return undefined;
    if (i % 23 === 1) return once("server", { status: 500, body: "{}" });
    if (i % 29 === 2) return once("break", "break");
    if (i % 31 === 3) return once("truncate", "truncate");
    if (i % 499 === 8) return once("drip", "drip");
    return i % 997 === 4 ? once("hang", "hang") : undefined;
  };
  const clock = { now: 0 };
  const server = await perspectiveServer(({ body: { comment } }) => {
    // the texts themselves are not kept
    server.requests.length = 0;
    const now = Math.floor(clock.now / 60_000);
    if (now !== minute) inMinute = 0;
    minute = now;
    if (++inMinute > quota) return once("quota", { status: 429, body: RECORDED.quota });
    const i = Number(comment.text.split(" ")[0]);
    const fault = faultOf(i, ++tries[i]!);
    if (fault === undefined || fault === "drip") scored[i]!++;
    return fault;
  });
  const corpus = await openCorpus(file);
  using store = new ScoreStore(join(dir, "soak.sqlite"));
  const memory: number[] = [];
  const resident: number[] = [];
  let ended = 0;
  const began = performance.now();
  const result = await run(
    server,
    {
      store,
      corpus,
      concurrency: 32,
      onProgress: () => {
        if (++ended % (TEXTS / 10) !== 0) return;
        collectGarbage();
        const { heapUsed, external, rss } = process.memoryUsage();
        memory.push((heapUsed + external) / 1e6);
        resident.push(Math.round(rss / 1e6));
      },
    },
    rate,
    clock,
  );
  const seconds = (performance.now() - began) / 1000;
  await server.close();
  const all = Array.from({ length: TEXTS }, (_, i) => i);
  const failing = {
    language: all.filter((i) => i % 101 === 5),
    server: all.filter((i) => i % 211 === 7 && i % 101 !== 5),
    missing: all.filter((i) => i % 307 === 9 && i % 211 !== 7 && i % 101 !== 5),
  };
  const bad = new Set(Object.values(failing).flat());
  expect(result).toMatchObject({ scored: TEXTS - bad.size, failed: bad.size, left: 0, elsewhere: 0 });
  // every text is scored by one answer, or failed for its reason
  expect(all.filter((i) => scored[i] !== (bad.has(i) ? 0 : 1))).toEqual([]);
  const rows = new Map<string, number>();
  for (const { text, score } of storedScores(store, { provider: "local", language: "en" }))
    rows.set(text, score);
  const wrong = all.filter((i) => {
    const text = `${i} ${words}`;
    return rows.get(sha256Hex(text)) !== (bad.has(i) ? undefined : scoreOf(text, "NUANCE_EXPERIMENTAL"));
  });
  expect(wrong).toEqual([]);
  const failures = storeStats(store).failures.map(({ reason, texts: n }) => [reason, n] as const);
  // where the last try of a text met the quota, that is its reason
  const { quota: last = 0, server: refused = 0, ...others } = Object.fromEntries(failures);
  expect({ ...others, server: refused + last }).toEqual(
    Object.fromEntries(Object.entries(failing).map(([reason, texts]) => [reason, texts.length])),
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  // the texts are many times that, their answers more: between the first tenth and the end nothing stays
  expect(memory).toHaveLength(10);
  expect(Math.max(...memory.slice(1)) - memory[0]!).toBeLessThan(3);
  if (TEXTS > 2000) console.log({ seconds, cpu: process.cpuUsage(), seen, memory, resident, result });
}, 7_200_000);

it("texts that the service fails on for good stop no run that scores others, though all end last", async () => {
  const file = join(dir, "alone.csv");
  writeFileSync(file, `text\n${Array.from({ length: 30 }, (_, i) => `alone ${i}`).join("\n")}\n`);
  const server = await perspectiveServer(({ body }) =>
    Number(body.comment.text.slice(6)) >= 20 ? { status: 503, body: "" } : undefined,
  );
  const corpus = await openCorpus(file);
  using store = new ScoreStore(join(dir, "alone.sqlite"));
  expect(await run(server, { store, corpus, concurrency: 16 }, 20)).toMatchObject({
    scored: 20,
    failed: 10,
    left: 0,
  });
  // asked for alone, a plain sentence tells them from a service that is away
  for (const concurrency of [1, 16]) {
    const before = server.requests.length;
    const again = await run(server, { store, corpus, concurrency, retryFailed: true }, 20);
    expect(again).toMatchObject({ scored: 0, failed: 10, left: 0 });
    const plain = server.requests.slice(before).filter(({ body }) => !body.comment.text.startsWith("alone"));
    expect(plain).toHaveLength(concurrency === 1 ? 2 : 1);
    expect(storeStats(store).failures.map(({ texts }) => texts)).toEqual([10]);
  }
  // the sentence's answer is nobody's score
  expect([...storedScores(store, { provider: "local", language: "en" })]).toHaveLength(20);
  await server.close();
}, 60_000);

it("a service that is away stops the run, and the next runs score all", async () => {
  const file = join(dir, "away.csv");
  writeFileSync(file, `text\n${Array.from({ length: 40 }, (_, i) => `away ${i}`).join("\n")}\n`);
  const server = await perspectiveServer((_, number) => {
    return number > 10 && number < 200 ? { status: 503, body: "" } : undefined;
  });
  const corpus = await openCorpus(file);
  using store = new ScoreStore(join(dir, "away.sqlite"));
  let runs = 0;
  let result: CorpusResult | RunStopped;
  do {
    result = await run(server, { store, corpus, concurrency: 3, retryFailed: true }, 20);
    runs++;
    // the texts that the run stopped at are no failures
    if (runs === 1) expect(storeStats(store).failures).toEqual([]);
    if (result instanceof RunStopped)
      expect(result.message).toMatch(
        /5 texts in a row .*none beside them .*server.*, nor a plain sentence; .*run it again to go on/,
      );
  } while (result instanceof RunStopped && runs < 20);
  expect(runs).toBeGreaterThan(1);
  expect(result).toMatchObject({ left: 0, failedBefore: 0 });
  // a text whose six tries fell into the end of the outage is one
  if (!(result instanceof RunStopped) && result.failed > 0)
    await run(server, { store, corpus, retryFailed: true }, 20);
  await server.close();
  const rows = [...storedScores(store, { provider: "local", language: "en" })];
  expect(rows.map(({ score }) => score).sort()).toEqual(
    Array.from({ length: 40 }, (_, i) => scoreOf(`away ${i}`, "NUANCE_EXPERIMENTAL")).sort(),
  );
}, 60_000);

it("a full disk stops the run, keeps what was written, and the next run asks for the rest alone", async () => {
  const file = join(dir, "full.csv");
  writeFileSync(file, `text\n${Array.from({ length: 300 }, (_, i) => `full ${i}`).join("\n")}\n`);
  const server = await perspectiveServer();
  const corpus = await openCorpus(file);
  using store = new ScoreStore(join(dir, "full.sqlite"));
  const attributes = ["NUANCE", "RESPECT", "TOXICITY", "CURIOSITY"];
  // SQLite's own limit of pages answers as a full disk does (SQLITE_FULL)
  store.db.exec("PRAGMA max_page_count = 24");
  const concurrency = 4;
  await expect(run(server, { store, corpus, attributes, concurrency }, 100)).rejects.toThrow(
    /full\.sqlite: the disk is full; what was written is kept/,
  );
  const asked = server.requests.length;
  expect(asked).toBeLessThan(300);
  store.db.exec("PRAGMA max_page_count = 1000000");
  const result = await run(server, { store, corpus, attributes, concurrency }, 100);
  expect(result).toMatchObject({ left: 0, failed: 0 });
  expect(server.requests.length).toBeLessThanOrEqual(300 + concurrency);
  expect([...storedScores(store, { provider: "local", language: "en" })]).toHaveLength(4 * 300);
  await server.close();
}, 60_000);

it("what failed is asked for again only with retryFailed", async () => {
  const file = join(dir, "retry.csv");
  writeFileSync(file, "text\none\ntwo\nthree\n");
  let mended = false;
  const server = await perspectiveServer(({ body }) =>
    body.comment.text === "two" && !mended ? { status: 400, body: RECORDED.language } : undefined,
  );
  const corpus = await openCorpus(file);
  using store = new ScoreStore(join(dir, "retry.sqlite"));
  expect(await run(server, { store, corpus }, 20)).toMatchObject({ scored: 2, failed: 1 });
  mended = true;
  expect(await run(server, { store, corpus }, 20)).toMatchObject({ scored: 0, before: 2, failedBefore: 1 });
  expect(server.requests).toHaveLength(3);
  expect(await run(server, { store, corpus, retryFailed: true }, 20)).toMatchObject({ scored: 1, failed: 0 });
  // a further attribute asks for it alone
  await run(server, { store, corpus, attributes: ["NUANCE", "RESPECT"] }, 20);
  expect(server.requests).toHaveLength(7);
  expect(Object.keys(server.requests[6]!.body.requestedAttributes)).toEqual(["RESPECT_EXPERIMENTAL"]);
  await server.close();
}, 60_000);
