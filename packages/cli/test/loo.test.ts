import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KfoldFile, type LooFile, randomStream } from "@bridgewise/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, commandLine } from "./command.ts";
import { exactDensity, GROUPS, groupOf, KNOWN, others, ROWS, y } from "./known-scales.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-loo-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string): string => join(dir, name);

function run(args: readonly string[]): string {
  const { status, stdout, stderr } = bridgewise(args);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

function fit(name: string, formula: string, more: readonly string[] = []): string {
  run([
    "fit",
    formula,
    "--data",
    at("data.csv"),
    "--family",
    "gaussian",
    "--out",
    at(name),
    "--quiet",
    ...more,
  ]);
  return at(name);
}

const looOf = (...args: string[]): LooFile => JSON.parse(run(["loo", ...args, "--json"]));

beforeAll(() => {
  const lines = y.map(
    (value, row) => `${value},g${groupOf(row)},${row % 2 ? "odd" : "even"},${(row % 5) / 5}`,
  );
  writeFileSync(at("data.csv"), `y,g,half,x\n${lines.join("\n")}\n`);
  fit("known", "y ~ 1 + (1 | g)", KNOWN);
  fit("with", "y ~ 1 + (1 | g)");
}, 60_000);

describe("leave-one-out of a model with known scales", () => {
  it("is the closed form within 4 Monte Carlo errors where k allows it, and names the rows where not", () => {
    const { pointwise, k, rows, warnings, draws } = looOf(at("known"));
    expect([rows, draws]).toEqual([ROWS, 4000]);
    expect(pointwise.line).toEqual(Array.from({ length: ROWS }, (_, row) => row + 2));
    const far = pointwise.elpd.flatMap((elpd, row) => {
      if (pointwise.k[row]! > k.threshold) return [];
      const z = (elpd - exactDensity(row, others(row), draws).elpd) / pointwise.mcse[row]!;
      return Math.abs(z) <= 4 ? [] : [`row ${row}: ${z}`];
    });
    expect(far).toEqual([]);
    expect(k.good + k.bad + k.very_bad).toBe(ROWS);
    expect(k.bad + k.very_bad).toBeGreaterThan(0);
    expect(warnings.join()).toMatch(/have a Pareto k above 0\.70.*--reloo/);
  });

  it("has exact values from refits with --reloo, which are kept", () => {
    const before = looOf(at("known"));
    const bad = before.pointwise.line.filter((_, row) => before.pointwise.k[row]! > before.k.threshold);
    const file = looOf(at("known"), "--reloo");
    expect(file.refitted).toEqual(bad);
    expect(bad).toContain(19);
    for (const line of bad) {
      const row = line - 2;
      const { elpd, error } = exactDensity(row, others(row), 2000);
      expect(Math.abs(file.pointwise.elpd[row]! - elpd)).toBeLessThan(4 * error);
      expect(file.pointwise.k[row]).toBe(0);
      expect(file.pointwise.influence[row]).toBe(before.pointwise.k[row]);
      expect(file.pointwise.elpd[row]! + file.pointwise.p[row]!).toBeCloseTo(
        before.pointwise.elpd[row]! + before.pointwise.p[row]!,
        10,
      );
    }
    expect(file.warnings).toEqual([]);
    const refits = readFileSync(at("known/loo-refits.json"), "utf8");
    expect(looOf(at("known"), "--reloo")).toEqual(file);
    expect(readFileSync(at("known/loo-refits.json"), "utf8")).toBe(refits);
  });

  it("writes what it is asked for and nothing else", () => {
    const stdout = run(["loo", at("known"), "--waic", "--pointwise", at("p.csv")]);
    expect(stdout).toMatch(/elpd_loo +-\d+\.\d +\d+\.\d/);
    expect(stdout).toMatch(/p_waic/);
    expect(existsSync(at("known/loo.json"))).toBe(false);
    const csv = readFileSync(at("p.csv"), "utf8").trim().split("\n");
    expect(csv[0]).toBe("line,elpd,k,p,influence");
    const { pointwise } = looOf(at("known"), "--save");
    expect(csv[18]).toBe(
      ["line", "elpd", "k", "p", "influence"].map((name) => pointwise[name as "line"][17]).join(),
    );
    const saved: LooFile = JSON.parse(readFileSync(at("known/loo.json"), "utf8"));
    expect(saved.pointwise).toEqual(pointwise);
    rmSync(at("known/loo.json"));
  });

  it("does not depend on the threads; the older rule has other effective sizes", () => {
    const one = looOf(at("known"), "--threads", "1");
    expect(looOf(at("known"), "--threads", "2")).toEqual(one);
    const older = looOf(at("known"), "--r-eff-rule", "unsplit");
    expect(older.pointwise.n_eff).not.toEqual(one.pointwise.n_eff);
    expect(older.elpd_loo.estimate).toBeCloseTo(one.elpd_loo.estimate, 1);
  });
});

describe("K-fold of a model with known scales", () => {
  const check = (file: KfoldFile): void => {
    const { fold, elpd } = file.pointwise;
    const far = elpd.flatMap((value, row) => {
      const given = fold.flatMap((other, i) => (other === fold[row] ? [] : [i]));
      // HMC draws are worth half as many independent ones at least
      const exact = exactDensity(row, given, file.draws / 2);
      const z = (value - exact.elpd) / exact.error;
      return Math.abs(z) <= 4 ? [] : [`row ${row}: ${value}, exact ${exact.elpd}, ${z} errors`];
    });
    expect(far).toEqual([]);
    expect(file.elpd_kfold.estimate).toBeCloseTo(
      elpd.reduce((a, b) => a + b),
      10,
    );
  };

  it("leaves whole groups out and draws their effects anew: closed form", () => {
    const file: KfoldFile = JSON.parse(run(["kfold", at("known"), "--k", "3", "--by", "g", "--json"]));
    for (let g = 0; g < GROUPS; g++)
      expect(new Set(file.pointwise.fold.filter((_, row) => groupOf(row) === g)).size).toBe(1);
    check(file);
    expect(JSON.parse(readFileSync(at("known/kfold.json"), "utf8"))).toEqual(file);
    expect(existsSync(at("known/kfold-refits.json"))).toBe(false);
  });

  it("leaves rows out at random, or by stratum: closed form", () => {
    const file: KfoldFile = JSON.parse(
      run(["kfold", at("known"), "--k", "2", "--stratify", "half", "--json"]),
    );
    for (const fold of [1, 2])
      expect(file.pointwise.fold.filter((own, row) => own === fold && row % 2 === 0)).toHaveLength(12);
    check(file);
  });

  it("stopped by Ctrl-C, goes on where it was, with the same result", async () => {
    for (const copy of ["whole", "stopped"]) cpSync(at("with"), at(copy), { recursive: true });
    const args = (copy: string): string[] => ["kfold", at(copy), "--k", "12", "--seed", "5", "--json"];
    const refits = at("stopped/kfold-refits.json");
    const child = spawn(process.execPath, commandLine(args("stopped")), {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    while (!existsSync(refits) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(stderr).toMatch(
      /stopped; what was fitted is kept, go on with: bridgewise kfold .* --k 12 --seed 5\n$/,
    );
    const { done } = JSON.parse(readFileSync(refits, "utf8"));
    expect(Object.keys(done).length).toBeGreaterThan(0);
    expect(Object.keys(done).length).toBeLessThan(12);
    // a density that is there is not computed anew
    done["fold 1"][0] -= 1;
    writeFileSync(refits, JSON.stringify({ ...JSON.parse(readFileSync(refits, "utf8")), done }));
    const [resumed, whole] = ["stopped", "whole"].map((copy): KfoldFile => JSON.parse(run(args(copy))));
    const different = resumed!.pointwise.elpd.flatMap((value, row) =>
      value === whole!.pointwise.elpd[row] ? [] : [value - whole!.pointwise.elpd[row]!],
    );
    expect(different).toHaveLength(1);
    expect(different[0]).toBeCloseTo(-1, 10);
  });
});

describe("a model of ordered categories with slopes and an offset", () => {
  it("predicts new groups worse than new rows of known ones, and both better than chance", () => {
    const numbers = randomStream(8, "ordered");
    const rows = Array.from({ length: 60 }, (_, row) => {
      const x = numbers.normal();
      const eta = 1.5 * x + Math.sin(row % 6) * (1 + x) + Math.log(numbers.uniform() / numbers.uniform());
      return `${eta < -1 ? 1 : eta < 1 ? 2 : 3},${x},g${row % 6}`;
    });
    writeFileSync(at("ordered.csv"), `r,x,g\n${rows.join("\n")}\n`);
    run([
      ...["fit", "r ~ x + (1 + x | g)", "--data", at("ordered.csv"), "--family", "cumulative"],
      ...["--out", at("ordered"), "--draws", "500", "--quiet"],
    ]);
    const { elpd_loo, pointwise } = looOf(at("ordered"));
    // three categories at random would score log(1 / 3) each
    expect(elpd_loo.estimate).toBeGreaterThan(60 * Math.log(1 / 3));
    expect(Math.max(...pointwise.elpd)).toBeLessThan(0);
    const by: KfoldFile = JSON.parse(run(["kfold", at("ordered"), "--k", "3", "--by", "g", "--json"]));
    expect(by.elpd_kfold.estimate).toBeLessThan(elpd_loo.estimate);
    expect(by.elpd_kfold.estimate).toBeGreaterThan(elpd_loo.estimate - 30);
    expect(by.p_kfold.estimate).toBeGreaterThan(0);
  });
});

describe("comparison of runs", () => {
  beforeAll(() => {
    fit("without", "y ~ 1");
    fit("x", "y ~ x");
  }, 60_000);

  it("is best first, with flags, by LOO that was kept or is computed", () => {
    looOf(at("with"), "--save");
    const { models, rows, method, caveats } = JSON.parse(
      run(["compare", at("x"), at("with"), at("without"), "--json"]),
    );
    expect([rows, method]).toEqual([ROWS, "loo"]);
    expect(models[0].model).toBe("with");
    expect(models[0]).toMatchObject({ elpd_diff: 0, se_diff: 0, p_worse: null, diag_diff: "" });
    expect(models[1].elpd_diff).toBeLessThan(0);
    expect(models[2].elpd_diff).toBeLessThanOrEqual(models[1].elpd_diff);
    expect(models[1].diag_diff).toBe("N < 100");
    expect(caveats.join()).toMatch(/N < 100/);
    const kept: LooFile = JSON.parse(readFileSync(at("with/loo.json"), "utf8"));
    expect(models[0].elpd_loo).toBe(kept.elpd_loo.estimate);
    // what another run left is not taken for this one's
    writeFileSync(at("with/loo.json"), JSON.stringify({ ...kept, run: "another" }));
    const doctored = kept.pointwise.elpd.map((value) => value - 100);
    writeFileSync(
      at("without/loo.json"),
      JSON.stringify({ ...kept, run: "another", pointwise: { ...kept.pointwise, elpd: doctored } }),
    );
    expect(JSON.parse(run(["compare", at("x"), at("with"), at("without"), "--json"])).models).toEqual(models);
  });

  it("by K-fold takes the same folds alone", () => {
    for (const name of ["with", "without"]) run(["kfold", at(name), "--k", "3", "--quiet"]);
    const { models, method } = JSON.parse(run(["compare", "--kfold", at("with"), at("without"), "--json"]));
    expect([method, models[0].model]).toEqual(["kfold", "with"]);
    run(["kfold", at("without"), "--k", "3", "--seed", "2", "--quiet"]);
    const { status, stderr } = bridgewise(["compare", "--kfold", at("with"), at("without")]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/left out in different folds; make them with the same --k/);
  });
});

describe("bad input is one line, status 2", () => {
  const bad = (...args: string[]): string => {
    const { status, stderr, stdout } = bridgewise(args);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^bridgewise: [^\n]+\n$/);
    expect(status).toBe(2);
    return stderr;
  };

  it("runs of other responses or rows", () => {
    fit("exp", "exp(y / 9) ~ 1");
    fit("half", "y ~ 1", ["--where", "half=odd"]);
    fit("shorter", "y ~ 1", ["--where", "half=even"]);
    expect(bad("compare", at("known"), at("exp"))).toMatch(/known' and '.*exp' have different responses/);
    expect(bad("compare", at("known"), at("half"))).toMatch(/have 48 and 24 rows.*--where/);
    expect(bad("compare", at("half"), at("shorter"))).toMatch(
      /row 1 is line 3 in one and line 2 in the other/,
    );
    expect(bad("compare", at("known"))).toMatch(/runs/);
  });

  it("groups without effects in the draws that cannot be drawn, and refits that are too many", () => {
    const rows = Array.from({ length: 240 }, (_, i) => {
      const u = 4 * Math.sin(i >> 1);
      return `${u + 0.3 * Math.cos(7 * i)},${u > 0 ? 1 : 0},p${i >> 1}`;
    });
    writeFileSync(at("pairs.csv"), `y,b,p\n${rows.join("\n")}\n`);
    for (const [name, family] of [
      ["y", "gaussian"],
      ["b", "bernoulli"],
    ] as const)
      run([
        ...["fit", `${name} ~ 1 + (1 | p)`, "--data", at("pairs.csv"), "--family", family],
        ...["--out", at(`pairs-${name}`), "--quiet"],
      ]);
    expect(bad("loo", at("pairs-b"))).toMatch(
      /no effects of 'p' \(120 levels\).*fit again with --effects all/,
    );
    run([
      ...["fit", "b ~ 1 + (1 | p)", "--data", at("pairs.csv"), "--family", "bernoulli", "--effects", "all"],
      ...["--out", at("pairs-all"), "--quiet"],
    ]);
    expect(looOf(at("pairs-all")).elpd_loo.estimate).toBeLessThan(0);
    const stdout = run(["loo", at("pairs-y")]);
    expect(stdout).toMatch(/Groups of 'p' have 2\.0 rows on average.*bridgewise kfold .* --k 10 --by p/);
    expect(bad("loo", at("pairs-y"), "--reloo")).toMatch(/--reloo would take \d+ fits.*--force.*kfold/);
  });

  it("a run of the prior alone", () => {
    fit("prior", "y ~ 1 + (1 | g)", ["--prior-only", ...KNOWN]);
    for (const command of ["loo", "kfold"])
      expect(bad(command, at("prior"))).toMatch(
        /the prior alone and has seen no data; fit without --prior-only/,
      );
  });

  it.each([
    ["a group that is none", ["kfold", "known", "--by", "h"], /--by names 'h'.*there are g, y, half, x/],
    ["more folds than groups", ["kfold", "known", "--by", "g", "--k", "13"], /number of groups, 12: 13/],
    ["both ways to form folds", ["kfold", "known", "--by", "g", "--stratify", "g"], /one of the two/],
    ["no threads", ["loo", "known", "--threads", "0"], /threads must be a whole number of at least 1: 0/],
    ["a flag that is not there", ["loo", "known", "--moment-match"], /moment-match/],
    ["no run", ["loo", "nowhere"], /nowhere: the run folder does not exist/],
    ["other data", ["loo", "known", "--data", "p.csv"], /is not the data that this fit was begun with/],
  ])("%s", (_, [command, name, ...rest], message) => {
    const args = rest.map((arg) => (arg === "p.csv" ? at(arg) : arg));
    expect(bad(command!, at(name!), ...args)).toMatch(message);
  });
});
