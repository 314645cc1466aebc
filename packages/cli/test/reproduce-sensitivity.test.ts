import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanResults, RunManifest, SensitivityRow } from "@bridgewise/core";
import { readPlanOutput } from "@bridgewise/core/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quickPlan, readJson, wellDone } from "./quick-plan.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-sensitivity-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const out = join(dir, "out");

describe("what --sensitivity adds", () => {
  let results: PlanResults;
  beforeAll(async () => {
    const { prism, scores, plan } = quickPlan(dir);
    wellDone([
      ...["reproduce", "--prism", prism, "--scores", scores, "--plan", plan, "--out", out, "--quiet"],
      ...["--only", "1a-ties,priors,without-model,noise"],
    ]);
    results = (await readPlanOutput(out)).results;
  }, 600_000);

  const rowsOf = (kind: SensitivityRow["variation"]["kind"], base: string): SensitivityRow[] =>
    results.sensitivity.filter(({ variation }) => variation.kind === kind && variation.base === base);
  const labels = (rows: readonly SensitivityRow[]): Set<string> =>
    new Set(rows.map(({ variation }) => variation.label));

  it.each(["1a-all", "1b-all"])("is %s with other priors, without each model, and with noise", (base) => {
    expect(labels(rowsOf("priors", base))).toEqual(
      new Set(["b ~ normal(0, 1)", "b ~ student_t(3, 0, 2.5)", "b ~ normal(0, 0.3)"]),
    );
    expect(labels(rowsOf("leave-one-out", base)).size).toBe(21);
    expect(labels(rowsOf("noise", base)).size).toBe(9);
    for (const kind of ["priors", "leave-one-out", "noise"] as const) {
      const rows = rowsOf(kind, base);
      expect(rows).toHaveLength(7 * labels(rows).size);
      const unvaried = new Map(
        results.rows.filter(({ fit }) => fit === base).map(({ term, ours }) => [term, ours]),
      );
      for (const row of rows) {
        const { estimate, est_error } = unvaried.get(row.term)!;
        expect(row.base).toEqual({ estimate, est_error });
        expect(row.attenuation).toBe(kind === "noise" ? row.ours.estimate / estimate : null);
      }
    }
  });

  it("is ties kept, beside the choice at random", () => {
    expect(rowsOf("ties", "1a-all")).toHaveLength(7);
  });

  it("shows attenuation: the more noise, the nearer to 0 is a coefficient", () => {
    const mean = (sd: number): number => {
      const found = rowsOf("noise", "1b-all").filter(
        ({ term, variation }) => term === "REASONING_NUANCE" && variation.value === sd,
      );
      expect(found).toHaveLength(3);
      return found.reduce((sum, { attenuation }) => sum + attenuation!, 0) / 3;
    };
    const [little, some, much] = [mean(0.02), mean(0.05), mean(0.1)];
    expect(little).toBeLessThan(1.02);
    expect(some).toBeLessThan(little);
    expect(much).toBeLessThan(some);
    expect(much).toBeGreaterThan(0.5);
  });

  it("leaves each model's rows out", () => {
    const rows = new Map(results.fits.map(({ id, rows: count }) => [id, count]));
    const without = results.fits.filter(
      ({ variation }) => variation?.kind === "leave-one-out" && variation.base === "1b-all",
    );
    const left = without.reduce((sum, fit) => sum + rows.get("1b-all")! - fit.rows, 0);
    expect(left).toBe(rows.get("1b-all"));
  });

  it("knows true values where what is varied leaves them true, and not with noise in the attributes", () => {
    for (const { id, variation } of results.fits) {
      const { truth } = readJson<RunManifest>(out, "runs", id, "manifest.json");
      expect(truth === undefined, id).toBe(variation?.kind === "noise" || variation?.kind === "ties");
    }
    // of the two that are not varied alone
    expect(results.recovery?.count).toBe(11 + 12);
  });

  it("stays out of the tables and their count of hypotheses", () => {
    const { rows } = readJson<{ rows: { fit: string }[] }>(out, "tables.json");
    expect(new Set(rows.map(({ fit }) => fit))).toEqual(new Set(["1a-all", "1b-all", "1a-ties"]));
    expect(results.multiplicity.hypotheses).toBe(21);
  });
});
