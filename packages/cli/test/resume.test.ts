import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { bridgewise, commandLine, fixture } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-resume-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const FORMULA = "diameter ~ 1 + (1 | plate) + (1 | sample)";
const SHORT = ["--chains", "2", "--warmup", "200", "--draws", "300"];
const data = join(dir, "penicillin.csv");
writeFileSync(data, readFileSync(fixture("data/Penicillin.csv")));

const args = (out: string, more: readonly string[] = SHORT): string[] => [
  ...["fit", FORMULA, "--data", data, "--family", "gaussian", "--out", out],
  ...more,
];

function start(
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<{ code: number | null; stderr: string }> } {
  const child = spawn(process.execPath, commandLine(args), {
    env: { ...process.env, ...more },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr!.on("data", (text) => {
    stderr += text;
  });
  return {
    child,
    ended: new Promise((resolve) => child.once("exit", (code) => resolve({ code, stderr }))),
  };
}

async function present(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(2);
}

/** A fit that was stopped while it sampled. */
async function stopped(name: string, signal: NodeJS.Signals = "SIGINT", draws = 20_000) {
  const out = join(dir, name);
  const more = ["--chains", "2", "--warmup", "200", "--draws", String(draws), "--quiet"];
  const { child, ended } = start(args(out, more));
  await present(join(out, "checkpoint.bin.partial"));
  child.kill(signal);
  return { out, more, ...(await ended) };
}

describe("a fit that is stopped", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("by %s says how to go on, and goes on", async (signal, expected) => {
    const { out, more, code, stderr } = await stopped(signal, signal);
    expect(stderr).toMatch(
      /^bridgewise: stopped after [\d,]+ of 20,000 draws a chain; go on with: bridgewise fit --resume \S+\n$/,
    );
    expect(code).toBe(expected);
    expect(readdirSync(out).sort()).toEqual(["checkpoint.bin.partial", "draws.arrow.partial"]);
    expect(bridgewise(["fit", "--resume", out, "--quiet"])).toMatchObject({ status: 0, stderr: "" });
    const whole = join(dir, `${signal}-whole`);
    expect(bridgewise(args(whole, more)).status).toBe(0);
    expect(readFileSync(join(out, "draws.arrow")).equals(readFileSync(join(whole, "draws.arrow")))).toBe(
      true,
    );
  });

  it("in its warm-up keeps that too", async () => {
    const out = join(dir, "in-warmup");
    const { child, ended } = start(
      [
        ...["fit", "highest ~ TOXICITY + (1 | user_id/conversation_id) + (1 | model_name)"],
        ...["--data", fixture("data/prism-like.csv"), "--family", "bernoulli", "--out", out],
        ...["--chains", "2", "--draws", "10", "--threads", "2", "--quiet"],
      ],
      { BRIDGEWISE_CHECKPOINT_SECONDS: "0" },
    );
    await present(join(out, "checkpoint.bin.partial"));
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(stderr).toMatch(/stopped in warm-up, iteration \d+ of at most 1,000; go on with: /);
    expect(code).toBe(130);
    rmSync(out, { recursive: true });
  });

  it("twice ends at once", async () => {
    const out = join(dir, "twice");
    const { child, ended } = start(
      [
        ...["fit", "highest ~ TOXICITY + (1 | user_id/conversation_id) + (1 | model_name)"],
        ...["--data", fixture("data/prism-like.csv"), "--family", "bernoulli", "--out", out],
        // a block of these takes a second or more, most of it in the threads
        ...["--chains", "8", "--warmup", "0", "--draws", "100", "--threads", "2", "--quiet"],
      ],
      { BRIDGEWISE_CHECKPOINT_SECONDS: "0" },
    );
    await present(join(out, "checkpoint.bin.partial"));
    await sleep(50);
    child.kill("SIGINT");
    await sleep(30);
    child.kill("SIGINT");
    expect(await ended).toEqual({ code: 130, stderr: "" });
    // the checkpoint of before is still whole
    expect(readdirSync(out)).toContain("checkpoint.bin.partial");
  });

  it("goes on when the same fit is asked for again, and refuses another one", async () => {
    const { out, more } = await stopped("again");
    const other = bridgewise(args(out, [...more, "--seed", "9"]));
    expect(other.stderr).toMatch(
      /another fit is unfinished in this folder \(diameter ~ .*--resume \S+, or replace it with --force\n$/,
    );
    expect(other.status).toBe(2);
    const again = bridgewise(args(out, [...more, "--progress", "plain"]).filter((a) => a !== "--quiet"));
    expect(again.stderr).toMatch(
      /^Going on with the unfinished fit in \S+: [\d,]+ of 20,000 draws a chain\n/,
    );
    expect(again.status).toBe(0);
  });

  it("is replaced with --force", async () => {
    const { out } = await stopped("forced");
    expect(bridgewise(args(out, [...SHORT, "--force", "--quiet"]))).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(out)).toHaveLength(5);
  });

  it("does not go on with other data, a damaged or foreign checkpoint, or fewer draws than it says", async () => {
    const { out } = await stopped("changed");
    const resume = ["fit", "--resume", out];
    const before = readFileSync(data);
    writeFileSync(data, `${before}`.replace("27", "28"));
    expect(bridgewise(resume).stderr).toMatch(/is not the data that this fit was begun with \(SHA-256 /);
    writeFileSync(data, before);

    const checkpoint = join(out, "checkpoint.bin.partial");
    const bytes = readFileSync(checkpoint);
    const version = Buffer.from(bytes);
    version[8] = 9;
    writeFileSync(checkpoint, version);
    expect(bridgewise(resume).stderr).toMatch(/checkpoint of format 9, this is for format 1; begin anew/);
    writeFileSync(checkpoint, bytes.subarray(0, 1000));
    const cut = bridgewise(resume);
    expect(cut.stderr).toMatch(/damaged or cut off: its checksum is wrong; begin anew with fit --force\n$/);
    expect(cut.status).toBe(2);
    writeFileSync(checkpoint, bytes);

    writeFileSync(join(out, "draws.arrow.partial"), "");
    const lost = bridgewise(resume);
    expect(lost.stderr).toMatch(/holds fewer draws than its checkpoint says; begin anew with fit --force\n$/);
    expect(lost.status).toBe(2);
  });
});

describe("a finished fit", () => {
  const out = join(dir, "finished");
  const modified = (): number => statSync(join(out, "draws.arrow")).mtimeMs;

  it("is not done again, but for --force or other settings", () => {
    expect(bridgewise(args(out)).status).toBe(0);
    const first = modified();
    const again = bridgewise(args(out, [...SHORT, "--threads", "1"]));
    expect(again.stdout).toMatch(/^Nothing to do: \S+ holds this very fit, of .*--force fits it again/);
    expect(again.stdout).toContain("sd_sample__Intercept");
    expect(modified()).toBe(first);
    const json = bridgewise(args(out, [...SHORT, "--json"]));
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(readFileSync(join(out, "summary.json"), "utf8")));

    expect(bridgewise(args(out, [...SHORT, "--label", "pen"])).status).toBe(0);
    expect(JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")).label).toBe("pen");
    expect(modified()).toBe(first);

    expect(bridgewise(args(out, [...SHORT, "--force", "--quiet"])).status).toBe(0);
    const second = modified();
    expect(second).toBeGreaterThan(first);
    expect(bridgewise(args(out, [...SHORT, "--prior", "sigma ~ exponential(1)", "--quiet"])).status).toBe(0);
    expect(modified()).toBeGreaterThan(second);
  });

  it("has nothing to resume, and knows what cannot be extended", () => {
    expect(bridgewise(["fit", "--resume", out]).stdout).toMatch(/^Nothing to do/);
    expect(bridgewise(["extend", out, "--draws", "0"]).stderr).toMatch(/draws must be .* at least 1: 0\n$/);
    const draws = readFileSync(join(out, "draws.arrow"));
    writeFileSync(join(out, "draws.arrow"), draws.subarray(0, 1000));
    const cut = bridgewise(["extend", out, "--draws", "10"]);
    expect(cut.stderr).toMatch(/draws\.arrow: is cut off after 1000 bytes/);
    expect(cut.status).toBe(2);
    expect(readdirSync(out).filter((name) => name.endsWith(".partial"))).toEqual([]);
    writeFileSync(join(out, "draws.arrow"), draws);
    rmSync(join(out, "checkpoint.bin"));
    const extended = bridgewise(["extend", out, "--draws", "10"]);
    expect(extended.stderr).toMatch(/checkpoint\.bin is missing or another run's/);
    expect(extended.status).toBe(2);
    expect(bridgewise(["extend", join(dir, "nowhere"), "--draws", "10"]).status).toBe(2);
    expect(bridgewise(["fit", "--resume", join(dir, "nowhere")]).stderr).toMatch(/no unfinished fit is here/);
  });
});

it("progress is one JSON object a line where that is asked for", () => {
  const { stderr, stdout } = bridgewise(args(join(dir, "json"), [...SHORT, "--progress", "json", "--json"]));
  const events = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.map((event) => event.phase)).toEqual(expect.arrayContaining(["warmup", "sampling"]));
  for (const event of events)
    expect(event).toMatchObject({
      event: "progress",
      label: "fit",
      seconds_left: expect.toSatisfy(isSeconds),
    });
  expect(JSON.parse(stdout).draws).toBe(300);
});

const isSeconds = (x: unknown): boolean => x === null || (typeof x === "number" && x >= 0);
