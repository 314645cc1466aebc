import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { DataOverview, PlanResults } from "@bridgewise/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, fixture } from "./command.ts";
import { changeFile, readJson, wellDone } from "./quick-plan.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-run-plan-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const data = fixture("posteriors-general/inhaler.csv");
const plan = join(dir, "mine.yaml");
const out = join(dir, "out");

describe("plan", () => {
  it("prints a plan as it comes, or writes it, with what stands beside it", () => {
    const text = wellDone(["plan", "inhaler"]);
    expect(text).toBe(readFileSync(fixture("../packages/core/plans/inhaler.yaml"), "utf8"));
    expect(wellDone(["plan", "inhaler", "--out", plan])).toBe(
      `Written: ${plan}\nNext: bridgewise plan check ${plan}\n`,
    );
    expect(readFileSync(plan, "utf8")).toBe(text);
    expect(wellDone(["plan", "paper", "--out", join(dir, "paper.yaml")])).toContain("paper.published.json");
    expect(existsSync(join(dir, "paper.published.json"))).toBe(true);
  });

  it("is not written over what somebody made of it", () => {
    const edited = join(dir, "edited.yaml");
    wellDone(["plan", "inhaler", "--out", edited]);
    wellDone(["plan", "inhaler", "--out", edited]);
    changeFile(edited, (text) => text.replace("seed: 2", "seed: 3"));
    const mine = readFileSync(edited, "utf8");
    const { status, stderr } = bridgewise(["plan", "inhaler", "--out", edited]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^bridgewise: \S+edited\.yaml: is there already and holds something else; .*--out\n$/,
    );
    expect(readFileSync(edited, "utf8")).toBe(mine);
  });

  it("names the plans that there are where another is asked for", () => {
    for (const args of [["plan"], ["plan", "papr"]]) {
      const { status, stderr } = bridgewise(args);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^bridgewise: .*inhaler, paper.*\n$/);
    }
    expect(bridgewise(["plan", "papr"]).stderr).toContain("did you mean 'paper'?");
  });

  it("check lists the fits of sound data and says what to do next", () => {
    const stdout = wellDone(["plan", "check", plan, "--data", data]);
    expect(stdout).toMatch(/^no-carry +all +cumulative +572 +4 x 1,000 +1$/m);
    expect(stdout).toContain("7 fits, 13 hypotheses, 1 comparison\n");
    expect(stdout).toContain(`Next: bridgewise run ${plan} --data ${data} --out out/mine`);
  });

  it("check finds a hypothesis of what the model has not, and fits nothing", () => {
    const wrong = join(dir, "wrong.yaml");
    wellDone(["plan", "inhaler", "--out", wrong]);
    changeFile(wrong, (text) => text.replace("- period > 0", "- perod > 0"));
    const { status, stderr } = bridgewise(["plan", "check", wrong, "--data", data]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^bridgewise: \S+wrong\.yaml, line 38, position 9: no coefficient 'perod' .*did you mean 'period'\?/,
    );
  });
});

describe("run, on ratings that are not PRISM's", () => {
  let stdout: string;
  let results: PlanResults;
  beforeAll(() => {
    // with brms's priors, as the stored reference has them
    changeFile(plan, (text) =>
      text.replace("draws: 1000", "draws: 500").replace(/^ {2}priors:\n {4}- b ~ normal\(0, 2\.5\)\n/m, ""),
    );
    const ran = bridgewise(["run", plan, "--data", data, "--out", out]);
    expect(ran.status, ran.stderr).toBe(0);
    stdout = ran.stdout;
    results = readJson<PlanResults>(out, "results.json");
  }, 600_000);

  it("makes every fit, compares, and reports", () => {
    expect(results.fits.map(({ id, family }) => `${id} ${family}`)).toEqual([
      ...["clarity cumulative", "no-carry cumulative", "first-without-carry-over cumulative"],
      ...["unclear-all bernoulli", "unclear-never-confused bernoulli"],
    ]);
    expect(results.skipped).toEqual([]);
    expect(results.simulated).toBe(false);
    expect(results.comparisons.map(({ id, published }) => [id, published])).toEqual([["carry", null]]);
    expect(results.vifs.map(({ term }) => term)).toEqual(["treat", "period", "carry"]);
    expect(stdout).toContain("With carry-over and without it: elpd difference");
    // nothing is published of these
    expect(stdout).not.toContain("published");
    const report = readFileSync(join(out, "report", "index.html"), "utf8");
    expect(report).toContain("How clear the instructions of two inhalers are");
    expect(report).not.toContain("SIMULATED");
  });

  it("has brms's estimates of the same model, within 4 combined standard errors", () => {
    const brms = readJson<Summary>(fixture("posteriors-general/inhaler.json"));
    const summary = readJson<Summary>(out, "runs/clarity/summary.json");
    for (const name of ["b_treat", "b_period", "b_carry", "sd_subject__Intercept"]) {
      const [ours, theirs] = [summary.variables[name]!, brms.variables[name]!];
      const error = Math.hypot(ours.mcse_mean, theirs.mcse_mean);
      expect(Math.abs(ours.mean - theirs.mean), name).toBeLessThan(4 * error);
    }
  });

  it("describes the data by the plan's own columns and subsets", () => {
    const { attributes } = readJson<DataOverview>(out, "overview.json");
    expect(attributes.map(({ name }) => name).sort()).toEqual(["carry", "period", "treat"]);
    expect(attributes[0]!.parts.map(({ subset }) => subset)).toEqual([
      ...["all", "without carry-over", "never confused"],
    ]);
  });

  it("does not take the folder of another plan", () => {
    const other = join(dir, "another.yaml");
    wellDone(["plan", "inhaler", "--out", other]);
    changeFile(other, (text) => text.replace(/^title: .*$/m, "title: Another question"));
    const { status, stderr } = bridgewise(["run", other, "--data", data, "--out", out]);
    expect(status).toBe(2);
    expect(stderr).toContain(`'How clear the instructions of two inhalers are' (${basename(plan)})`);
  });
});

/** What a stored reference and a run's summary.json share. */
interface Summary {
  readonly variables: Readonly<Record<string, { readonly mean: number; readonly mcse_mean: number }>>;
}
