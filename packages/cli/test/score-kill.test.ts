import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "@bridgewise/core";
import { ScoreStore, storedScores, storeStats, verifyStore } from "@bridgewise/perspective/node";
import { afterAll, expect, it } from "vitest";
import { perspectiveServer, scoreOf } from "../../perspective/test/perspective-server.ts";
import { startCommand } from "./command.ts";
import { uniforms } from "./uniforms.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-score-kill-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const CONCURRENCY = 4;
/** Milliseconds that the server takes for an answer. */
const DELAY = 20;

/** A corpus of some texts, a server for it, and the command that scores it there. */
async function scene(name: string, count: number) {
  const texts = Array.from({ length: count }, (_, i) => `Text number ${i}`);
  const input = join(dir, `${name}.jsonl`);
  writeFileSync(input, texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
  const file = join(dir, `${name}.sqlite`);
  /** Called at each request, with its text. */
  const at = { request: (_: string): void => {} };
  const server = await perspectiveServer(({ body }) => void at.request(body.comment.text), DELAY);
  const start = () =>
    startCommand([
      ...["score", "--input", input, "--store", file, "--attributes", "NUANCE", "--json"],
      ...["--base-url", server.url, "--rate", "100", "--concurrency", String(CONCURRENCY)],
    ]);
  /** Scores in the store, by text. */
  const stored = (): Map<string, number> => {
    using store = new ScoreStore(file);
    expect(verifyStore(store)).toEqual([]);
    expect(storeStats(store).failures).toEqual([]);
    const { host: provider } = new URL(server.url);
    return new Map(
      [...storedScores(store, { provider, language: "en" })].map(({ text, score }) => [text, score]),
    );
  };
  const right = new Map(texts.map((text) => [sha256Hex(text), scoreOf(text, "NUANCE_EXPERIMENTAL")]));
  return { server, start, stored, right, at };
}

it("killed at 20 random moments and run again, no score is lost and none asked for twice but those under way", async () => {
  const { server, start, stored, right, at } = await scene("killed", 400);
  const random = uniforms(20);
  let kept: ReadonlyMap<string, number> = new Map();
  const twice: string[] = [];
  for (let k = 0; k < 20; k++) {
    const child = start();
    const asked = new Set<string>();
    const last = Math.floor(random() * 10);
    // the first while the command starts and the store is made, the others at some moment of an answering or a commit
    if (k < 4) setTimeout(child.kill, 700 * random(), "SIGKILL");
    at.request = (text) => {
      if (kept.has(sha256Hex(text))) twice.push(text);
      if (k >= 4 && asked.size === last) setTimeout(child.kill, 2 * DELAY * random(), "SIGKILL");
      asked.add(sha256Hex(text));
    };
    expect((await child.ended).status).toBe(null);
    const scores = stored();
    for (const [text, score] of kept) expect(scores.get(text)).toBe(score);
    // what was asked for and is not there was under way
    expect([...asked].filter((text) => !scores.has(text)).length).toBeLessThanOrEqual(CONCURRENCY);
    kept = scores;
  }
  const { status, stdout, stderr } = await start().ended;
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toMatchObject({
    before: kept.size,
    scored: 400 - kept.size,
    left: 0,
    failed: 0,
  });
  expect(twice).toEqual([]);
  expect(stored()).toEqual(right);
  await server.close();
}, 1_200_000);

it("goes on after a sleep in which its connections broke: no text is lost, and those under way alone are asked for twice", async () => {
  const { server, start, stored, right, at } = await scene("sleep", 60);
  const child = start();
  at.request = () => {
    if (server.requests.length !== 20) return;
    child.kill("SIGSTOP");
    // as a service does with clients that are silent
    setTimeout(() => {
      server.breakConnections();
      child.kill("SIGCONT");
    }, 10 * DELAY);
  };
  const { status, stderr } = await child.ended;
  expect([status, stderr]).toEqual([0, ""]);
  expect(stored()).toEqual(right);
  expect(server.requests.length).toBeLessThanOrEqual(60 + CONCURRENCY);
  await server.close();
}, 300_000);
