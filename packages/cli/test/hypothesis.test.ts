import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Draws, RunManifest } from "@bridgewise/core";
import { type RunContents, writeRunFolder } from "@bridgewise/core/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-hypothesis-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const VARIABLES = ["b_Intercept", "b_x", "sd_g__Intercept", "sigma", "r_g[a,Intercept]"];
/** Each of 1, ..., 40 once, moved: variable v lies from 10 v - 19 to 10 v + 20. */
const draws: Draws = {
  variables: VARIABLES,
  chains: 2,
  draws: 20,
  values: Float64Array.from({ length: 200 }, (_, i) => ((i * 37) % 40) - 19 + 10 * Math.floor(i / 40)),
};
const manifest: RunManifest = {
  format: "bridgewise-run/1",
  bridgewise: "0",
  label: "test",
  formula: "y ~ x + (1 | g)",
  family: "gaussian",
  data: { file: "d.csv", sha256: "0", rows: 1234, rows_used: 1200 },
  simulated: true,
  priors: {},
  groups: [{ name: "g", levels: 3 }],
  chains: 2,
  warmup: 7,
  draws: 20,
  seed: 1,
  threads: 1,
  engine: "simd",
  density: "latent",
  node: "v24",
  created: "2026-11-25",
};
const contents: RunContents = {
  manifest,
  draws,
  summary: {
    variables: {},
    seconds: { setup: 0, warmup: 0, sampling: 0, total: 0 },
    engine: "simd",
    chains: 2,
    warmup: 7,
    draws: 20,
    divergences: 1,
  },
  diagnostics: {
    divergences: 1,
    step_size: 1,
    acceptance: 0.9,
    gradients_per_draw: 3,
    max_rhat: null,
    min_ess_bulk: null,
    min_ess_tail: null,
    warnings: ["1 of 40 transitions diverged."],
  },
};
const run = join(dir, "run");
const prior = join(dir, "prior");
beforeAll(async () => {
  await writeRunFolder(run, contents);
  await writeRunFolder(prior, { ...contents, manifest: { ...manifest, prior_only: true } });
});

