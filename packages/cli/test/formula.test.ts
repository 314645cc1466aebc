import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bridgewise, fixture } from "./command.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-formula-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const data = fixture("model-matrix/data.csv");

function fit(formula: string, family: string, more: readonly string[] = [], file = data) {
  const out = join(dir, `run${++count}`);
  const small = ["--warmup", "60", "--draws", "40", "--chains", "2", "--quiet"];
  const done = bridgewise([
    "fit",
    formula,
    "--data",
    file,
    "--family",
    family,
    "--out",
    out,
    ...small,
    ...more,
  ]);
  const json = (name: string) => JSON.parse(readFileSync(join(out, name), "utf8"));
  return {
    ...done,
    manifest: () => json("manifest.json"),
    variables: () => Object.keys(json("summary.json").variables),
  };
}
let count = 0;

describe("a formula that is wrong", () => {
  it("is shown under the message, with a caret", () => {
    const { status, stderr } = fit("y ~ x + lgo(z)", "gaussian");
    expect(stderr).toMatch(
      /^bridgewise: formula, position 9: no function lgo\(\)[^\n]*\n {2}y ~ x \+ lgo\(z\)\n {10}\^\n$/,
    );
    expect(status).toBe(2);
  });
});

describe("families by brms's names and ours", () => {
  it.each([
    ["y ~ x + (1 + x | g)", "student", [], ["sd_g__x", "cor_g__Intercept__x", "sigma", "nu", "r_g[g1,x]"]],
    ["share ~ x", "Beta", [], ["b_Intercept", "b_x", "phi"]],
    [
      "count | trials(n) ~ f + (1 | g)",
      "binomial",
      ["--contrasts", "f=sum"],
      ["b_f1", "b_f2", "sd_g__Intercept"],
    ],
    ["f ~ x", "cumulative", ["--levels", "f=c,a,b"], ["b_Intercept[1]", "b_Intercept[2]", "b_x"]],
  ])("%s, %s", (formula, family, more, names) => {
    const { status, stderr, variables } = fit(formula, family, more);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(variables()).toEqual(expect.arrayContaining(names));
  });
});

describe("what else decides a fit", () => {
  it("is in the manifest, from which the model is built anew", () => {
    const more = ["--contrasts", "sum", "--levels", "f=c,a,b"];
    const { status, manifest } = fit("y ~ f + (1 | g)", "gaussian", more);
    expect(status).toBe(0);
    expect(manifest()).toMatchObject({ contrasts: { f: "sum" }, data: { levels: { f: ["c", "a", "b"] } } });
    const loo = bridgewise(["loo", join(dir, `run${count}`), "--json"]);
    expect(loo.stderr).toBe("");
    expect(loo.status).toBe(0);
  });

  it("--effects keeps those of all groups or of none; it changes the hash", () => {
    const [auto, none] = [
      fit("y ~ x + (1 | g)", "gaussian"),
      fit("y ~ x + (1 | g)", "gaussian", ["--effects", "none"]),
    ];
    expect(auto.variables().filter((name) => name.startsWith("r_"))).toHaveLength(4);
    expect(none.variables()).toEqual(["b_Intercept", "b_x", "sd_g__Intercept", "sigma"]);
    expect(auto.manifest().hash).not.toBe(none.manifest().hash);

    const rows = Array.from({ length: 240 }, (_, i) => `${(i * 7919) % 101},g${i % 120}`);
    const many = join(dir, "many.csv");
    writeFileSync(many, `y,g\n${rows.join("\n")}\n`);
    const effects = (...more: string[]): number =>
      fit("y ~ 1 + (1 | g)", "gaussian", more, many)
        .variables()
        .filter((name) => name.startsWith("r_")).length;
    expect(effects()).toBe(0);
    expect(effects("--effects", "all")).toBe(120);
  });

  it("--prior-only samples the prior, and needs a proper one", () => {
    const improper = fit("y ~ x", "gaussian", ["--prior-only"]);
    expect(improper.stderr).toMatch(/^bridgewise: prior: .*b_x has a flat prior; .*'b ~ normal\(0, 1\)'\n$/);
    expect(improper.status).toBe(2);
    const { status, manifest } = fit("y ~ x", "gaussian", ["--prior-only", "--prior", "b ~ normal(0, 1)"]);
    expect(status).toBe(0);
    expect(manifest().prior_only).toBe(true);
  });

  it.each([
    ["--contrasts", "helmert", /--contrasts knows treatment and sum, found 'helmert'/],
    ["--contrasts", "x=sum", /contrasts: the formula has no factor 'x'; its factors are f/],
    ["--levels", "f", /--levels has the form COLUMN=A,B,C: 'f'/],
    ["--levels", "f=a,b", /'c' is none of the declared levels \(a, b\)/],
  ])("%s %s", (flag, value, message) => {
    const { status, stderr } = fit("y ~ x + f", "gaussian", [flag, value]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});

describe("bridgewise priors", () => {
  const priors = (...more: string[]) =>
    bridgewise(["priors", "rating ~ x + (1 + x | g)", "--data", data, "--family", "cumulative", ...more]);

  it("lists what brms lists, with what was overruled marked", () => {
    const { status, stdout } = priors("--prior", "Intercept[2] ~ normal(0, 1)");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^prior +class +coef +group +lb +source\n/);
    expect(stdout).toMatch(/\nnormal\(0, 1\) +Intercept +2 +user\n/);
    expect(stdout).toMatch(/\nlkj\(1\) +cor +g +\(vectorized\)\n/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("--json prints brms's columns, nothing else", () => {
    const rows = JSON.parse(priors("--json").stdout) as Record<string, string>[];
    expect(Object.keys(rows[0]!)).toEqual([
      "prior",
      "class",
      "coef",
      "group",
      "resp",
      "dpar",
      "nlpar",
      "lb",
      "ub",
      "source",
    ]);
    expect(rows).toHaveLength(13);
  });

  it("a prior of what is not there lists what is", () => {
    const { status, stderr, stdout } = priors("--prior", "sigma ~ exponential(1)");
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /a cumulative model has no sigma; its parameters are Intercept\[1\], .*b\[x\], sd\[g,Intercept\]/,
    );
    expect(status).toBe(2);
  });
});
