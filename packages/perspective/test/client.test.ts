import { Cause, Effect, Exit, Fiber, Redacted } from "effect";
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http";
import { TestClock } from "effect/testing";
import { describe, expect, it } from "vitest";
import {
  type ClientOptions,
  classifyAnswer,
  cutToBytes,
  makeClient,
  perspective,
  redactedKey,
  type ScoringError,
  TEXT_LIMIT,
  type TextScores,
} from "../src/index.ts";
import {
  type Fault,
  perspectiveServer,
  RECORDED,
  type ReceivedRequest,
  responseTo,
} from "./perspective-server.ts";

const KEY = "AIza+secret/key=1";
const request = { attributes: ["NUANCE", "TOXICITY"], language: "en" };

interface Sent {
  readonly url: string;
  /** Seconds of the virtual clock. */
  readonly at: number;
  readonly body: ReceivedRequest["body"];
}

/** Scores one text over a transport that does `answer(k)` for the k-th request (from 1), in virtual time. */
async function score(
  answer: (number: number) => Fault | "network" | string | undefined,
  options: ClientOptions = {},
  text = "A text",
  spans = false,
): Promise<{ exit: Exit.Exit<TextScores, ScoringError>; sent: Sent[] }> {
  const sent: Sent[] = [];
  const http = HttpClient.make((received, url) =>
    Effect.gen(function* () {
      const clock = yield* Effect.clockWith((c) => c.currentTimeMillis);
      const bytes = (received.body as { body: Uint8Array }).body;
      const body = JSON.parse(new TextDecoder().decode(bytes)) as ReceivedRequest["body"];
      sent.push({ url: url.href, at: clock / 1000, body });
      const what = answer(sent.length);
      const web = (body: string, status = 200, headers: Record<string, string> = {}) =>
        HttpClientResponse.fromWeb(received, new Response(body, { status, headers }));
      if (what === "hang") return yield* Effect.never;
      if (what === "network" || what === "break" || what === "truncate") {
        const cause = Object.assign(new Error(`connect to ${url.href} failed, key ${KEY}`), {
          code: "ECONNREFUSED",
        });
        return yield* new HttpClientError.HttpClientError({
          reason: new HttpClientError.TransportError({ request: received, cause }),
        });
      }
      if (typeof what === "string") return web(what);
      if (what !== undefined) return web(what.body, what.status, { ...what.headers });
      return web(responseTo({ body }));
    }),
  );
  const program = Effect.gen(function* () {
    const client = yield* makeClient({ key: redactedKey(KEY), ...options });
    const fiber = yield* Effect.forkChild(client.score(text, { ...request, spans }));
    yield* TestClock.adjust("1 hour");
    return yield* Fiber.await(fiber);
  });
  const exit = await Effect.runPromise(
    program.pipe(Effect.provideService(HttpClient.HttpClient, http), Effect.provide(TestClock.layer())),
  );
  return { exit, sent };
}

const errorOf = (exit: Exit.Exit<TextScores, ScoringError>): ScoringError => {
  if (Exit.isSuccess(exit)) throw new Error("it succeeded");
  return Cause.squash(exit.cause) as ScoringError;
};

describe("a failure's kind", () => {
  it.each([
    ["bad-key", 400, RECORDED.badKey, true, true],
    ["empty", 400, RECORDED.empty, true, false],
    ["language", 400, RECORDED.language, true, false],
    ["language", 400, '{"error":{"message":"Unable to detect language"}}', true, false],
    ["too-long", 400, RECORDED.tooLong, true, false],
    ["attribute", 400, '{"error":{"message":"Unknown requested attribute: NUANSE"}}', true, true],
    ["quota", 429, RECORDED.quota, false, false],
    ["server", 503, "<html>", false, false],
    ["bad-key", 403, "{}", true, true],
    ["gone", 410, "", true, true],
    ["refused", 400, '{"error":{"message":"Some other thing"}}', true, false],
    ["language", 400, '{"error":{"details":[{"errorType":"LANGUAGE_DETECTION_FAILED"}]}}', true, false],
    ["attribute", 400, '{"error":{"message":"Missing requested_attributes"}}', true, true],
    ["bad-key", 401, "", true, true],
    ["gone", 404, "<html>", true, true],
    ["gone", 301, "", true, true],
    ["server", 408, "", false, false],
  ] as const)("%s of %i %s", (tag, status, body, permanent, fatal) => {
    const error = classifyAnswer(status, body);
    expect([error._tag, error.permanent, error.fatal, error.status]).toEqual([tag, permanent, fatal, status]);
    expect(error.message).not.toMatch(/\n|^$/);
  });

  it("tells attribute and languages of a language error", () => {
    expect(classifyAnswer(400, RECORDED.language)).toMatchObject({
      attribute: "SEXUALLY_EXPLICIT",
      detectedLanguages: ["om"],
    });
  });
});

it("one request asks for all attributes, without thresholds, for the text as it is, which is not to be stored", async () => {
  const text = "  <b>Ünïcode</b>\r\n\u0000 ";
  const { sent } = await score(() => undefined, {}, text);
  expect(sent.map(({ body }) => body)).toEqual([
    {
      comment: { text, type: "PLAIN_TEXT" },
      requestedAttributes: { NUANCE_EXPERIMENTAL: {}, TOXICITY: {} },
      languages: ["en"],
      doNotStore: true,
    },
  ]);
  const allowed = await score(() => undefined, { mayStore: true }, text);
  expect(allowed.sent[0]!.body.doNotStore).toBe(false);
});

it("permanent failures are asked for once", async () => {
  for (const body of [RECORDED.badKey, RECORDED.empty, RECORDED.language, RECORDED.tooLong]) {
    const { exit, sent } = await score(() => ({ status: 400, body }));
    expect([errorOf(exit).permanent, sent.length]).toEqual([true, 1]);
  }
});