describe("hypothesis", () => {
  it("prints brms's columns and what they mean", () => {
    const { status, stdout, stderr } = bridgewise(["hypothesis", run, "x > 0", "sigma < 0.5", "x = 0"]);
    expect([status, stderr]).toEqual([0, ""]);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("SIMULATED data");
    expect(lines[2]).toMatch(
      /^Hypothesis +Estimate +Est\.Error +CI\.Lower +CI\.Upper +Evid\.Ratio +Post\.Prob +Star$/,
    );
    // 10 of b_x's 40 are not above 0
    expect(lines[3]).toMatch(/^\(x\) > 0 +10\.50 +11\.69 +-7\.05 +28\.05 +3\.00 +0\.750$/);
    expect(lines[4]).toMatch(/^\(sigma\)-\(0\.5\) < 0 +30\.00 +11\.69 +12\.45 +47\.55 +0\.00 +0\.000$/);
    expect(lines[5]).toMatch(/^\(x\) = 0 +10\.50 .* NA +NA$/);
    expect(stdout).toContain("90% interval for one-sided (< and >), 95% for two-sided");
    expect(stdout).toContain("a Bayes factor only if the prior odds are 1");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "the posterior over the prior density at the value, a Bayes factor for it",
    );
    expect(stdout).toContain("--prior-only");
    expect(bridgewise(["hypothesis", run, "x > 0"]).stdout).not.toContain("two-sided hypotheses:");
    expect(stdout).toContain("Warning: 1 of 40 transitions diverged.");
    expect(existsSync(join(run, "hypotheses.json"))).toBe(false);
  });

  it("prints, keeps and writes the same JSON; a new run in the folder takes the kept one away", async () => {
    const out = join(dir, "table.json");
    const args = [
      "hypothesis",
      run,
      "sigma > 0",
      "--alpha",
      "0.01",
      "--robust",
      "--json",
      "--save",
      "--out",
      out,
    ];
    const { status, stdout } = bridgewise(args);
    expect(status).toBe(0);
    const table = JSON.parse(stdout);
    expect(table).toMatchObject({ alpha: 0.01, robust: true, draws: 40 });
    expect(table.rows).toEqual([
      {
        hypothesis: "(sigma) > 0",
        sign: ">",
        estimate: 30.5,
        est_error: expect.closeTo(14.826, 12),
        ci_lower: expect.closeTo(11.39, 12),
        ci_upper: expect.closeTo(49.61, 12),
        ci_level: 0.98,
        evidence_ratio: "Inf",
        post_prob: 1,
        star: "*",
      },
    ]);
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual(table);
    const kept = join(run, "hypotheses.json");
    expect(JSON.parse(readFileSync(kept, "utf8"))).toEqual(table);
    await writeRunFolder(run, contents);
    expect(existsSync(kept)).toBe(false);
  });

  it("takes two-sided evidence from a fit of the prior alone, or a file of its draws", () => {
    const ratioOf = (from: string): unknown =>
      JSON.parse(bridgewise(["hypothesis", run, "x = 3", "--json", "--prior", from]).stdout).rows[0]
        .evidence_ratio;
    // the same draws: the densities are equal
    expect(ratioOf(prior)).toBeCloseTo(1, 12);
    expect(ratioOf(join(prior, "draws.arrow"))).toBeCloseTo(1, 12);
    const { status, stderr } = bridgewise(["hypothesis", run, "x = 3", "--prior", run]);
    expect(stderr).toMatch(
      /^bridgewise: [^\n]*run: has draws from the posterior; fit the same model with --prior-only/,
    );
    expect(status).toBe(2);
  });

  it("a long hypothesis is shortened to the terminal's width, not in JSON", () => {
    const long = `${"x + ".repeat(30)}x > 0`;
    const { stdout } = bridgewise(["hypothesis", run, long]);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(stdout).toContain("(x+x+x");
    const { rows } = JSON.parse(bridgewise(["hypothesis", run, long, "--json"]).stdout);
    expect(rows[0].hypothesis).toBe(`(${"x+".repeat(30)}x) > 0`);
  });
});

