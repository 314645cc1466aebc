import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanResults } from "@bridgewise/core";
import { afterAll, expect, it } from "vitest";
import { bridgewise } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-demo-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it("runs the whole line at a small scale: files, table, eight fits, report", () => {
  const args = ["demo", "--scale", "0.1", "--only", "1a,1b", "--out", "demo"];
  const { status, stdout, stderr } = bridgewise(args, { cwd: dir });
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/^reproduce: 8 fits, about /);
  expect(stdout).toContain("Report: demo/report/index.html");
  const out = join(dir, "demo");
  for (const file of [
    "prism/utterances.jsonl",
    "prism/SIMULATED.json",
    "table/table.csv",
    "table/flow.json",
    "runs/1b-all/draws.arrow",
    "tables.json",
  ]) {
    expect(existsSync(join(out, file))).toBe(true);
  }
  expect(readFileSync(join(out, "report/index.html"), "utf8")).toContain("<title>SIMULATED");
  const { recovery, phases } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as PlanResults;
  expect(phases[0]!.phase).toBe("simulation");
  expect(recovery!.count).toBe(92);
  // 90% intervals of 92 parameters: 69 and fewer would come once in a million if they were independent
  expect(recovery!.inside).toBeGreaterThan(64);
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
