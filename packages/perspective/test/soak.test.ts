import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import v8 from "node:v8";
import vm from "node:vm";
import { Effect, Fiber } from "effect";
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
import { type Fault, perspectiveServer, RECORDED, scoreOf } from "./perspective-server.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-soak-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc") as () => void;

/** Scores a corpus at a local server; the clock is virtual and goes on whenever no request is under way. */
async function run(
  server: Awaited<ReturnType<typeof perspectiveServer>>,
  request: Pick<CorpusRequest, "store" | "corpus"> & Partial<CorpusRequest>,
  rate: number,
): Promise<CorpusResult | RunStopped> {
  let underWay = 0;
  /** Reads answers whole, so that `underWay` counts their bodies too. */
  const fetch: typeof globalThis.fetch = async (...args) => {
    underWay++;
    try {
      const response = await globalThis.fetch(...args);
      return new Response(await response.arrayBuffer(), response);
    } finally {
      underWay--;
    }
  };
  const program = Effect.gen(function* () {
    const scorer = yield* makeClient({ baseUrl: server.url, provider: "local", rate });
    const all = { attributes: ["NUANCE"], language: "en", scorer, ...request };
    const fiber = yield* Effect.forkChild(Effect.result(scoreCorpus(all)));
    while (fiber.pollUnsafe() === undefined) {
      yield* Effect.promise(() => turn());
      if (underWay <= server.hanging()) yield* TestClock.adjust(10_000 / rate);
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

it("5,000 texts, a seventh of them in trouble: each ends scored once or failed with a reason, memory is flat", async () => {
  const texts = 5000;
  const file = join(dir, "texts.csv");
  const words = "word ".repeat(200);
  writeFileSync(file, `text\n${Array.from({ length: texts }, (_, i) => `${i} ${words}`).join("\n")}\n`);
  const tries = new Uint8Array(texts);
  const scored = new Uint8Array(texts);
  /** What happens to text i: some for good, most at the first try alone. */
  const faultOf = (i: number, k: number): Fault | undefined => {
    if (i % 101 === 5) return { status: 400, body: RECORDED.language };
    if (i % 211 === 7) return { status: 503, body: "<html>" };
    if (k > 1) return undefined;
    if (i % 23 === 1) return { status: 500, body: "{}" };
    if (i % 29 === 2) return "break";
    if (i % 31 === 3) return "truncate";
    if (i % 997 === 4) return "hang";
    if (i % 499 === 8) return { status: 429, body: RECORDED.quota };
    return undefined;
  };
  const server = await perspectiveServer(({ body: { comment } }) => {
    const i = Number(comment.text.split(" ")[0]);
    const fault = faultOf(i, ++tries[i]!);
    if (fault === undefined) scored[i]!++;
    // the texts themselves are not kept
    server.requests.length = 0;
    return fault;
  });
  const corpus = await openCorpus(file);
  using store = new ScoreStore(join(dir, "soak.sqlite"));
  const heap: number[] = [];
  let seen = 0;
  const result = await run(
    server,
    {
      store,
      corpus,
      concurrency: 32,
      onProgress: () => {
        if (++seen % 500 !== 0) return;
        collectGarbage();
        heap.push(process.memoryUsage().heapUsed / 1e6);
      },
    },
    50,
  );
  await server.close();
  const bad = Array.from({ length: texts }, (_, i) => i).filter((i) => i % 101 === 5 || i % 211 === 7).length;
  expect(result).toMatchObject({ scored: texts - bad, failed: bad, left: 0, elsewhere: 0 });
  // none answered twice
  expect(scored.every((count) => count <= 1)).toBe(true);
  expect(scored.reduce((sum, count) => sum + count, 0)).toBe(texts - bad);
  let rows = 0;
  for (const _ of storedScores(store, { provider: "local", language: "en" })) rows++;
  expect(rows).toBe(texts - bad);
  const failures = storeStats(store).failures.map(({ reason, texts: n }) => [reason, n]);
  expect(Object.fromEntries(failures)).toEqual({ language: 50, server: bad - 50 });
  // the texts are 5 MB, their answers more: what stays between the first fifth and the end is neither
  expect(heap.length).toBeGreaterThan(8);
  expect(heap.at(-1)! - heap[1]!).toBeLessThan(3);
}, 120_000);

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
      expect(result.message).toMatch(/5 texts in a row .*server.*run it again to go on/);
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
