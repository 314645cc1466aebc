import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/^## ([^\n]*)$|^```ts\n(.*?)^```$/gms)]
  .reduce<[string, string][]>((found, [, heading, code]) => {
    if (heading !== undefined) found.push([heading, ""]);
    else if (code !== undefined) found.push([found.at(-1)?.[0] ?? "the start", code]);
    return found;
  }, [])
  .filter(([, code]) => code !== "");

test("there are examples", () => {
  expect(examples.map(([heading]) => heading)).toEqual([
    "the start",
    "Draws as they come",
    "Your own density",
    "Your own density",
  ]);
});

test.each(examples)("an example of the README runs: %s", async (_, code) => {
  // within the package, so that its name and its dependencies are found
  const folder = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    await writeFile(join(folder, "example.ts"), code);
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@bridgewise/source", "example.ts"],
      { cwd: folder },
    );
    expect(stdout.trim()).not.toBe("");
    expect(stderr).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});
