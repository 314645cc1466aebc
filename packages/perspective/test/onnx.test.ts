import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "@bridgewise/core";
import { Cause, Effect, Exit } from "effect";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { ScoringError, TextScores } from "../src/index.ts";
import {
  classifierScorer,
  makeOnnxScorer,
  openCorpus,
  ScoreStore,
  scoreCorpus,
  storedScores,
  type TextClassifier,
} from "../src/node/index.ts";
import { batched } from "../src/providers/onnx/batches.ts";
import { labelsOf } from "../src/providers/onnx/labels.ts";
import { loadTransformers } from "../src/providers/onnx/transformers.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-onnx-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const FOLDER = join(import.meta.dirname, "onnx-classifier");

const LABELS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"];
const ATTRIBUTES = ["TOXICITY", "SEVERE_TOXICITY", "OBSCENE", "THREAT", "INSULT", "IDENTITY_ATTACK"];

/** A classifier of words as tokens, whose logit of label k is k less than the text's length; records its batches. */
function classifier(changes: Partial<TextClassifier> = {}) {
  const batches: string[][] = [];
  const made: TextClassifier = {
    model: "a model",
    labels: LABELS,
    maxTokens: 12,
    tokens: (text) => 2 + text.split(/\s+/).filter((word) => word !== "").length,
    batch: 4,
    logits: async (texts) => {
      batches.push([...texts]);
      return texts.flatMap((text) => LABELS.map((_, k) => text.length - k));
    },
    ...changes,
  };
  return { made, batches };
}
const request = { attributes: ["TOXICITY", "INSULT"], language: "en" };
const failure = async (run: Effect.Effect<TextScores, ScoringError>): Promise<ScoringError> => {
  const exit = await Effect.runPromiseExit(run);
  if (Exit.isSuccess(exit)) throw new Error("it succeeded");
  return Cause.squash(exit.cause) as ScoringError;
};

it("labels are attributes, scores the sigmoid of each logit, and those asked for come", async () => {
  const scorer = classifierScorer(classifier().made, { provider: "onnx:test" });
  expect(scorer.attributes).toEqual(ATTRIBUTES);
  const found = await Effect.runPromise(scorer.score("abc", request));
  expect(found).toMatchObject({ model: "a model", missing: [] });
  // logits 3 and 3 - 4: sigmoids that do not sum to 1, as softmax's would
  expect(found.scores).toEqual([
    { attribute: "TOXICITY", apiAttribute: "toxic", score: expect.closeTo(0.9525741268224334, 15) },
    { attribute: "INSULT", apiAttribute: "insult", score: expect.closeTo(0.2689414213699951, 15) },
  ]);
  const unknown = await failure(scorer.score("abc", { ...request, attributes: ["NUANCE"] }));
  expect([unknown._tag, unknown.fatal]).toEqual(["attribute", true]);
  expect((await failure(scorer.score(" \n", request)))._tag).toBe("empty");
});

it("texts that are asked for together go together, each with its own scores", async () => {
  const { made, batches } = classifier();
  const scorer = classifierScorer(made, { provider: "onnx:test" });
  const texts = Array.from({ length: 10 }, (_, i) => "x".repeat(i + 1));
  const found = await Effect.runPromise(
    Effect.forEach(texts, (text) => scorer.score(text, request), { concurrency: "unbounded" }),
  );
  expect(batches.map((batch) => batch.length)).toEqual([4, 4, 2]);
  found.forEach(({ scores }, i) => {
    expect(scores[0]!.score).toBe(1 / (1 + Math.exp(-(i + 1))));
  });
});

it("a batch that fails fails alone, and no batch is longer than its size", async () => {
  const sizes: number[] = [];
  const ask = batched(async (items: readonly number[]) => {
    sizes.push(items.length);
    if (items.includes(3)) throw new Error("three");
    return items.map((item) => 2 * item);
  }, 2);
  const all = await Promise.allSettled([1, 2, 3, 4, 5].map(ask));
  expect(all.map(({ status }) => status)).toEqual([
    ...["fulfilled", "fulfilled", "rejected", "rejected", "fulfilled"],
  ]);
  expect(sizes).toEqual([2, 2, 1]);
  expect(await ask(6)).toBe(12);
});

