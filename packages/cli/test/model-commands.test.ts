import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunSummary } from "@bridgewise/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, fixture } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-model-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const run = join(dir, "verbal");
const FORMULA = "r2 ~ Anger + Gender + btype + (1 | id) + (1 | item)";

beforeAll(() => {
  const { status, stderr } = bridgewise([
    ...["fit", FORMULA, "--data", fixture("checks/verbal.csv"), "--family", "bernoulli"],
    ...["--out", run, "--draws", "200", "--quiet"],
  ]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

function json<T>(args: readonly string[]): T {
  const { status, stdout, stderr } = bridgewise([...args, "--json"]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as T;
}

const text = (args: readonly string[]): string => {
  const { status, stdout, stderr } = bridgewise(args);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
};

describe("bridgewise check", () => {
  it("writes checks.json and prints it with --json", () => {
    const checks = json<{ rows: number; draws: number; r2: { bayes: { marginal: { estimate: number } } } }>([
      "check",
      run,
    ]);
    expect(checks).toMatchObject({
      format: "bridgewise-checks/1",
      formula: FORMULA,
      rows: 480,
      draws: 800,
      replicates: 100,
      groups_drawn: [],
    });
    expect(JSON.parse(readFileSync(join(run, "checks.json"), "utf8"))).toEqual(checks);
    const out = join(dir, "elsewhere", "checks.json");
    const shown = text(["check", run, "--out", out, "--by", "item", "--ndraws", "100", "--loo-pit"]);
    expect(shown).toContain("480 rows, 100 draws, 100 replicated data sets");
    expect(shown).toContain("R2, with group effects (Bayesian)");
    expect(shown).toMatch(/Means by item: \d+ of 24 levels/);
    const wide = shown.split("\n").filter((line) => line.length > 100 && !line.startsWith("Written: "));
    expect(wide).toEqual([]);
    const { predictive } = JSON.parse(readFileSync(out, "utf8"));
    expect(predictive.by_group.group).toBe("item");
    expect(predictive.pit.kind).toBe("loo");
  });
});

it("check of a run of the prior alone is prior predictive: effects come from the prior, not from the data", () => {
  const prior = join(dir, "prior");
  const fitted = bridgewise([
    ...["fit", "score ~ 1 + (1 | g)", "--data", priorData(), "--family", "gaussian", "--prior-only"],
    ...["--effects", "none", "--out", prior, "--draws", "100", "--quiet"],
  ]);
  expect(fitted.stderr).toBe("");
  expect(json<object>(["check", prior])).toMatchObject({ prior_only: true, groups_drawn: ["g"] });
  expect(text(["check", prior])).toContain("Prior predictive");
  const { status, stderr } = bridgewise(["check", prior, "--loo-pit"]);
  expect(stderr).toContain("sampled the prior alone");
  expect(status).toBe(2);
});

function priorData(): string {
  const file = join(dir, "prior.csv");
  writeFileSync(file, "score,g\n1,a\n2,a\n4,b\n3,b\n5,c\n7,c\n");
  return file;
}

describe("bridgewise predict", () => {
  interface Predictions {
    readonly predictions: { row: number; estimate: number; quantiles: number[] }[];
    readonly new_levels: Record<string, string[]>;
  }
  const newdata = ["predict", run, "--newdata", fixture("checks/verbal-new.csv")];

  it("the fit's rows, to a file and to the terminal", () => {
    const out = join(dir, "fitted.csv");
    const shown = text(["predict", run, "--probs", "0.05,0.5,0.95", "--out", out]);
    expect(shown).toContain("Probabilities over 800 draws, effects of id, item");
    expect(shown).toContain("… 460 more");
    const lines = readFileSync(out, "utf8").trimEnd().split("\n");
    expect(lines[0]).toBe("row,Estimate,Est.Error,Q5,Q50,Q95");
    expect(lines).toHaveLength(481);
    expect(lines[480]!.split(",")[0]).toBe("480");
  });

  it("new data, with new levels as they are asked for", () => {
    const sampled = json<Predictions>([...newdata, "--new-levels", "sample", "--seed", "3"]);
    expect(sampled.new_levels).toEqual({ id: ["someone", "other"], item: ["new item"] });
    const zero = json<Predictions>([...newdata, "--new-levels", "zero"]);
    const population = json<Predictions>([...newdata, "--groups", "none"]);
    expect(zero.predictions[3]).toEqual(population.predictions[3]);
    expect(sampled.predictions[0]).toEqual(zero.predictions[0]);
    const [low, high] = sampled.predictions[3]!.quantiles;
    const [low0, high0] = zero.predictions[3]!.quantiles;
    expect(high! - low!).toBeGreaterThan(1.2 * (high0! - low0!));
    expect(json<Predictions>([...newdata, "--new-levels", "sample", "--seed", "3"])).toEqual(sampled);
  });

  it("drawn responses of a binary fit are 0 and 1", () => {
    const { predictions } = json<Predictions>(["predict", run, "--kind", "predicted", "--probs", "0,1"]);
    const values = new Set(predictions.flatMap(({ quantiles }) => quantiles));
    expect([...values].sort()).toEqual([0, 1]);
  });
});

describe("bridgewise effects", () => {
  interface Effects {
    readonly groups: string[];
    readonly effects: {
      variable: string;
      contrast: string;
      estimate: number;
      ratio?: { estimate: number };
    }[];
  }

  it("are average marginal effects at the population's level, with odds ratios", () => {
    const found = json<Effects>(["effects", run, "--step", "5"]);
    expect(found.groups).toEqual([]);
    expect(found.effects.map(({ variable, contrast }) => `${variable} ${contrast}`)).toEqual([
      "Anger +5",
      "Gender M - F",
      "btype scold - curse",
      "btype shout - curse",
    ]);
    const summary = JSON.parse(readFileSync(join(run, "summary.json"), "utf8")) as RunSummary;
    const shout = found.effects.at(-1)!;
    expect(shout.estimate).toBeLessThan(-0.1);
    // the mean of exp(b) lies above exp of the mean
    const least = Math.exp(summary.variables["b_btypeshout"]!.mean!);
    expect(shout.ratio!.estimate).toBeGreaterThan(least);
    expect(shout.ratio!.estimate).toBeLessThan(2 * least);
    const wide = text(["effects", run, "--variables", "Anger", "--step", "200"]);
    expect(wide).toMatch(/\nAnger \+200 +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d/);
    const shown = text(["effects", run, "--variables", "btype", "--contrasts", "btype", "--groups", "all"]);
    expect(shown).toContain("with the effects of id, item");
    expect(shown).toContain("btype shout - scold");
    expect(shown).toContain("Odds ratios");
  });
});

describe("bridgewise vif", () => {
  it("needs no fit", () => {
    const args = ["vif", "y ~ Anger + Gender + btype + (1 | situ)", "--data", fixture("checks/vif.csv")];
    const { terms } = json<{ terms: { term: string; gvif: number; collinearity: string }[] }>(args);
    expect(terms.map(({ term, collinearity }) => [term, collinearity])).toEqual([
      ["Anger", "low"],
      ["Gender", "low"],
      ["btype", "low"],
    ]);
    expect(text(args)).toContain("GVIF^(1/(2 Df))");
  });
});

describe("bad input is one line and status 2", () => {
  const bad = join(dir, "bad.csv");
  writeFileSync(bad, "Anger,Gender,btype,id,item\n20,F,yell,1,S1WantCurse\n");
  it.each([
    [["predict", run, "--newdata", bad], `${bad}, line 2, column 'btype': 'yell' is a level of btype`],
    [
      ["predict", run, "--newdata", fixture("checks/verbal-new.csv")],
      "'someone' is a new level of id; say --new-levels",
    ],
    [["predict", run, "--newdata", join(dir, "none.csv")], "no such file: give the CSV file with --newdata"],
    [
      ["predict", run, "--groups", "ids"],
      "the model has no group 'ids'; give all, none, or some of id, item",
    ],
    [["predict", run, "--probs", "0.5,2"], "--probs is a list of probabilities"],
    [["predict", run, "--ndraws", "0"], "number of draws must be a whole number of at least 1: 0"],
    [["effects", run, "--variables", "Angr"], "no column 'Angr'; did you mean 'Anger'?"],
    [["effects", run, "--step", "much"], "--step is 'derivative' or a number other than 0: 'much'"],
    [["effects", run, "--level", "95"], "--level must be between 0 and 1: 95"],
    [["check", run, "--by", "person"], "the model has no group 'person'"],
    [["check", join(dir, "none")], "none"],
    [["vif", "y ~ Anger", "--data", fixture("checks/vif.csv")], "there are fewer than two"],
    [["vif", "y ~ Anger + Agner", "--data", fixture("checks/vif.csv")], "no column 'Agner'"],
  ])("%j", (args, message) => {
    const { status, stdout, stderr } = bridgewise(args);
    // of a formula, the piece and a caret follow
    expect(stderr).toMatch(/^bridgewise: [^\n]+\n( {2}[^\n]+\n +\^\n)?$/);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});