it("a refused quota is asked again in the next minute, within 5 s, and no more than 6 times in all", async () => {
  const { exit, sent } = await score((k) => (k < 3 ? { status: 429, body: RECORDED.quota } : undefined));
  expect(Exit.isSuccess(exit)).toBe(true);
  expect(sent).toHaveLength(3);
  for (const [k, { at }] of sent.slice(1).entries()) {
    expect(at).toBeGreaterThanOrEqual(60 * (k + 1));
    expect(at).toBeLessThan(60 * (k + 1) + 5.01);
  }
  const always = await score(() => ({ status: 429, body: RECORDED.quota }));
  expect([errorOf(always.exit)._tag, always.sent.length]).toEqual(["quota", 6]);
  const told = await score((k) =>
    k === 1 ? { status: 429, body: RECORDED.quota, headers: { "retry-after": "7" } } : undefined,
  );
  expect(told.sent[1]!.at).toBeGreaterThanOrEqual(7);
  expect(told.sent[1]!.at).toBeLessThan(12.01);
});

it.each([
  ["server", { status: 503, body: "" }],
  ["network", "network"],
  ["network", "hang"],
  ["malformed", '{"attributeScores":{"NUANCE_EXPERIMENTAL":{"summ'],
  ["malformed", '{"attributeScores":{"TOXICITY":{"summaryScore":{"value":1.5}}}}'],
] as const)("%s failures are tried again, later each time, and end", async (tag, what) => {
  const { exit, sent } = await score(() => what, { tries: 4 });
  expect([errorOf(exit)._tag, sent.length]).toEqual([tag, 4]);
  const gaps = sent.slice(1).map(({ at }, k) => at - sent[k]!.at - (what === "hang" ? 30 : 0));
  // 1, 2, 4 s, each times 0.5 to 1.5; a second at least, by the quota
  gaps.forEach((gap, k) => {
    expect(gap).toBeGreaterThanOrEqual(0.5 * 2 ** k);
    expect(gap).toBeLessThan(1.5 * 2 ** k + 0.01);
  });
  const passing = await score((k) => (k === 1 ? what : undefined));
  expect(Exit.isSuccess(passing.exit)).toBe(true);
});

it("the key is in no error, also where it is in the address", async () => {
  for (const authorization of [
    { in: "query", name: "key" },
    { in: "header", name: "X-Key" },
  ] as const) {
    const body = JSON.stringify({ error: { message: `no ${KEY} ${encodeURIComponent(KEY)}` } });
    for (const what of ["network", { status: 418, body }, { status: 403, body }] as const) {
      const { exit, sent } = await score(() => what, { authorization, tries: 2 });
      expect(sent[0]!.url.includes(encodeURIComponent(KEY))).toBe(authorization.in === "query");
      const error = errorOf(exit);
      const shown = [
        String(exit),
        JSON.stringify(exit),
        JSON.stringify(error),
        error.stack,
        String(error.cause),
      ];
      for (const text of shown) {
        expect(text).not.toContain(KEY);
        expect(text).not.toContain(encodeURIComponent(KEY));
      }
    }
  }
  expect(`${redactedKey(KEY)} ${JSON.stringify({ key: redactedKey(KEY) })}`).not.toContain("secret");
  expect(Redacted.value(redactedKey(` ${KEY}\n`))).toBe(KEY);
});

it("the key goes to no other host than the one that was named", async () => {
  const other = await perspectiveServer();
  const server = await perspectiveServer(({ url }) => ({
    status: 307,
    body: "",
    headers: { location: other.url + url },
  }));
  const failure = await perspective({ key: KEY, baseUrl: server.url })
    .score("A text", request)
    .catch((error) => error);
  expect([failure._tag, server.requests.length, other.requests.length]).toEqual(["gone", 1, 0]);
  await server.close();
  await other.close();
});

it("what is missing in an answer has no score", async () => {
  const { exit } = await score(() => '{"languages":["en"],"detectedLanguages":["ro","en"]}');
  expect(exit).toMatchObject({
    value: { scores: [], missing: ["NUANCE", "TOXICITY"], detectedLanguages: ["ro", "en"] },
  });
});

it("spans are asked for and read where that is wished; a begin that is left out is 0", async () => {
  const { exit } = await score(() => undefined, {}, "A text", true);
  if (Exit.isFailure(exit)) throw errorOf(exit);
  for (const { score: whole, spans } of exit.value.scores)
    expect(spans).toEqual([{ begin: 0, end: 6, score: whole }]);
  expect(exit.value.scores).toHaveLength(2);
  const without = await score(() => undefined);
  if (Exit.isFailure(without.exit)) throw errorOf(without.exit);
  expect(without.exit.value.scores[0]).not.toHaveProperty("spans");
});

it("a text over 20,480 bytes is an error, or cut between characters where that is asked for", async () => {
  // 3 bytes each, and 4 for the last: 20,480 = 3 * 6826 + 2
  const text = `${"あ".repeat(6826)}😀`;
  const { exit, sent } = await score(() => undefined, {}, text);
  expect([errorOf(exit)._tag, sent.length]).toEqual(["too-long", 0]);
  const cut = await score(() => undefined, { cut: true }, text);
  expect(cut.exit).toMatchObject({ value: { cutToBytes: 3 * 6826 } });
  expect(cutToBytes(`${"a".repeat(TEXT_LIMIT - 4)}😀`)).toHaveLength(TEXT_LIMIT - 2);
  expect(cutToBytes(`${"a".repeat(TEXT_LIMIT - 3)}😀`)).toBe("a".repeat(TEXT_LIMIT - 3));
});