it("a text of too many tokens is an error, or cut at a character, as far as fits, and recorded", async () => {
  const { made, batches } = classifier();
  const text = Array.from({ length: 30 }, (_, i) => `😀${i}`).join(" ");
  const whole = await failure(classifierScorer(made, { provider: "p" }).score(text, request));
  expect([whole._tag, whole.permanent, batches.length]).toEqual(["too-long", true, 0]);
  expect(whole.message).toBe("the text has 32 tokens, the model takes 12");
  const cut = await Effect.runPromise(
    classifierScorer(made, { provider: "p", cut: true }).score(text, request),
  );
  const [[beginning]] = batches as [[string]];
  expect(text.startsWith(beginning)).toBe(true);
  expect(beginning.trimEnd()).toBe(text.split(" ").slice(0, 10).join(" "));
  expect(cut.cutToBytes).toBe(Buffer.byteLength(beginning));
  expect(/\p{Surrogate}/u.test(beginning)).toBe(false);
});

it("what is no number is a failure, not a score; a model that throws is no verdict on the text", async () => {
  const odd = classifierScorer(classifier({ logits: async () => LABELS.map(() => Number.NaN) }).made, {
    provider: "p",
  });
  expect((await failure(odd.score("abc", request)))._tag).toBe("unusable");
  const short = classifierScorer(classifier({ logits: async () => [1, 2] }).made, { provider: "p" });
  const broken = await failure(short.score("abc", request));
  expect([broken._tag, broken.permanent]).toEqual(["server", false]);
});

