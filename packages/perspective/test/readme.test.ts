import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
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
  { baseUrl = "", files = {} }: { baseUrl?: string; files?: Readonly<Record<string, string>> } = {},
): Promise<{ stdout: string; names: string[] }> {
  const dir = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    await writeFile(join(dir, "example.mjs"), example(name));
    for (const [file, text] of Object.entries(files)) await writeFile(join(dir, file), text);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@bridgewise/source", "example.mjs"],
      { cwd: dir, env: { ...process.env, PERSPECTIVE_API_KEY: "a-key", BASE_URL: baseUrl } },
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
