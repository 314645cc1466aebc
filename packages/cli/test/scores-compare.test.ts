import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "@bridgewise/core";
import { afterAll, expect, it } from "vitest";
import { runCommand } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-compare-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = (args: readonly string[]) => runCommand(["scores", ...args], { cwd: dir });
const TEXTS = 200;
const text = (i: number): string => `text ${i} ${"long ".repeat(i % 7)}`;
const score = (i: number): number => ((i * 37) % TEXTS) / TEXTS;

/** A scores file of the first `count` texts. */
function scoresFile(name: string, provider: string, count: number, of: (i: number) => number): void {
  const rows = Array.from(
    { length: count },
    (_, i) => `${sha256Hex(text(i))},NUANCE,${of(i).toFixed(4)},${provider}\n`,
  );
  writeFileSync(join(dir, name), `text_sha256,attribute,score,provider\n${rows.join("")}`);
}

it("scores compare tells whether B may stand in for A, of files and stores alike", async () => {
  scoresFile("a.csv", "one", TEXTS, score);
  scoresFile("b.csv", "two", TEXTS, (i) => score(i) ** 3);
  const rows = Array.from({ length: TEXTS }, (_, i) => `${JSON.stringify({ text: text(i) })}\n`);
  writeFileSync(join(dir, "texts.jsonl"), rows.join(""));
  for (const file of ["a.csv", "b.csv"])
    expect(await run(["import", file, "--store", "both.sqlite", "--quiet"])).toMatchObject({ status: 0 });

  const files = await run(["compare", "a.csv", "b.csv", "--json"]);
  const stored = ["both.sqlite:one", "both.sqlite:two", "--input", "texts.jsonl", "--out", "agreement"];
  const stores = await run(["compare", ...stored]);
  expect([files.status, stores.status, stores.stderr]).toEqual([0, 0, ""]);
  expect(readdirSync(join(dir, "agreement")).sort()).toEqual(["calibration-NUANCE.svg", "compare.json"]);
  const written = JSON.parse(readFileSync(join(dir, "agreement/compare.json"), "utf8"));
  const [ofFiles] = JSON.parse(files.stdout).attributes;
  const [ofStores] = written.attributes;
  // the mean of x^3 - x on the grid 0, 1/200, ..., 199/200
  const mean =
    Array.from({ length: TEXTS }, (_, i) => score(i) ** 3 - score(i)).reduce((a, b) => a + b) / TEXTS;
  expect(ofFiles.spearman.estimate).toBeCloseTo(1, 3);
  expect(ofFiles.difference.mean.estimate).toBeCloseTo(mean, 4);
  expect(ofStores.pearson).toEqual(ofFiles.pearson);
  expect([ofFiles.byLength, ofStores.byLength.length]).toEqual([null, 5]);
  expect(stores.stdout).toMatch(/^A: one {3}B: two .*\n +Texts +Missing +Pearson.*\nNUANCE +200 +0\.0% /);
  expect(stores.stdout).toMatch(/NUANCE: two ranks texts as one does, on another scale/);
}, 300_000);

it("too few texts have no correlation, and a provider that is not there is named with those that are", async () => {
  scoresFile("one.csv", "one", 1, () => 0.25);
  scoresFile("other.csv", "two", 1, () => 0.5);
  const few = await run(["compare", "one.csv", "other.csv"]);
  expect(few.stdout).toMatch(/\nNUANCE +1 +0\.0% +- \[-, -\] +- \[-, -\] +0\.250 +-, -\n/);
  expect(few.stdout).not.toContain("NaN");
  await run(["import", "one.csv", "--store", "one.sqlite"]);
  const absent = await run(["compare", "one.sqlite:nobody", "other.csv"]);
  expect([absent.status, absent.stderr]).toEqual([
    2,
    "bridgewise: one.sqlite: has no such scores; it holds those of one (en)\n",
  ]);
}, 300_000);
