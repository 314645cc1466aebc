import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlanResults, PlanTables, RunManifest, RunSummary, TableRow } from "@bridgewise/core";
import { readPlanOutput } from "@bridgewise/core/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bridgewise, fixture } from "./command.ts";
import { changeFile, quickPlan, readJson, wellDone } from "./quick-plan.ts";

const dir = mkdtempSync(join(tmpdir(), "bridgewise-reproduce-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const out = join(dir, "out");

let args: (to: string, ...more: string[]) => string[];
let plan: string;
beforeAll(() => {
  const files = quickPlan(dir);
  plan = files.plan;
  args = (to, ...more) => [
    ...["reproduce", "--prism", files.prism, "--scores", files.scores],
    ...["--plan", plan, "--out", to, ...more],
  ];
});

const results = (of = out): PlanResults => readJson(of, "results.json");
const tables = (of = out): PlanTables => readJson(of, "tables.json");
/** Ids of the fits that were made now, not found. */
const made = (of = out): string[] => results(of).fits.flatMap(({ id, cached }) => (cached ? [] : [id]));

describe("the whole plan", () => {
  let ran: ReturnType<typeof bridgewise>;
  beforeAll(() => {
    ran = bridgewise(args(out));
  }, 600_000);

  it("ends well and says what it found, as plain lines where it is piped", () => {
    const { status, stdout, stderr } = ran;
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/^reproduce: 29 fits, about /);
    expect(stderr.match(/^\[ ?\d+\/29\] \S+ .* left$/gm)).toHaveLength(29);
    // no escapes, no lines that are written anew
    for (const control of ["\r", "\x1b"]) expect(stdout + stderr).not.toContain(control);
    expect(stdout).toContain("SIMULATED data: nothing here says anything about people or models.");
    expect(stdout).toMatch(/^Beside 134 published rows: \d+ differs? by more than 3/m);
    expect(stdout).toContain(`Report: ${join(out, "report", "index.html")}`);
    for (const line of stdout.split("\n"))
      if (!line.startsWith("Re")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("leaves the table, every run, results and the report in its folder", async () => {
    for (const file of ["table/table.csv", "table/flow.json", "plan.yaml", "paper.published.json"])
      expect(existsSync(join(out, file)), file).toBe(true);
    expect(readFileSync(join(out, "report/index.html"), "utf8")).toContain("SIMULATED");
    const output = await readPlanOutput(out);
    expect(output.plan).toBe(readFileSync(plan, "utf8"));
    expect(output.overview?.attributes.length).toBeGreaterThan(0);
    expect(output.results.fits).toHaveLength(29);
    for (const { id, run } of output.results.fits)
      for (const file of ["manifest.json", "summary.json", "draws.arrow", "hypotheses.json", "checks.json"])
        expect(existsSync(join(out, run, file)), `${id} ${file}`).toBe(true);
    expect(existsSync(join(out, "runs/1b-all/loo.json"))).toBe(true);
    expect(existsSync(join(out, "runs/1a-all/loo.json"))).toBe(false);
  });

  it("puts ours beside each of the 134 published rows, of which none is changed", () => {
    type Row = Record<string, unknown>;
    const paper = readJson<Record<"table2" | "table3" | "table4", Row[]>>(fixture("paper/paper-tables.json"));
    const published = [...paper.table2, ...paper.table3, ...paper.table4];
    expect(published).toHaveLength(134);
    const beside = tables().rows.filter((row) => row.published !== null);
    expect(beside).toHaveLength(134);
    const keyOf = (row: Row): string =>
      ["term", "direction", "estimate", "est_error", "ci_lower", "ci_upper", "evidence_ratio", "post_prob"]
        .map((key) => row[key])
        .join(" ");
    expect(beside.map((row) => keyOf({ ...row.published })).sort()).toEqual(published.map(keyOf).sort());
  });

  it("keeps the contract of tables.json", () => {
    const { rows } = tables();
    expect(Object.keys(tables())).toEqual(["rows"]);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(
        expect.arrayContaining(["analysis", "conversation_type", "term", "direction", "published", "ours"]),
      );
      const { estimate, ci_lower, ci_upper, evidence_ratio, post_prob, star, draws } = row.ours;
      expect(ci_lower).toBeLessThan(estimate);
      expect(ci_upper).toBeGreaterThan(estimate);
      expect(draws).toBe(200);
      // the ratio, the probability and the mark are one thing, counted in draws
      const ratio = evidence_ratio === "Inf" ? Number.POSITIVE_INFINITY : evidence_ratio!;
      expect(post_prob).toBeCloseTo(ratio === Number.POSITIVE_INFINITY ? 1 : ratio / (1 + ratio), 12);
      expect(star).toBe(ratio > 100 ? "*" : ratio > 10 ? "†" : "");
    }
    expect(results().rows).toEqual(rows);
  });

  it("explains exactly the rows that differ by more than 3 combined standard errors, and shows it", () => {
    const marked = tables().rows.filter((row) => row.explanation !== null);
    const differing = tables().rows.filter((row) => Math.abs(differenceOf(row) ?? 0) > 3);
    expect(marked).toEqual(differing);
    expect(marked.length).toBeGreaterThan(0);
    const [furthest] = marked.toSorted((a, b) => Math.abs(b.difference_se!) - Math.abs(a.difference_se!));
    const { term, fit, explanation } = furthest!;
    expect(explanation).toContain("The data are simulated");
    // broken into lines at spaces
    expect(ran.stdout.replace(/\n/g, " ")).toContain(`${term} in ${fit}: ${explanation}`);
  });

  it("counts the true values in the intervals of every fit that has some, and of no other", () => {
    const { recovery } = results();
    // 1a 4 x 11, 1b 4 x 12, the interaction 20, 2 12 + 30, 3 7 x 8
    expect(recovery?.count).toBe(44 + 48 + 20 + 42 + 56);
    const inside = results().fits.map(({ run }) => {
      const { truth = {} } = readJson<RunManifest>(out, run, "manifest.json");
      const { variables } = readJson<RunSummary>(out, run, "summary.json");
      return Object.entries(truth).filter(([name, value]) => {
        const found = variables[name];
        return found !== undefined && found.q5! <= value && value <= found.q95!;
      }).length;
    });
    expect(recovery?.inside).toBe(inside.reduce((a, b) => a + b));
    expect(ran.stdout.replace(/\n/g, " ")).toContain(`hold the simulated truth: ${recovery?.inside} of 210`);
  });

  it("holds the model's effect against its absence, beside what was published", () => {
    const [comparison] = results().comparisons;
    expect(comparison).toMatchObject({ id: "model-effect", fits: ["1b-all", "1b-no-model"] });
    expect(comparison!.published).toEqual({ elpd_diff: 504.9, se_diff: 30.5 });
    // an sd of 0.15 beside a residual of 0.35 over 1,500 rows
    expect(comparison!.elpd_diff).toBeGreaterThan(3 * comparison!.se_diff);
  });

  it("records every phase that the terminal shows", () => {
    const { phases } = results();
    expect(phases.map(({ phase }) => phase)).toEqual([
      "table",
      "reading",
      "fits, leave-one-out and checks",
      "comparisons and tables",
      "report",
    ]);
    for (const { phase } of phases) expect(ran.stdout.replace(/\n/g, " ")).toContain(phase);
  });

  it("does nothing again where nothing has changed", () => {
    const before = results();
    expect(made()).toHaveLength(29);
    const createdOf = (): string => readJson<RunManifest>(out, "runs/2/manifest.json").created;
    const created = createdOf();
    const stdout = wellDone(args(out, "--quiet"));
    expect(stdout).toBe("");
    expect(made()).toEqual([]);
    expect(createdOf()).toBe(created);
    expect(results().rows).toEqual(before.rows);
    expect(results().fits.map(({ cached: _, ...fit }) => fit)).toEqual(
      before.fits.map(({ cached: _, ...fit }) => fit),
    );
  });

  it("prints the results as JSON and nothing else", () => {
    const { rows, ...printed } = JSON.parse(wellDone(args(out, "--json"))) as PlanResults;
    expect({ rows, ...printed }).toEqual(results());
    expect(rows).toHaveLength(224);
  });

  it("fits again only what a changed plan changes", () => {
    const before = tables().rows;
    const text = readFileSync(plan, "utf8");
    // other priors of one analysis, and another hypothesis of a second, whose draws are the same
    changeFile(plan, (text) =>
      text
        .replace('    formula: "{dv} ~', '    priors: ["b ~ normal(0, 2)"]\n    formula: "{dv} ~')
        .replace("- NUANCE_detrended > 0", "- NUANCE_detrended < 0"),
    );
    wellDone(args(out, "--quiet"));
    expect(made().sort()).toEqual(
      results()
        .fits.filter(({ analysis }) => analysis === "3")
        .map(({ id }) => id)
        .sort(),
    );
    const turned = (rows: readonly TableRow[]): TableRow =>
      rows.find(({ fit, term }) => fit === "1a-nuance-detrended" && term === "NUANCE_detrended")!;
    expect(turned(tables().rows).direction).toBe("<");
    expect(turned(tables().rows).ours.post_prob).toBeCloseTo(1 - turned(before).ours.post_prob, 12);
    // and back
    changeFile(plan, () => text);
    wellDone(args(out, "--quiet"));
    expect(made()).toHaveLength(7);
    expect(tables().rows).toEqual(before);
  });
});

function differenceOf({ ours, published }: TableRow): number | null {
  if (published === null) return null;
  return (ours.estimate - published.estimate) / Math.hypot(ours.est_error, published.est_error);
}

describe("a part of the plan", () => {
  it("is the analyses and fits that --only names, with the same draws on one thread", () => {
    const part = join(dir, "part");
    wellDone(args(part, "--only", "1a,3-TOXICITY", "--threads", "1", "--quiet"));
    expect(results(part).fits.map(({ id }) => id)).toEqual([
      ...["1a-all", "1a-unguided", "1a-value-guided", "1a-controversy-guided", "3-TOXICITY"],
    ]);
    const whole = new Map(tables().rows.map((row) => [`${row.fit} ${row.term}`, row]));
    const rows = tables(part).rows;
    expect(rows).toHaveLength(35);
    for (const row of rows) expect(row).toEqual(whole.get(`${row.fit} ${row.term}`));
    expect(readFileSync(join(part, "runs/1a-all/draws.arrow"))).toEqual(
      readFileSync(join(out, "runs/1a-all/draws.arrow")),
    );
  });
});
