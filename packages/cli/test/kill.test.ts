import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, commandLine } from "./command.ts";
import { uniforms } from "./uniforms.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-kill-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Kills of each density. */
const KILLS = 10;
/** A checkpoint is due after nearly every step. */
const env = { ...process.env, BRIDGEWISE_CHECKPOINT_SECONDS: "0.004" };

const random = uniforms(20);
const data = join(dir, "ratings.csv");
writeFileSync(
  data,
  `y,z,x,g\n${Array.from({ length: 60 }, (_, i) => {
    const [a, b, x] = [random(), random(), random()];
    return `${a < 0.6 ? 1 : 0},${(3 * b + x + (i % 6)).toFixed(4)},${x.toFixed(4)},g${i % 6}`;
  }).join("\n")}\n`,
);

const fitArguments = (response: string, family: string, draws: number, out: string): string[] => [
  ...["fit", `${response} ~ x + (1 | g)`, "--data", data, "--family", family, "--out", out],
  ...["--chains", "3", "--warmup", "300", "--draws", String(draws), "--seed", "4", "--quiet"],
];

/** What must not depend on whether and when a fit was killed. */
function resultOf(out: string): { draws: string; variables: unknown; diagnostics: string } {
  return {
    draws: readFileSync(join(out, "draws.arrow")).toString("base64"),
    variables: JSON.parse(readFileSync(join(out, "summary.json"), "utf8")).variables,
    diagnostics: readFileSync(join(out, "diagnostics.json"), "utf8"),
  };
}

describe.each([
  ["collapsed", "z", "gaussian", 12_000],
  ["latent", "y", "bernoulli", 4000],
] as const)("a fit that is killed and gone on with (%s)", (density, response, family, draws) => {
  const whole = join(dir, `${density}-whole`);
  let expected: ReturnType<typeof resultOf>;
  /** Milliseconds and bytes of the fit that is not killed. */
  let wall = 0;
  let size = 0;
  beforeAll(() => {
    const began = performance.now();
    const { status, stderr } = bridgewise(fitArguments(response, family, draws, whole), { env });
    wall = performance.now() - began;
    expect([status, stderr]).toEqual([0, ""]);
    expected = resultOf(whole);
    size = statSync(join(whole, "draws.arrow")).size;
    expect(JSON.parse(readFileSync(join(whole, "manifest.json"), "utf8")).density).toBe(density);
  });

  it(`has the same draws, at ${KILLS} random moments`, async () => {
    let begun = 0;
    for (let k = 0; k < KILLS; k++) {
      const out = join(dir, `${density}-${k}`);
      const args = fitArguments(response, family, draws, out);
      const child = spawn(process.execPath, commandLine(args), { env, stdio: "ignore" });
      let running = true;
      const ended = new Promise((resolve) => child.once("exit", resolve)).then(() => {
        running = false;
      });
      const partial = join(out, "draws.arrow.partial");
      const checkpoint = join(out, "checkpoint.bin.partial");
      // in turns: from the start of the process on, just after the first checkpoint (in warm-up, mostly), anywhere among the draws
      if (k % 3 === 0) await sleep(random() * wall);
      else {
        const bytes = k % 3 === 1 ? 0 : random() * size;
        const there = (): boolean =>
          existsSync(checkpoint) && (statSync(partial, { throwIfNoEntry: false })?.size ?? size) >= bytes;
        while (running && !there()) await sleep(2);
        await sleep(30 * random());
      }
      child.kill("SIGKILL");
      await ended;
      const kept = existsSync(checkpoint);
      if (kept) begun++;
      // without a checkpoint the fit begins anew
      const { status, stderr } = bridgewise(kept ? ["fit", "--resume", out, "--quiet"] : args, { env });
      expect([status, stderr]).toEqual([0, ""]);
      expect(resultOf(out), `kill ${k}`).toEqual(expected);
      expect(readdirSync(out).filter((name) => name.endsWith(".partial"))).toEqual([]);
      rmSync(out, { recursive: true });
    }
    // or the kills have missed the work
    expect(begun).toBeGreaterThanOrEqual(KILLS / 2);
    // twice ten processes, on machines that have other work too
  }, 400_000);

  it("between any two of the names that a finished fit gets", () => {
    const files = ["draws.arrow", "checkpoint.bin", "diagnostics.json", "summary.json", "manifest.json"];
    for (let named = 0; named < files.length; named++) {
      const out = join(dir, `${density}-named-${named}`);
      cpSync(whole, out, { recursive: true });
      for (const [i, name] of files.entries()) {
        if (i < named) continue;
        if (i < 2) renameSync(join(out, name), join(out, `${name}.partial`));
        else rmSync(join(out, name));
      }
      const { status, stderr } = bridgewise(["fit", "--resume", out, "--quiet"]);
      expect([status, stderr]).toEqual([0, ""]);
      expect(resultOf(out), `after ${named} names`).toEqual(expected);
      expect(readdirSync(out).sort()).toEqual([...files].sort());
    }
  });

  it("is the same as one that was made longer", () => {
    const out = join(dir, `${density}-longer`);
    const half = bridgewise(fitArguments(response, family, draws / 4, out));
    const more = bridgewise(["extend", out, "--draws", String((3 * draws) / 4), "--quiet"]);
    expect([half.status, more.status, more.stderr]).toEqual([0, 0, ""]);
    expect(resultOf(out)).toEqual(expected);
    const manifests = [out, whole].map((folder) =>
      JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")),
    );
    expect(manifests[0].hash).toBe(manifests[1].hash);
  });
});
