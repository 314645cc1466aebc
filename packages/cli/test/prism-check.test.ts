import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bridgewise } from "./command.ts";

const PATIENCE = 300_000;
let dir: string;
let prism: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "prism-check-"));
  prism = join(dir, "prism");
  const { status } = bridgewise(["simulate", "--from", "paper", "--scale", "0.01", "--out", prism]);
  expect(status).toBe(0);
}, PATIENCE);
afterAll(() => rmSync(dir, { recursive: true }));

test(
  "files as published end with status 0 and a table, others with 1 and a line for each difference",
  () => {
    const good = bridgewise(["prism", "check", prism]);
    expect(good).toMatchObject({ status: 0, stderr: "" });
    expect(good.stdout).toMatch(/^File +Number of +Source +Published +Here/);
    expect(good.stdout).toMatch(/English first prompt: conversations +PAPER +7,960 +[0-9]+ +not compared\n/);
    expect(good.stdout).toContain("SIMULATED data");
    expect(good.stdout).toContain(`${prism}: agrees with PRISM's codebook and counts.\n`);
    for (const line of good.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100 + prism.length);

    const file = join(prism, "survey.jsonl");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"survey_only":false', '"survey_only":"no"'));
    const bad = bridgewise(["prism", "check", prism]);
    const line = `${file}, line 1, column 'survey_only': is "no", expected true or false`;
    expect(bad.status).toBe(1);
    expect(bad.stdout.split("\n")[0]).toBe(line);
    expect(bad.stderr).toBe(`bridgewise: ${prism}: 1 difference from PRISM as published\n`);
    const json = bridgewise(["prism", "check", prism, "--json"]);
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      format: "bridgewise-prism-check/1",
      simulated: true,
      agrees: false,
      differences: [{ file, line: 1, column: "survey_only", rows: 1, message: line }],
    });
    const quiet = bridgewise(["prism", "check", prism, "--quiet"]);
    expect(quiet.stdout).toBe(`${line}\n`);
  },
  PATIENCE,
);

test(
  "what is no folder with PRISM's files, or no text, ends with status 2",
  () => {
    const other = join(dir, "other");
    mkdirSync(other);
    const failing = (message: RegExp): void => {
      const { status, stdout, stderr } = bridgewise(["prism", "check", other]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(stderr).toMatch(message);
    };
    failing(/other: holds none of survey\.jsonl, .*; download it from https:\/\/huggingface\.co/);
    writeFileSync(join(other, "survey.jsonl"), Uint8Array.of(0x7b, 0xff, 0xfe));
    failing(/survey\.jsonl: is not UTF-8 text; download it from/);
    writeFileSync(join(other, "survey.jsonl"), "{}\n");
    writeFileSync(join(other, "SIMULATED.json"), "{}");
    failing(/SIMULATED\.json: has no number 'scale'/);
    rmSync(other, { recursive: true });
    failing(/other: not found; give the folder with PRISM's files/);
  },
  PATIENCE,
);
