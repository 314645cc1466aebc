import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { describeEngines } from "../src/commands/doctor.ts";
import { wrap } from "../src/terminal/wrap.ts";
import { bridgewise } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "bridgewise-engine-"));
vi.stubEnv("BRIDGEWISE_CACHE", folder);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("engine build says in one line what is missing, and fails", () => {
  vi.stubEnv("CXX", "no-such-compiler");
  const { status, stdout, stderr } = bridgewise(["engine", "build"]);
  vi.stubEnv("CXX", undefined);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^bridgewise: there is no C\+\+ compiler 'no-such-compiler': install one .*\n$/);
  expect(status).toBe(1);
});

test("doctor says of every engine whether it can be used, and what to do", () => {
  const { status, stdout, stderr } = bridgewise(["doctor", "--json"]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const { engines } = JSON.parse(stdout);
  expect(engines.map((e: { engine: string; precision: string | null }) => [e.engine, e.precision])).toEqual([
    ["simd", "float64"],
    ["simd", "float32"],
    ["wasm", null],
    ["native", null],
    ["cuda", null],
  ]);
  for (const e of engines) {
    if (e.usable) {
      expect(e.gradientsPerSecond).toBeGreaterThan(0);
      expect(e.memory).toBeGreaterThan(2 ** 20);
    } else {
      expect(e.why).toMatch(/\S/);
      expect(e.remedy).toMatch(/\S/);
    }
  }
  expect(engines[0].usable && engines[1].usable).toBe(true);
  expect(engines[3]).toMatchObject({
    usable: false,
    why: "not built",
    remedy: "run 'bridgewise engine build'",
  });

  // the table of the same, and of one with long names
  const long = { ...engines[3], usable: true, why: null, device: "A processor with a very long name @ 2.00GHz", versions: { tensorflow: "2.21.0", "tfjs-node": "4.22.0" } }; // biome-ignore format: one line
  const text = describeEngines([...engines, long]);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(text).toContain("native: not built; run 'bridgewise engine build'");
});

test("long lines are broken at spaces", () => {
  expect(wrap("one two three four", 9, "  ")).toEqual(["one two", "  three", "  four"]);
  expect(wrap("unbreakable words", 5)).toEqual(["unbreakable", "words"]);
});
