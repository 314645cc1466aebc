import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { bridgewise } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-demo-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it("runs the whole line at a small scale: files, table, eight fits, report", () => {
  const { status, stdout, stderr } = bridgewise(["demo", "--scale", "0.1", "--out", "demo"], { cwd: dir });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).toContain("Report: demo/report/index.html");
  expect(stdout.match(/true value in its 90% interval/g)).toHaveLength(8);
  const out = join(dir, "demo");
  for (const file of [
    "prism/utterances.jsonl",
    "prism/SIMULATED.json",
    "table/table.csv",
    "table/flow.json",
    "runs/1b-all/draws.arrow",
  ]) {
    expect(existsSync(join(out, file))).toBe(true);
  }
  expect(readFileSync(join(out, "report/index.html"), "utf8")).toContain("<title>SIMULATED");
  // 90% intervals of 92 parameters: 69 and fewer would come once in a million if they were independent
  const [, inside, count] = /hold the simulated truth: (\d+) of (\d+)/.exec(stdout)!;
  expect(Number(count)).toBe(92);
  expect(Number(inside)).toBeGreaterThan(64);
});

it("asks for a table's columns by the contract's names", () => {
  const header = readFileSync(join(dir, "demo/table/table.csv"), "utf8").split("\n", 1)[0];
  const attributes = [
    "AFFINITY",
    "COMPASSION",
    "CURIOSITY",
    "NUANCE",
    "PERSONAL_STORY",
    "REASONING",
    "RESPECT",
    "TOXICITY",
    "REASONING_NUANCE",
  ];
  expect(header!.split(",")).toEqual([
    "conversation_id",
    "user_id",
    "conversation_type",
    "model_name",
    "score",
    "log_score",
    "highest",
    ...attributes,
    ...attributes.map((a) => `${a}_human`),
    "younger",
    "male",
    "white",
    "high_values",
  ]);
});
