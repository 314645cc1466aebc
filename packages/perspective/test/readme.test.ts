import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the README's example prints what it says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const code = /```js\n(.*?)```/s.exec(readme)![1]!;
  const expected = code.trim().split("\n").at(-1)!.replace("// ", "");
  // Within the package, so that its name and core's are found.
  const dir = await mkdtemp(join(import.meta.dirname, ".readme-"));
  try {
    await writeFile(join(dir, "example.mjs"), code);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@bridgewise/source", "example.mjs"],
      { cwd: dir },
    );
    expect(stdout.trim()).toBe(expected);
    expect((await readdir(dir)).sort()).toEqual(["example.mjs", "scores.csv"]);
  } finally {
    await rm(dir, { recursive: true });
  }
});
