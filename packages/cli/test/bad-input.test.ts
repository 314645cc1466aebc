import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bridgewise } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-bad-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const GOOD = "y,score,x,g,one\n0,1.5,0.1,a,k\n1,2.5,0.4,b,k\n0,1.0,0.2,a,k\n1,3.5,0.9,b,k\n1,2.0,0.3,a,k\n";
/** A line, under which the place may be pointed at. */
const ONE_LINE = /^bridgewise: [^\n]+\n(?: {2}[^\n]+\n *\^\n)?$/;
let count = 0;

/** Fits a formula to a CSV text; what the person sees. */
function fit(
  csv: string,
  formula: string,
  family = "gaussian",
  more: readonly string[] = [],
): { status: number | null; stderr: string; wrote: boolean } {
  const data = join(dir, `data${++count}.csv`);
  const out = join(dir, `out${count}`);
  writeFileSync(data, csv);
  const { status, stderr, stdout } = bridgewise([
    "fit",
    formula,
    "--data",
    data,
    "--family",
    family,
    "--out",
    out,
    ...more,
  ]);
  expect(stdout).toBe("");
  return { status, stderr: stderr.replaceAll(`${dir}/`, ""), wrote: existsSync(out) };
}

describe("bad input is one line, status 2, nothing written", () => {
  const cases: [string, string, string, string, RegExp][] = [
    ["an unknown column", GOOD, "score ~ xx + (1 | g)", "gaussian", /unknown|no column.*'?xx'?.*x/i],
    ["a typo in the formula", GOOD, "score ~ x + (1 | g", "gaussian", /formula.*position/],
    ["a factor with one level", GOOD, "score ~ one + (1 | g)", "gaussian", /one.*level/],
    ["a group with one level", GOOD, "score ~ x + (1 | one)", "gaussian", /one.*level/],
    ["a response that is not 0/1", GOOD, "score ~ x", "bernoulli", /line 2.*score.*1\.5/],
    ["a NaN cell", GOOD.replace("0.4,b", "NaN,b"), "score ~ x", "gaussian", /line 3.*'x'.*NaN/],
    [
      "an infinite cell",
      GOOD.replace("0.9,b", "Infinity,b"),
      "score ~ x",
      "gaussian",
      /line 5.*'x'.*Infinity/,
    ],
    ["an empty file", "", "score ~ x", "gaussian", /the file is empty/],
    [
      "a broken row",
      GOOD.replace("0,1.0,0.2,a,k", "0,1.0,0.2"),
      "score ~ x",
      "gaussian",
      /line 4: 3 cells where the header has 5/,
    ],
    [
      "a quote that is never closed",
      `${GOOD}1,2,0.5,"a,k\n`,
      "score ~ x",
      "gaussian",
      /line 7.*never closed/,
    ],
    [
      "a log of a negative number",
      GOOD.replace("0,1.5", "0,-1.5"),
      "log(score) ~ x",
      "gaussian",
      /line 2.*-1\.5/,
    ],
  ];
  it.each(cases)("%s", (_, csv, formula, family, message) => {
    const { status, stderr, wrote } = fit(csv, formula, family);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(ONE_LINE);
    expect(status).toBe(2);
    expect(wrote).toBe(false);
  });

  it.each([
    ["a prior for nothing", ["--prior", "b[z] ~ normal(0, 1)"], /z/],
    ["a prior that is none", ["--prior", "b ~ norml(0, 1)"], /norml/],
    [
      "a precision that the engine does not have",
      ["--engine", "wasm", "--precision", "float64"],
      /engine .wasm. computes in float32/,
    ],
    ["no draws", ["--draws", "0"], /draws must be a whole number of at least 1: 0/],
    ["a mistyped flag", ["--chain", "2"], /--chain.*--chains/],
    ["a subset without rows", ["--where", "g=c"], /no row has the value 'c'; its levels are a, b/],
  ])("%s", (_, more, message) => {
    const { status, stderr, wrote } = fit(GOOD, "score ~ x + (1 | g)", "gaussian", more);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(ONE_LINE);
    expect(status).toBe(2);
    expect(wrote).toBe(false);
  });

  it("a file that is not there", () => {
    const { status, stderr } = bridgewise([
      "fit",
      "y ~ x",
      "--data",
      join(dir, "nowhere.csv"),
      "--family",
      "gaussian",
      "--out",
      join(dir, "o"),
    ]);
    expect(stderr).toMatch(/nowhere\.csv: no such file: give the CSV file with --data\n$/);
    expect(status).toBe(2);
  });

  it("an unwritable folder, before any sampling", () => {
    const file = join(dir, "a-file");
    writeFileSync(file, "");
    const data = join(dir, "good.csv");
    writeFileSync(data, GOOD);
    const { status, stderr } = bridgewise([
      "fit",
      "score ~ x",
      "--data",
      data,
      "--family",
      "gaussian",
      "--out",
      join(file, "run"),
    ]);
    expect(stderr).toMatch(/a-file\/run: the run folder is not a folder, or lies below a file/);
    expect(status).toBe(2);
  });

  it("a report of something that is not a run", () => {
    const { status, stderr } = bridgewise(["report", dir, "--out", join(dir, "report")]);
    expect(stderr).toMatch(/^bridgewise: [^\n]*manifest\.json: not found/);
    expect(status).toBe(2);
  });
});
