import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, fixture } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-formats-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const run = join(dir, "pastes");

beforeAll(() => {
  const { status, stderr } = bridgewise([
    ...["fit", "strength ~ 1 + (1 | batch)", "--data", fixture("data/Pastes.csv"), "--family", "gaussian"],
    ...["--out", run, "--chains", "2", "--draws", "100", "--warmup", "100", "--quiet"],
  ]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

describe("export", () => {
  it("names its file after the run, and says what was written as JSON", () => {
    const { status, stdout, stderr } = bridgewise(["export", run, "--to", "parquet", "--json"], { cwd: dir });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ format: "parquet", files: ["pastes.parquet"], chains: 2, draws: 100 });
    expect(readFileSync(join(dir, "pastes.parquet")).subarray(0, 4).toString()).toBe("PAR1");
  });

  it("writes text formats to standard output, only the variables asked for", () => {
    const { status, stdout } = bridgewise([
      ...["export", run, "--to", "csv", "--variables", "b_*", "--variables", "sigma", "--out", "-"],
    ]);
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe(".chain,.iteration,.draw,b_Intercept,sigma");
    expect(lines).toHaveLength(202);
    expect(lines[200]).toMatch(/^2,100,200,[\d.]+,[\d.]+$/);
  });

  it.each([
    ["another format", ["--to", "spss"], /--to/],
    [
      "binary to standard output",
      ["--to", "parquet", "--out", "-"],
      /--out - is for csv, latex, markdown, json; parquet needs a file/,
    ],
    [
      "an unknown variable",
      ["--to", "csv", "--variables", "b_Intercep"],
      /no variable matches 'b_Intercep': did you mean 'b_Intercept'\?/,
    ],
    ["a file that is there", ["--to", "parquet"], /pastes\.parquet: is there already; --force replaces it/],
  ])("%s is one line, status 2", (_, more, message) => {
    const { status, stdout, stderr } = bridgewise(["export", run, ...more], { cwd: dir });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^bridgewise: [^\n]+\n$/);
    expect(stdout).toBe("");
    expect(status).toBe(2);
    expect(readdirSync(dir).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("names a draws file that is cut in the middle", () => {
    const cut = join(dir, "cut");
    bridgewise(["import", join(dir, "pastes.parquet"), "--out", cut, "--quiet"]);
    const file = join(cut, "draws.arrow");
    writeFileSync(file, readFileSync(file).subarray(0, 5000));
    const { status, stderr } = bridgewise(["export", cut, "--to", "csv", "--out", "-"]);
    expect(stderr).toMatch(/^bridgewise: \S+draws\.arrow: is cut off after 5000 bytes[^\n]*\n$/);
    expect(status).toBe(2);
  });
});

describe("import", () => {
  it("gives a run whose summary is the fit's, from each format that export writes", () => {
    const summary = JSON.parse(readFileSync(join(run, "summary.json"), "utf8"));
    for (const to of ["csv", "stan-csv", "arrow"]) {
      const { files } = JSON.parse(
        bridgewise(["export", run, "--to", to, "--out", `again.${to}`, "--json"], { cwd: dir }).stdout,
      );
      const { status, stdout, stderr } = bridgewise(["import", ...files, "--out", `from-${to}`, "--json"], {
        cwd: dir,
      });
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(JSON.parse(stdout).variables).toEqual(summary.variables);
    }
  });

  it("shows rstan's divergences and warnings", () => {
    const files = [1, 2].map((chain) => fixture(`exports/rstan_${chain}.csv`));
    const { stdout } = bridgewise(["import", ...files, "--out", join(dir, "stan"), "--label", "schools"]);
    expect(stdout).toContain("2 chains x 80 draws after 60 of warm-up, 9 divergent");
    expect(stdout).toMatch(/Warning: .*diverged/);
    expect(stdout).toContain("rstan_1.csv, rstan_2.csv (stan-csv)");
    expect(stdout).not.toContain("lp__");
    const { manifest } = JSON.parse(
      bridgewise(["export", join(dir, "stan"), "--to", "json", "--out", "-"]).stdout,
    );
    expect(manifest).toMatchObject({ label: "schools", engine: "imported", formula: "(imported)" });
    const summary = bridgewise(["summary", join(dir, "stan")]).stdout;
    expect(summary).toContain("Imported: rstan_1.csv, rstan_2.csv (stan-csv)\n");
    expect(summary).not.toContain("observations");
  });

  it.each(["loo", "kfold", "predict", "check", "effects"])("%s says that it needs a fit", (command) => {
    const { status, stderr } = bridgewise([command, join(dir, "stan"), "--data", "any.csv"]);
    expect(stderr).toMatch(/^bridgewise: \S+: the run's draws are another program's[^\n]*\n$/);
    expect(status).toBe(2);
  });

  it("gives a run that is tested and reported", () => {
    const { stdout } = bridgewise(["hypothesis", join(dir, "stan"), "theta[1] > mu", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ draws: 160, rows: [{ hypothesis: "(theta[1])-(mu) > 0" }] });
    expect(bridgewise(["report", join(dir, "stan"), "--out", join(dir, "stan-report")]).status).toBe(0);
  });

  it.each([
    ["no file", ["nowhere.csv"], /nowhere\.csv: not found; give the files of draws/],
    [
      "two CSV files",
      ["again.csv", "again.csv.copy"],
      /again\.csv\.copy: is a second file, but only stan-csv/,
    ],
    ["not what --format says", ["again.csv", "--format", "parquet"], /again\.csv: is not a Parquet file/],
  ])("%s is one line, status 2, nothing written", (_, more, message) => {
    const { status, stdout, stderr } = bridgewise(["import", ...more, "--out", "none"], { cwd: dir });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^bridgewise: [^\n]+\n$/);
    expect(stdout).toBe("");
    expect(status).toBe(2);
    expect(readdirSync(dir)).not.toContain("none");
  });
});
