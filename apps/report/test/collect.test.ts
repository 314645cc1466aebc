import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluateHypotheses } from "@bridgewise/core";
import { readRunFolder, saveHypotheses } from "@bridgewise/core/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rankHistogram, worstMixing } from "../src/collect/ranks.ts";
import { collect, collectRun, reportRunFromFolder } from "../src/index.ts";
import { makeResults, writePlanOutput } from "./plan-output.ts";
import { makeDraws, writeJson, writeRun } from "./run-folders.ts";
import { makeRun } from "./runs.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "collect-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const VARIABLES = ["b_Intercept", "b_A", "sd_g__Intercept", "r_g[x,Intercept]"];

describe("a run folder", () => {
  it("is read variable by variable, without the effects of large groups", async () => {
    const { manifest, summary, diagnostics } = makeRun("all", {
      manifest: { groups: [{ name: "g", levels: 101 }], chains: 2 },
    });
    const read: number[] = [];
    let closed = 0;
    const run = await reportRunFromFolder({
      ...{ dir: join(dir, "all"), manifest, summary, diagnostics },
      openDraws: async () => ({
        variables: ["b_A", "r_g[x,Intercept]", "sigma"],
        read: async (v) => {
          read.push(v);
          return Float64Array.from({ length: 100 }, (_, i) => i);
        },
        close: async () => void closed++,
      }),
    });
    // all but the level for their densities, then the worst mixing ones for their ranks
    expect([read, closed]).toEqual([[0, 2, 0], 1]);
    expect(Object.keys(run.shapes)).toEqual(["b_A", "sigma"]);
    expect(Object.keys(run.summary.variables)).toEqual(["b_Intercept", "b_A", "b_B"]);
  });

  it("brings its hypotheses, checks and LOO where it has them, and says which file is damaged", async () => {
    const run = await writeRun(join(dir, "all"), makeDraws(VARIABLES));
    const bare = await reportRunFromFolder(await readRunFolder(run));
    expect(["hypotheses" in bare, "checks" in bare, "loo" in bare]).toEqual([false, false, false]);
    const table = await evaluateHypotheses(["b_A > 0"], makeDraws(VARIABLES));
    await saveHypotheses(run, table);
    const full = await reportRunFromFolder(await readRunFolder(run));
    expect(full.hypotheses).toEqual(table);

    writeJson(run, "checks.json", { rows: 3, draws: "many" });
    await expect(collectRun(run).then((collected) => collected.run())).rejects.toThrow(
      /checks\.json: 'draws' is "many", expected a whole number from 0 on; make it again with 'bridgewise check'/,
    );
  });

  it("has another key when anything in it changes, and the same when nothing does", async () => {
    const run = await writeRun(join(dir, "all"), makeDraws(VARIABLES));
    const { key } = await collectRun(run);
    expect((await collectRun(run)).key).toBe(key);
    writeJson(run, "hypotheses.json", await evaluateHypotheses(["b_A > 0"], makeDraws(VARIABLES)));
    const second = (await collectRun(run)).key;
    await writeRun(run, makeDraws(VARIABLES, 2, 50, 2));
    expect(new Set([key, second, (await collectRun(run)).key]).size).toBe(3);
  });
});

describe("rank histograms", () => {
  it("count the ranks of each chain among all draws", () => {
    // the first chain holds the lower half of all ranks
    const values = Float64Array.from({ length: 400 }, (_, i) => i);
    const [first, second] = rankHistogram(values, 2);
    expect(first).toEqual([...new Array(10).fill(20), ...new Array(10).fill(0)]);
    expect(second).toEqual([...new Array(10).fill(0), ...new Array(10).fill(20)]);
  });

  it("give ties their average rank, so that equal draws show no difference of chains", () => {
    expect(rankHistogram(new Float64Array(40).fill(3), 2).map((counts) => counts[10])).toEqual([20, 20]);
  });

  it("are made of the variables with the largest R-hat and the least ESS, and of no level", () => {
    const one = makeRun("all").summary.variables["b_A"]!;
    const summaries = {
      b_A: { ...one, rhat: 1.001, ess_bulk: 900 },
      b_B: { ...one, rhat: 1.2, ess_bulk: 50 },
      "r_g[x,Intercept]": { ...one, rhat: 3, ess_bulk: 4 },
      sigma: { ...one, rhat: 1.1, ess_bulk: 4000 },
      sd_g__Intercept: { ...one, rhat: 1, ess_bulk: 300 },
      b_fixed: { ...one, rhat: null, ess_bulk: null },
    };
    expect(worstMixing(summaries)).toEqual(["b_B", "sigma", "sd_g__Intercept", "b_A"]);
  });
});

describe("a plan's output", () => {
  const ids = ["1a-all", "1a-unguided"];
  const write = async (): Promise<string> => {
    writePlanOutput(dir, makeResults(ids));
    for (const id of ids) await writeRun(join(dir, "runs", id), makeDraws(VARIABLES));
    return dir;
  };

  it("brings its runs in the plan's order, what it found, the flow and the plan itself", async () => {
    await write();
    writeFileSync(join(dir, "plan.yaml"), "title: A plan\n");
    writeJson(join(dir, "table"), "flow.json", { steps: [], notes: ["a note"] });
    const extra = await writeRun(join(dir, "extra"), makeDraws(VARIABLES));
    const collected = await collect([dir, extra]);
    expect(collected.runs.map(({ id }) => id)).toEqual([...ids, "extra"]);
    expect(collected.results!.rows[0]!.ours.evidence_ratio).toBe("Inf");
    expect([collected.title, collected.plan, collected.flow!.notes]).toEqual([
      "A plan",
      "title: A plan\n",
      ["a note"],
    ]);
    expect(collected.overview).toBeUndefined();
  });

  it("is refused where it is damaged, of another version, incomplete, or there are two", async () => {
    await write();
    const results = JSON.parse(readFileSync(join(dir, "results.json"), "utf8"));
    await expect(collect([dir, dir])).rejects.toThrow("is the output of a plan, as");
    const damaged = structuredClone(results);
    damaged.rows[0].ours.evidence_ratio = "many";
    writeJson(dir, "results.json", damaged);
    await expect(collect([dir])).rejects.toThrow(
      `results.json: 'rows[0].ours.evidence_ratio' is "many", expected a finite number or "Inf"; run the plan again`,
    );
    writeJson(dir, "results.json", { ...results, format: "bridgewise-results/2" });
    await expect(collect([dir])).rejects.toThrow("'format' is \"bridgewise-results/2\"");
    writeJson(dir, "results.json", results);
    writeJson(dir, "overview.json", { format: "bridgewise-overview/1", simulated: "no" });
    await expect(collect([dir])).rejects.toThrow("overview.json: 'simulated' is \"no\"");
    rmSync(join(dir, "overview.json"));
    rmSync(join(dir, "runs", "1a-unguided"), { recursive: true });
    await expect(collect([dir])).rejects.toThrow("1a-unguided: the run folder does not exist");
  });
});
