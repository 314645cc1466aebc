import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const PATIENCE = 300_000;
const script = fileURLToPath(new URL("../../../bench/study.mjs", import.meta.url));
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "study-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

function study(...flags: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=@bridgewise/source", script, "--work", join(dir, "work"), "--out", dir, ...flags],
    { encoding: "utf8" },
  );
  return { status, stdout, stderr };
}
const short = ["--sets", "2", "--seed", "7", "--scale", "0.02", "--draws", "50"];

test(
  "a short study fits what is asked for, keeps it, and takes it up again",
  () => {
    const first = study(...short, "--only", "1b");
    expect(first).toMatchObject({ status: 0 });
    for (const line of first.stderr.trim().split("\n"))
      expect(line).toMatch(/^[01] of 2 fits(, about \d+ min left)?: data set [78], 1b$/);
    const result = JSON.parse(readFileSync(join(dir, "study.json"), "utf8"));
    expect(result).toMatchObject({ seeds: [7, 8], scale: 0.02, verdict: { coefficients: 8, total: 16 } });
    expect(
      result.fits.map((fit: { data_seed: number; analysis: string }) => [fit.data_seed, fit.analysis]),
    ).toEqual([
      [7, "1b"],
      [8, "1b"],
    ]);
    expect(readFileSync(join(dir, "study.md"), "utf8")).toContain("| 1b | `b_TOXICITY` | -0.659 |");
    expect(readdirSync(join(dir, "work"))).toHaveLength(2);

    // Kept: the same fits, to the tenth of a second that they took.
    const more = study(...short, "--only", "1b,3-TOXICITY", "--json");
    expect(more.stderr).not.toMatch(/, 1b$/m);
    expect(JSON.parse(more.stdout).verdict).toMatchObject({ coefficients: 16, total: 32 });
    const both = JSON.parse(readFileSync(join(dir, "study.json"), "utf8"));
    expect(both.fits.filter((fit: { analysis: string }) => fit.analysis === "1b")).toEqual(result.fits);
  },
  PATIENCE,
);

test.each([
  [["--sets", "1"], "--sets is '1', expected a whole number from 2: one data set tells no bias\n"],
  [["--scale", "x"], "--scale is 'x', expected a share of PRISM's users above 0 and at most 1\n"],
  [["--only", "1a,4"], /^--only has '4', expected some of 1a,1b,3-REASONING_NUANCE,/],
])(
  "%j is bad input",
  (flags, message) => {
    const { status, stderr } = study(...flags);
    expect(status).toBe(2);
    if (typeof message === "string") expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  },
  PATIENCE,
);
