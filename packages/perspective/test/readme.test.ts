import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { InputError } from "@bridgewise/core";
import { expect, test } from "vitest";
import { loadTransformers } from "../src/providers/onnx/transformers.ts";
import { ANSWERING_MODEL, askedFor, judgeServer } from "./judge-server.ts";
import { perspectiveServer, RECORDED, scoreOf } from "./perspective-server.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
/** The example that begins with `// NAME.mjs`. */
const example = (name: string): string =>
  [...readme.matchAll(/```js\n(.*?)```/gs)]
    .map(([, code]) => code!)
    .find((c) => c.startsWith(`// ${name}.mjs`))!;

/** Runs an example in a folder of its own, within the package, so that its name and core's are found. */
async function run(
  name: string,
  {
    baseUrl = "",
    files = {},
    modelDir = "",
  }: { baseUrl?: string; files?: Readonly<Record<string, string>>; modelDir?: string } = {},
): Promise<{ stdout: string; names: string[] }> {
  const dir = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    await writeFile(join(dir, "example.mjs"), example(name));
    for (const [file, text] of Object.entries(files)) {
      await mkdir(join(dir, file, ".."), { recursive: true });
      await writeFile(join(dir, file), text);
    }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@bridgewise/source", "example.mjs"],
      {
        cwd: dir,
        env: { ...process.env, PERSPECTIVE_API_KEY: "a-key", BASE_URL: baseUrl, MODEL_DIR: modelDir },
      },
    );
    return { stdout: stdout.trim(), names: (await readdir(dir)).sort() };
  } finally {
    await rm(dir, { recursive: true });
  }
}

test("the README's example of stored responses prints what it says", async () => {
  const { stdout, names } = await run("example");
  expect(stdout).toBe(example("example").trim().split("\n").at(-1)!.replace("// ", ""));
  expect(names).toEqual(["example.mjs", "scores.csv"]);
});

test("the README's example with promises scores a text, and tells a failure", async () => {
  const server = await perspectiveServer((_, number) =>
    number === 1 ? undefined : { status: 400, body: RECORDED.badKey },
  );
  const text = "Thank you, that is a fair point.";
  const { stdout } = await run("promise", { baseUrl: server.url });
  expect(stdout.split("\n")).toEqual([
    `NUANCE ${scoreOf(text, "NUANCE_EXPERIMENTAL")}`,
    `TOXICITY ${scoreOf(text, "TOXICITY")}`,
  ]);
  const failed = await run("promise", { baseUrl: server.url });
  expect(failed.stdout).toBe("bad-key true API key not valid. Please pass a valid API key.");
  await server.close();
});

test("the README's example with Effect scores a file into a store", async () => {
  const server = await perspectiveServer();
  const { stdout, names } = await run("effect", {
    baseUrl: server.url,
    files: { "texts.csv": "text\nOne text\nAnother\nOne text\n" },
  });
  expect(stdout).toBe("2 scored, 0 failed");
  expect(names).toContain("scores.sqlite");
  await server.close();
});

test("the README's judge scores a text, and tells what it did not score", async () => {
  const server = await judgeServer(({ body }) =>
    askedFor(body).attribute === "RESPECT" ? { content: null, refusal: "No." } : undefined,
  );
  const { stdout } = await run("judge", { baseUrl: `${server.url}/v1` });
  const score = scoreOf("Thank you, that is a fair point.", "NUANCE");
  expect(stdout.split("\n")).toEqual([
    `NUANCE ${score} ${ANSWERING_MODEL}`,
    "RESPECT unusable the model refused to answer",
  ]);
  await server.close();
});

/** PRISM's files of one turn. */
const PRISM = {
  "prism/utterances.jsonl": JSON.stringify({
    ...{ utterance_id: "ut0", interaction_id: "int0", conversation_id: "c0", user_id: "user0", turn: 0 },
    ...{ conversation_type: "unguided", user_prompt: "A prompt", model_name: "m", model_response: "Yes." },
    ...{ score: 50, if_chosen: true },
  }),
  "prism/metadata.jsonl": [
    { column_id: "user_prompt", interaction_id: "int0" },
    { column_id: "model_response", interaction_id: "int0", utterance_id: "ut0" },
  ]
    .map((ids) => {
      const scores = { harassment: 0.1, "harassment/threatening": 0, hate: 0, "hate/threatening": 0 };
      return JSON.stringify({ ...ids, moderation_flag: { category_scores: scores } });
    })
    .join("\n"),
};

test("the README's local scorers fill one store, each under its name", async () => {
  const { stdout } = await run("local", { files: PRISM });
  expect(stdout).toBe("2 scored by prism-moderation");
  const absent = await loadTransformers().catch((error: unknown) => error);
  if (absent instanceof InputError) return console.log(`the classifier is left out: ${absent.message}`);
  const both = await run("local", { files: PRISM, modelDir: join(import.meta.dirname, "onnx-classifier") });
  expect(both.stdout).toMatch(/\n2 scored by onnx:onnx-classifier:[0-9a-f]{8}$/);
});
