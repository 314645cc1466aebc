import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "@bridgewise/core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-scores-out-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const run = (args: readonly string[]) => runCommand(["scores", ...args], { cwd: dir });
const FILES = ["texts.csv", "s.csv", "other.csv", "s.sqlite", "other.sqlite"];
const contents = () => FILES.map((name) => sha256Hex(readFileSync(join(dir, name), "latin1")));

beforeAll(async () => {
  writeFileSync(join(dir, "texts.csv"), "text\none\ntwo\n");
  const scores = (score: number) => `text_sha256,NUANCE,provider\n${sha256Hex("one")},${score},p\n`;
  writeFileSync(join(dir, "s.csv"), scores(0.5));
  writeFileSync(join(dir, "other.csv"), scores(0.75));
  for (const name of ["s", "other"])
    expect(await run(["import", `${name}.csv`, "--store", `${name}.sqlite`])).toMatchObject({ status: 0 });
  symlinkSync(join(dir, "s.sqlite"), join(dir, "link.csv"));
}, 300_000);

const STORE = /: is a store, which --(out|conflicts) would replace; name another file\n$/;
const READ = /: is read here, --(out|conflicts) would replace it; name another file\n$/;
it.each([
  [["export", "s.sqlite", "--out", "s.sqlite", "--format", "csv"], STORE],
  [["export", "s.sqlite", "--out", "other.sqlite", "--format", "jsonl"], STORE],
  [["export", "s.sqlite", "--out", "link.csv"], STORE],
  [["export", "s.sqlite", "--input", "texts.csv", "--out", "./texts.csv"], READ],
  [["import", "other.csv", "--store", "s.sqlite", "--conflicts", "other.csv"], READ],
  [["import", "other.csv", "--store", "s.sqlite", "--conflicts", "s.sqlite"], STORE],
  [["merge", "s.sqlite", "other.sqlite", "--conflicts", "s.sqlite"], STORE],
] as const)(
  "%j replaces nothing that it reads, and no store",
  async (args, message) => {
    const before = contents();
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(contents()).toEqual(before);
  },
  300_000,
);

it("an earlier scores file is replaced", async () => {
  writeFileSync(join(dir, "out.csv"), "of yesterday");
  expect(await run(["export", "s.sqlite", "--out", "out.csv"])).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(join(dir, "out.csv"), "utf8")).toContain(`${sha256Hex("one")},NUANCE,0.5`);
}, 300_000);