describe("a model whose labels are not known to be independent is refused", () => {
  const id2label = Object.fromEntries(LABELS.map((label, i) => [i, label]));
  const multi = { problem_type: "multi_label_classification" };
  it.each([
    [{ ...multi, id2label }, undefined],
    [{ id2label }, /does not say whether the labels toxic, .* are independent; .*add "problem_type"/],
    [{ id2label, problem_type: "single_label_classification" }, /is of a single_label_classification model/],
    [{ ...multi, id2label: { 0: "LABEL_0", 1: "LABEL_1" } }, /does not name the model's labels/],
    [multi, /does not name the model's labels/],
    [{ ...multi, id2label: { 0: "toxic", 1: "toxicity" } }, /two labels that mean TOXICITY/],
  ])("%j", (config, message) => {
    const labels = () => labelsOf(config, "config.json");
    if (message === undefined) expect(labels()).toEqual(LABELS);
    else expect(labels).toThrow(message);
  });
  it("in the order of the outputs, whatever the file's", () => {
    const id2label = { 10: "k", 2: "c", 1: "b", 0: "a" };
    expect(labelsOf({ ...multi, id2label }, "config.json")).toEqual(["a", "b", "c", "k"]);
  });
});

it("a folder that holds no model says what is missing", async () => {
  const message = (modelDir: string) =>
    makeOnnxScorer({ modelDir }).then(
      () => "loaded",
      (error) => (error instanceof InputError ? error.message : String(error)),
    );
  expect(await message(join(dir, "nowhere"))).toMatch(
    /nowhere: is no folder; name a folder with config\.json/,
  );
  const folder = join(dir, "part");
  cpSync(FOLDER, folder, { recursive: true });
  rmSync(join(folder, "onnx"), { recursive: true });
  expect(await message(folder)).toMatch(/has no onnx\/model\.onnx/);
  rmSync(join(folder, "tokenizer.json"));
  expect(await message(folder)).toMatch(/has no tokenizer\.json/);
});

const absent = await loadTransformers().then(
  () => undefined,
  (error: unknown) => error as Error,
);

it.skipIf(absent === undefined)("without the package, what to install is said", async () => {
  expect(absent).toBeInstanceOf(InputError);
  expect(absent!.message).toMatch(
    /needs the package @huggingface\/transformers, .*npm install --ignore-scripts @huggingface/,
  );
  await expect(makeOnnxScorer({ modelDir: FOLDER })).rejects.toThrow(absent!.message);
});

// CI does without the package: it is large, and fetches more where its install scripts run
describe.skipIf(absent !== undefined)(
  `a real model by transformers.js${absent === undefined ? "" : " (skipped: @huggingface/transformers is not installed)"}`,
  () => {
    const expected = JSON.parse(readFileSync(join(FOLDER, "expected.json"), "utf8")) as {
      texts: { text: string; tokens: number; probabilities: number[] }[];
    };
    const corpusOf = (name: string, texts: readonly string[]) => {
      const file = join(dir, `${name}.jsonl`);
      writeFileSync(file, texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
      return openCorpus(file);
    };

    it("gives the probabilities that onnxruntime and numpy gave, alone and in a batch, and fetches nothing", async () => {
      const fetched = vi.spyOn(globalThis, "fetch");
      const scorer = await makeOnnxScorer({ modelDir: FOLDER });
      expect(scorer.provider).toMatch(/^onnx:onnx-classifier:[0-9a-f]{8}$/);
      const ask = (text: string) => scorer.score(text, { attributes: ATTRIBUTES, language: "en" });
      const alone = await Effect.runPromise(Effect.forEach(expected.texts, ({ text }) => ask(text)));
      const together = await Effect.runPromise(
        Effect.forEach(expected.texts, ({ text }) => ask(text), { concurrency: "unbounded" }),
      );
      expected.texts.forEach(({ probabilities }, i) => {
        for (const { scores } of [alone[i]!, together[i]!]) {
          expect(scores.map(({ attribute }) => attribute)).toEqual(ATTRIBUTES);
          // float32 through some 30 operations
          scores.forEach(({ score }, k) => {
            expect(Math.abs(score - probabilities[k]!)).toBeLessThan(2e-6);
          });
        }
      });
      expect(fetched).not.toHaveBeenCalled();
      fetched.mockRestore();
      expect(alone[0]!.model).toMatch(/^onnx-classifier fp32, transformers\.js 4\./);
    });

    it("counts tokens as the model's own tokenizer, and cuts where that is asked for", async () => {
      const long = Array.from({ length: 40 }, () => "fair").join(" ");
      const ask = async (cut: boolean) =>
        (await makeOnnxScorer({ modelDir: FOLDER, cut })).score(long, request);
      expect((await failure(await ask(false))).message).toBe("the text has 42 tokens, the model takes 32");
      const cut = await Effect.runPromise(await ask(true));
      // 30 words and the two special tokens, with the space after them
      expect(cut.cutToBytes).toBe(5 * 30);
    });

    it("fills a store, once; another file of weights is another provider", async () => {
      using store = new ScoreStore(join(dir, "real.sqlite"));
      const corpus = await corpusOf(
        "real",
        expected.texts.map(({ text }) => text),
      );
      const run = async (modelDir: string) => {
        const scorer = await makeOnnxScorer({ modelDir });
        const result = await Effect.runPromise(
          scoreCorpus({ corpus, store, scorer, attributes: ATTRIBUTES, language: "en", concurrency: 32 }),
        );
        return { provider: scorer.provider, ...result };
      };
      const first = await run(FOLDER);
      expect(first).toMatchObject({ scored: expected.texts.length, failed: 0 });
      expect([...storedScores(store, { ...first, language: "en" })]).toHaveLength(6 * expected.texts.length);
      expect(await run(FOLDER)).toMatchObject({ scored: 0, before: expected.texts.length });
      const other = join(dir, "onnx-classifier");
      cpSync(FOLDER, other, { recursive: true });
      expect((await run(other)).provider).toBe(first.provider);
      const config = join(other, "config.json");
      writeFileSync(config, `${readFileSync(config, "utf8")}\n`);
      const changed = await run(other);
      expect(changed.provider).not.toBe(first.provider);
      expect(changed).toMatchObject({ scored: expected.texts.length });
    });
  },
);
