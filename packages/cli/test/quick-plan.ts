import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { bridgewise } from "./command.ts";

/** The command, which must do well and say nothing on standard error but what `--quiet` leaves. */
export function wellDone(args: readonly string[], env?: NodeJS.ProcessEnv): string {
  const { status, stdout, stderr } = bridgewise(args, env ? { env } : {});
  expect([status, stderr], args.join(" ")).toEqual([0, ""]);
  return stdout;
}

/** A twentieth of PRISM, simulated, and the paper's plan with so few draws that its fits take a fraction of a second each. */
export function quickPlan(dir: string): {
  readonly prism: string;
  readonly scores: string;
  readonly plan: string;
} {
  const prism = join(dir, "prism");
  const plan = join(dir, "plan.yaml");
  wellDone(["simulate", "--scale", "0.05", "--seed", "3", "--out", prism, "--quiet"]);
  wellDone(["plan", "paper", "--out", plan]);
  changeFile(plan, (text) => text.replace("warmup: 1000", "warmup: 100").replace(/draws: \d+/g, "draws: 50"));
  return { prism, scores: join(prism, "scores.csv"), plan };
}

export function changeFile(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, "utf8");
  const after = change(before);
  expect(after, `a change of ${file}`).not.toBe(before);
  writeFileSync(file, after);
}

/** What a JSON file holds, which the test knows. */
export const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), "utf8")) as T;