describe("bad input: one line, a caret where there is a place, status 2", () => {
  const cut = join(dir, "cut.arrow");
  it.each([
    [
      ["x >= 0"],
      /^bridgewise: hypothesis, position 3: '>=' is not allowed.*write '>'.*\n {2}x >= 0\n {4}\^\n$/,
    ],
    [
      ["x + sigmaa > 0"],
      /^bridgewise: [^\n]*'sigmaa'.*did you mean 'sigma'.*\n {2}x \+ sigmaa > 0\n {6}\^\n$/,
    ],
    [
      ["x > 0", "(x > 0"],
      /^bridgewise: hypothesis, position 1: '\(' is never closed\n {2}\(x > 0\n {2}\^\n$/,
    ],
    [["x > 0", "--alpha", "0.5"], /^bridgewise: --alpha must be above 0 and below 0\.5.*\n$/],
    [["x > 0", "--prior", join(dir, "none")], /^bridgewise: [^\n]*none: no such run folder or file[^\n]*\n$/],
    [["x > 0", "--out", join(run, "draws.arrow", "t.json")], /^bridgewise: [^\n]*is not a folder[^\n]*\n$/],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = bridgewise(["hypothesis", run, ...args]);
    expect(stderr).toMatch(message);
    expect([status, stdout]).toEqual([2, ""]);
  });

  it("a file of draws that is cut in the middle, none, or cannot keep hypotheses", () => {
    copyFileSync(join(run, "draws.arrow"), cut);
    const size = readFileSync(cut).length;
    expect(bridgewise(["hypothesis", cut, "x > 0"]).status).toBe(0);
    const kept = bridgewise(["hypothesis", cut, "x > 0", "--save"]);
    expect([kept.status, kept.stderr]).toEqual([2, expect.stringMatching(/--save needs a run folder/)]);
    truncateSync(cut, Math.floor(size / 2));
    for (const command of [
      ["hypothesis", cut, "x > 0"],
      ["summary", cut],
    ]) {
      const { status, stderr } = bridgewise(command);
      expect(stderr).toMatch(/^bridgewise: [^\n]*cut\.arrow: is cut off after \d+ bytes[^\n]*\n$/);
      expect(status).toBe(2);
    }
    writeFileSync(cut, "x,y\n1,2\n");
    expect(bridgewise(["summary", cut]).stderr).toMatch(/^bridgewise: [^\n]*cut\.arrow: is cut off/);
    const { status, stderr } = bridgewise(["summary", join(dir, "nowhere")]);
    expect(stderr).toMatch(/^bridgewise: [^\n]*nowhere: no such run folder or file; give the folder/);
    expect(status).toBe(2);
  });
});

describe("summary", () => {
  it("has brms's parts, and the run's warnings", () => {
    const { status, stdout } = bridgewise(["summary", run]);
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    expect(lines.slice(0, 4)).toEqual([
      " Family: gaussian",
      "Formula: y ~ x + (1 | g)",
      "   Data: d.csv (Number of observations: 1,200), SIMULATED",
      "  Draws: 2 chains, each with 20 draws after 7 of warm-up; total post-warmup draws = 40",
    ]);
    const parts = lines.filter((line) => line.endsWith(":") || line.startsWith("~"));
    expect(parts).toEqual([
      "Group-Level Effects:",
      "~g (Number of levels: 3)",
      "Population-Level Effects:",
      "Family Specific Parameters:",
    ]);
    expect(lines.filter((line) => /l-95% CI +u-95% CI +Rhat +Bulk_ESS +Tail_ESS$/.test(line)).length).toBe(3);
    expect(stdout).toMatch(/\nsd\(Intercept\) +21 +12 /);
    expect(stdout).toMatch(/\nIntercept +[01] +12 /);
    expect(bridgewise(["summary", prior]).stdout).toMatch(/^ Family: gaussian, draws from the prior alone\n/);
    expect(lines.filter((line) => line.startsWith("Warning:"))).toEqual([
      "Warning: 1 of 40 transitions diverged.",
    ]);
  });

  it("takes variables, probabilities and robust figures; a file of draws has warnings of its own", () => {
    const file = join(run, "draws.arrow");
    const args = [
      "summary",
      file,
      "--variables",
      "r_g*",
      "--variables",
      "b_?",
      "--probs",
      "0,0.5",
      "--robust",
      "--json",
    ];
    const table = JSON.parse(bridgewise(args).stdout);
    expect(table).toMatchObject({ chains: 2, draws: 20, probs: [0, 0.5], robust: true });
    expect(table.rows).toMatchObject([
      {
        variable: "b_x",
        part: "population",
        group: null,
        label: "x",
        estimate: 10.5,
        lower: -9,
        upper: 10.5,
      },
      { variable: "r_g[a,Intercept]", part: "level", group: "g", label: "[a,Intercept]", estimate: 40.5 },
    ]);
    expect(table.rows[0].est_error).toBeCloseTo(14.826, 12);
    expect(table.warnings.join()).toMatch(/Bulk ESS of 'b_x'/);
    expect(bridgewise(["summary", file, "--probs", "0,0.5"]).stdout).toMatch(/ Q0 +Q50 /);
    for (const [flag, value, message] of [
      ["--probs", "0.9,0.1", /--probs takes two probabilities that rise, such as 0\.05,0\.95: '0\.9,0\.1'/],
      ["--probs", "0.1", /--probs takes two/],
      ["--variables", "q*", /no variable matches 'q\*'/],
    ] as const) {
      const { status, stderr } = bridgewise(["summary", run, flag, value]);
      expect(stderr).toMatch(message);
      expect(status).toBe(2);
    }
  });
});
