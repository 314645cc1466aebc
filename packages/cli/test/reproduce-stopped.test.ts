import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanResults } from "@bridgewise/core";
import { decodeCheckpoint, encodeCheckpoint } from "@bridgewise/sampler-gpu/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, commandLine } from "./command.ts";
import { changeFile, quickPlan, readJson, wellDone } from "./quick-plan.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-stopped-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A checkpoint after every step, so that whatever moment is hit has one behind it. */
const env = { ...process.env, BRIDGEWISE_CHECKPOINT_SECONDS: "0" };
const FITS = ["1a-unguided", "1b-all", "1b-unguided", "1b-no-model", "3-TOXICITY"];
const whole = join(dir, "whole");

let args: (out: string, ...more: string[]) => string[];
beforeAll(() => {
  const { prism, scores, plan } = quickPlan(dir);
  // several blocks of draws a fit
  changeFile(plan, (text) => text.replaceAll("draws: 50", "draws: 400"));
  args = (out, ...more) => [
    ...["reproduce", "--prism", prism, "--scores", scores, "--plan", plan, "--out", out],
    ...["--only", FITS.join(","), "--threads", "2", ...more],
  ];
  wellDone(args(whole, "--quiet"), env);
});

/** What must not depend on whether and when the work was stopped: bytes by their digest, and the comparison by leave-one-out. */
function resultOf(out: string): Record<string, unknown> {
  const files = ["tables.json", ...FITS.map((id) => `runs/${id}/draws.arrow`)];
  const digests = files.map((file) => {
    const bytes = readFileSync(join(out, file));
    return [file, createHash("sha256").update(bytes).digest("hex")];
  });
  return {
    ...Object.fromEntries(digests),
    comparisons: readJson<PlanResults>(out, "results.json").comparisons,
  };
}

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Starts the command; `act` sees its process and standard error, again and again until it ends. */
function started(
  out: string,
  act: (child: ChildProcess, stderr: string) => void,
  ...more: string[]
): Promise<Ended> {
  const child = spawn(process.execPath, commandLine(args(out, ...more)), {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (piece) => {
    stderr += piece;
  });
  const watch = setInterval(() => act(child, stderr), 2);
  return new Promise((resolve) =>
    child.once("close", (code) => {
      clearInterval(watch);
      resolve({ code, stderr });
    }),
  );
}

const fitsTold = (stderr: string): number => stderr.match(/^\[\d\/5\]/gm)?.length ?? 0;

describe("what was stopped and is gone on with has the bytes of what was not", () => {
  it.each([0, 1, 3])(
    "killed after %i fits",
    async (fits) => {
      const out = join(dir, `killed-${fits}`);
      const { code, stderr } = await started(out, (child, told) => {
        // the first line says how many fits there are; after it, the first are under way
        if (told.includes("5 fits") && fitsTold(told) >= fits) child.kill("SIGKILL");
      });
      expect(code, stderr).toBe(null);
      expect(existsSync(join(out, "results.json"))).toBe(false);
      wellDone(args(out, "--quiet"), env);
      expect(resultOf(out)).toEqual(resultOf(whole));
      expect(globSync("**/*.partial", { cwd: out })).toEqual([]);
      const { fits: all } = readJson<PlanResults>(out, "results.json");
      expect(all.filter(({ cached }) => cached).length).toBeGreaterThanOrEqual(fits);
    },
    600_000,
  );

  it("Ctrl-C, which says how to go on", async () => {
    const out = join(dir, "interrupted");
    let sent = false;
    const { code, stderr } = await started(
      out,
      (child, told) => {
        // a second one would end the process at once
        if (!sent && fitsTold(told) > 0) sent = child.kill("SIGINT");
      },
      "--restart",
    );
    expect(code, stderr).toBe(130);
    const [, done, command] =
      /^bridgewise: stopped with (\d) of 5 fits done; go on with the same command: (bridgewise .*)$/m.exec(
        stderr,
      )!;
    expect(Number(done)).toBeGreaterThanOrEqual(1);
    // without --restart, which would throw away what is unfinished once more
    expect(command).toBe(`bridgewise ${args(out).join(" ")}`);
    wellDone(args(out, "--quiet"), env);
    expect(resultOf(out)).toEqual(resultOf(whole));
  }, 600_000);
});

it("what another version left unfinished stops the command, which --restart begins anew", async () => {
  const out = join(dir, "other-version");
  const unfinished = (): string[] => globSync("runs/*/checkpoint.bin.partial", { cwd: out });
  const { stderr } = await started(out, (child) => {
    if (unfinished().length > 0) child.kill("SIGKILL");
  });
  const [partial] = unfinished();
  expect(partial, stderr).toBeDefined();
  const file = join(out, partial!);
  const checkpoint = decodeCheckpoint(readFileSync(file)) as object;
  writeFileSync(file, encodeCheckpoint({ ...checkpoint, bridgewise: "9.9.9" }));
  const { status, stderr: line } = bridgewise(args(out), { env });
  expect(status).toBe(2);
  expect(line).toMatch(
    /^bridgewise: \S+\/checkpoint\.bin: was written by bridgewise 9\.9\.9, this is \S+, .*begin what is unfinished anew with --restart\n$/,
  );
  wellDone(args(out, "--restart", "--quiet"), env);
  expect(resultOf(out)).toEqual(resultOf(whole));
}, 600_000);
