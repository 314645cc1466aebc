import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError, sha256Hex } from "@bridgewise/core";
import { Effect } from "effect";
import { afterAll, expect, it } from "vitest";
import {
  makePrismModeration,
  openCorpus,
  ScoreStore,
  scoreCorpus,
  storedScore,
  storedScores,
  storeStats,
  verifyStore,
} from "../src/node/index.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-moderation-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The categories of OpenAI's moderation when PRISM was made. */
const CATEGORIES = [
  ...["sexual", "hate", "harassment", "self-harm", "sexual/minors", "hate/threatening", "violence/graphic"],
  ...["self-harm/intent", "self-harm/instructions", "harassment/threatening", "violence"],
];

/** As PRISM has it: flags by category, and their probabilities. */
const flag = (probabilities: Readonly<Record<string, number>> = {}) => ({
  flagged: false,
  categories: Object.fromEntries(CATEGORIES.map((category) => [category, false])),
  category_scores: Object.fromEntries(CATEGORIES.map((category) => [category, probabilities[category] ?? 0])),
});

interface Turn {
  readonly prompt: string;
  readonly responses: readonly string[];
}

/** PRISM's two files of some turns; `moderation` is of a text, by its column and number. */
function prism(
  name: string,
  turns: readonly Turn[],
  moderation: (column: string, id: string) => unknown,
): string {
  const folder = mkdtempSync(join(dir, `${name}-`));
  const utterances: object[] = [];
  const metadata: object[] = [];
  const about = (column_id: string, ids: object, id: string) =>
    metadata.push({
      ...{ column_id, user_id: "user0", conversation_id: "c0", interaction_id: null, utterance_id: null },
      ...ids,
      ...{ pii_flag: false, language_flag: "en", en_flag: true, moderation_flag: moderation(column_id, id) },
    });
  turns.forEach(({ prompt, responses }, t) => {
    about("user_prompt", { interaction_id: `int${t}` }, `int${t}`);
    for (const [i, model_response] of responses.entries()) {
      const utterance_id = `ut${utterances.length}`;
      utterances.push({
        ...{ utterance_id, interaction_id: `int${t}`, conversation_id: "c0", user_id: "user0", turn: t },
        ...{ conversation_type: "unguided", user_prompt: prompt, model_name: "m", model_response },
        ...{ score: 50, if_chosen: i === 0 },
      });
      about("model_response", { interaction_id: `int${t}`, utterance_id }, utterance_id);
    }
  });
  about("open_feedback", {}, "feedback");
  about("self_description", { conversation_id: null }, "description");
  const lines = (records: readonly object[]) =>
    records.map((record) => `${JSON.stringify(record)}\n`).join("");
  writeFileSync(join(folder, "utterances.jsonl"), lines(utterances));
  writeFileSync(join(folder, "metadata.jsonl"), lines(metadata));
  return folder;
}

const PROBABILITIES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  int0: { harassment: 0.12, violence: 0.9 },
  ut0: { hate: 0.31, harassment: 0.3 },
  ut1: { "hate/threatening": 0.02 },
  int1: { "harassment/threatening": 1, harassment: 0.99 },
  ut2: {},
};
const TURNS = [
  { prompt: "A prompt", responses: ["A response", "EMPTY STRING"] },
  { prompt: "Another", responses: ["The last"] },
];

it("takes the greatest of what is abuse as TOXICITY, and each category by its name, with its source", async () => {
  const folder = prism("plain", TURNS, (_, id) => flag(PROBABILITIES[id]));
  const scorer = await makePrismModeration(folder);
  expect(scorer).toMatchObject({ provider: "prism-moderation", differing: 0 });
  expect(scorer.attributes).toEqual(["TOXICITY", ...CATEGORIES]);
  using store = new ScoreStore(join(folder, "scores.sqlite"));
  const attributes = ["TOXICITY", "violence", "hate"];
  const run = async () =>
    scoreCorpus({
      ...{ corpus: await openCorpus(folder), store, scorer, attributes, language: "en", concurrency: 64 },
    });
  expect(await Effect.runPromise(await run())).toMatchObject({ scored: 4, empty: 1, failed: 0 });
  const key = { provider: "prism-moderation", language: "en" };
  const of = (text: string, attribute: string) =>
    storedScore(store, { ...key, text: sha256Hex(text), attribute });
  expect(["A prompt", "A response", "Another", "The last"].map((text) => of(text, "TOXICITY"))).toEqual([
    ...[0.12, 0.31, 1, 0],
  ]);
  expect([of("A prompt", "violence"), of("A response", "hate")]).toEqual([0.9, 0.31]);
  for (const { attribute, model, apiAttribute, scoredAt } of storedScores(store, key)) {
    expect([model, scoredAt]).toEqual([expect.stringContaining("OpenAI moderation"), ""]);
    expect(apiAttribute).toBe(
      attribute === "TOXICITY"
        ? "max(harassment, harassment/threatening, hate, hate/threatening)"
        : attribute,
    );
  }
  expect(verifyStore(store)).toEqual([]);
  expect(await Effect.runPromise(await run())).toMatchObject({ scored: 0, before: 4 });
});

it("a text without probabilities fails with its reason; of a text that stands twice the first row counts", async () => {
  const turns = [...TURNS, { prompt: "A prompt", responses: ["Unmoderated"] }];
  const folder = prism("some", turns, (_, id) =>
    id === "ut3" ? null : id === "int2" ? flag({ hate: 0.5 }) : flag(PROBABILITIES[id]),
  );
  const scorer = await makePrismModeration(folder);
  expect(scorer).toMatchObject({ texts: 4, differing: 1 });
  using store = new ScoreStore(join(folder, "scores.sqlite"));
  const result = await Effect.runPromise(
    scoreCorpus({
      ...{ corpus: await openCorpus(folder), store, scorer, attributes: ["TOXICITY"], language: "en" },
    }),
  );
  expect(result).toMatchObject({ scored: 4, failed: 1 });
  expect(storeStats(store).failures).toMatchObject([
    { reason: "refused", texts: 1, example: "metadata.jsonl has no moderation probabilities of this text" },
  ]);
  const text = sha256Hex("A prompt");
  expect(
    storedScore(store, { provider: "prism-moderation", language: "en", text, attribute: "TOXICITY" }),
  ).toBe(0.12);
});

it.each([
  ["simulated data", () => null, /has no moderation probabilities of prompts or responses \(simulated/],
  ["no scores", () => ({ flagged: false }), /line 1: 'moderation_flag' has no category_scores/],
  ["too much", () => flag({ violence: 1.2 }), /line 1: 'moderation_flag\.category_scores\.violence' is 1\.2/],
  [
    "a category gone",
    (_: string, id: string) => (id === "int0" ? flag() : { category_scores: { hate: 0 } }),
    /line 2: 'moderation_flag\.category_scores\.sexual' is missing/,
  ],
  [
    "another endpoint",
    () => ({ category_scores: { spam: 0 } }),
    /line 1: .* has no harassment; give PRISM's/,
  ],
])("bad input is one line: %s", async (name, moderation, message) => {
  const folder = prism(name.replaceAll(" ", "-"), TURNS, moderation);
  const error = await makePrismModeration(folder).catch((error) => error);
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain("\n");
});

it("a folder without metadata.jsonl says what is read there", async () => {
  await expect(makePrismModeration(dir)).rejects.toThrow(/metadata\.jsonl: not found; the scorer prism-mod/);
});
