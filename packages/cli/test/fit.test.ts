import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunManifest, RunSummary } from "@bridgewise/core";
import { readRunFolder } from "@bridgewise/core/node";
import { afterAll, describe, expect, it } from "vitest";
import { bridgewise, fixture } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-fit-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function fit(
  name: string,
  formula: string,
  data: string,
  family: string,
  more: string[] = [],
): { summary: RunSummary; manifest: RunManifest; out: string; stdout: string } {
  const out = join(dir, name);
  const { status, stdout, stderr } = bridgewise([
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
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return {
    summary: JSON.parse(readFileSync(join(out, "summary.json"), "utf8")),
    manifest: JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")),
    out,
    stdout,
  };
}

const PRISM =
  "REASONING_NUANCE + RESPECT + CURIOSITY + COMPASSION + PERSONAL_STORY + AFFINITY + TOXICITY + (1 | user_id/conversation_id) + (1 | model_name)";

describe("the command agrees with brms within 4 combined Monte Carlo standard errors", () => {
  it.each([
    [
      "verbagg",
      '(r2 == "Y") ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)',
      "VerbAgg.csv",
      "bernoulli",
      [],
    ],
    ["pastes", "strength ~ 1 + (1 | batch/cask)", "Pastes.csv", "gaussian", []],
    ["penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin.csv", "gaussian", []],
    [
      "prism-like-bernoulli",
      `highest ~ ${PRISM}`,
      "prism-like.csv",
      "bernoulli",
      ["--prior", "b ~ normal(0, 1e6)"],
    ],
    [
      "prism-like-gaussian",
      `log_score ~ ${PRISM}`,
      "prism-like.csv",
      "gaussian",
      ["--prior", "b ~ normal(0, 1e6)"],
    ],
  ])("%s", (name, formula, data, family, more) => {
    const { summary } = fit(name, formula, fixture(`data/${data}`), family, [
      ...more,
      "--seed",
      "7",
      "--quiet",
    ]);
    const { variables } = JSON.parse(readFileSync(fixture(`posteriors/${name}.json`), "utf8")) as {
      variables: Record<string, { mean: number; mcse_mean: number }>;
    };
    expect(Object.keys(variables).length).toBeGreaterThan(3);
    const far = Object.entries(variables).flatMap(([variable, theirs]) => {
      const ours = summary.variables[variable];
      if (ours === undefined) return [`${variable} is missing`];
      const z = (ours.mean! - theirs.mean) / Math.hypot(ours.mcse_mean!, theirs.mcse_mean);
      return Math.abs(z) <= 4
        ? []
        : [`${variable}: ${ours.mean} against ${theirs.mean}, ${z} standard errors`];
    });
    expect(far).toEqual([]);
    expect(Math.max(...Object.values(summary.variables).map((v) => v.rhat ?? Number.NaN))).toBeLessThan(1.02);
  });
});

describe("published and closed-form results", () => {
  it("sleepstudy: the slope of a balanced design is that of least squares, 10.467 (lme4)", () => {
    const { summary } = fit(
      "sleep",
      "Reaction ~ Days + (1 | Subject)",
      fixture("data/sleepstudy.csv"),
      "gaussian",
      ["--quiet"],
    );
    const days = summary.variables["b_Days"]!;
    expect(Math.abs(days.mean! - 10.467286)).toBeLessThan(4 * days.mcse_mean!);
    // lme4's maximum likelihood estimates lie well inside: 251.405, 36.01 and 30.9
    for (const [name, value] of [
      ["b_Intercept", 251.405],
      ["sd_Subject__Intercept", 36.01],
      ["sigma", 30.9],
    ] as const) {
      const v = summary.variables[name]!;
      expect(v.q5!).toBeLessThan(value);
      expect(v.q95!).toBeGreaterThan(value);
    }
    expect(Object.keys(summary.variables).filter((name) => name.startsWith("r_Subject["))).toHaveLength(18);
  });

  it("kidiq: an ordinary regression has the least-squares coefficients under flat priors", () => {
    const { summary } = fit("kid", "kid_score ~ mom_hs + mom_iq", fixture("data/kidiq.csv"), "gaussian", [
      "--quiet",
      "--prior",
      "Intercept ~ flat()",
      "--prior",
      "sigma ~ flat()",
    ]);
    // Gelman & Hill 2007, section 3.2: 25.7 + 5.95 mom_hs + 0.56 mom_iq, residual sd 18.1
    for (const [name, value, digits] of [
      ["b_Intercept", 25.73154, 5],
      ["b_mom_hs", 5.95012, 5],
      ["b_mom_iq", 0.56391, 5],
    ] as const) {
      const v = summary.variables[name]!;
      expect(Math.abs(v.mean! - value)).toBeLessThan(4 * v.mcse_mean! + 10 ** -digits);
    }
    expect(summary.variables["sigma"]!.mean!).toBeGreaterThan(17.9);
    expect(summary.variables["sigma"]!.mean!).toBeLessThan(18.5);
    expect(summary.divergences).toBe(0);
  });
});

describe("a run folder", () => {
  it("holds the contract's files and fields, and nothing half-written", async () => {
    const { summary, manifest, out, stdout } = fit(
      "contract",
      "strength ~ 1 + (1 | batch)",
      fixture("data/Pastes.csv"),
      "gaussian",
      ["--chains", "2", "--draws", "200", "--warmup", "150", "--seed", "3", "--threads", "1"],
    );
    expect(readdirSync(out).sort()).toEqual([
      "checkpoint.bin",
      "diagnostics.json",
      "draws.arrow",
      "manifest.json",
      "summary.json",
    ]);
    expect(Object.keys(summary).sort()).toEqual([
      "chains",
      "divergences",
      "draws",
      "engine",
      "seconds",
      "variables",
      "warmup",
    ]);
    expect(Object.keys(summary.variables["sigma"]!).sort()).toEqual([
      "ess_bulk",
      "ess_tail",
      "mad",
      "mcse_mean",
      "mean",
      "median",
      "q5",
      "q95",
      "rhat",
      "sd",
    ]);
    expect(Object.keys(summary.seconds)).toEqual(["setup", "warmup", "sampling", "total", "summary"]);
    expect(summary).toMatchObject({ engine: "simd", chains: 2, draws: 200 });
    expect(summary.seconds.total).toBeCloseTo(
      summary.seconds.setup + summary.seconds.warmup + summary.seconds.sampling,
      9,
    );
    expect(manifest.priors["b_Intercept"] ?? manifest.priors["Intercept"]).toMatch(/student_t\(3, /);
    expect(manifest.simulated).toBe(false);
    const draws = await (await readRunFolder(out)).readDraws();
    expect(draws.variables).toEqual(Object.keys(summary.variables));
    expect(stdout).toContain("sd_batch__Intercept");
    // sentences and paths are as long as they are; the rest fits a terminal
    const wide = stdout
      .split("\n")
      .filter((line) => line.length > 100 && !/^(Next|Run folder|Warning): /.test(line));
    expect(wide).toEqual([]);
  });

  it("has the same draws for the same seed", () => {
    const args = ["--chains", "4", "--draws", "50", "--warmup", "100", "--quiet"];
    const one = fit("seed1", "r2 ~ Anger + (1 | id)", fixture("data/VerbAgg.csv"), "bernoulli", [
      ...args,
      "--threads",
      "1",
    ]);
    const two = fit("seed2", "r2 ~ Anger + (1 | id)", fixture("data/VerbAgg.csv"), "bernoulli", [
      ...args,
      "--threads",
      "2",
    ]);
    expect(two.summary.variables).toEqual(one.summary.variables);
  });
});
