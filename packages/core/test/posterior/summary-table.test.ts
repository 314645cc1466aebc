import { describe, expect, test } from "vitest";
import {
  type Draws,
  drawsSource,
  partOf,
  quantile,
  selectVariables,
  summarize,
  summarizeQuantiles,
  summaryTable,
} from "../../src/posterior/index.ts";
import { readLongDraws } from "./fixture.ts";

const draws = readLongDraws();
const size = draws.chains * draws.draws;

test.each([
  ["b_Intercept", { part: "population", label: "Intercept" }],
  ["b_x:y", { part: "population", label: "x:y" }],
  ["sd_a:b__Intercept", { part: "group", group: "a:b", label: "sd(Intercept)" }],
  ["sd_user_id__x", { part: "group", group: "user_id", label: "sd(x)" }],
  ["cor_g_h__Intercept__x", { part: "group", group: "g_h", label: "cor(Intercept,x)" }],
  ["r_a:b[k_1,Intercept]", { part: "level", group: "a:b", label: "[k_1,Intercept]" }],
  ["sigma", { part: "family", label: "sigma" }],
  ["lp__", { part: "other", label: "lp__" }],
  ["theta[1]", { part: "other", label: "theta[1]" }],
])("the part of %s", (name, part) => {
  expect(partOf(name)).toEqual(part);
});

describe("summary table", () => {
  test("is the summary with the quantiles that were asked for", async () => {
    const summaries = summarize(draws);
    const table = await summaryTable(drawsSource(draws));
    expect(table).toMatchObject({ chains: 4, draws: 250, probs: [0.025, 0.975], robust: false });
    expect(table.rows.map(({ variable }) => variable)).toEqual(draws.variables);
    const robust = await summaryTable(drawsSource(draws), { robust: true, probs: [0, 0.3] });
    draws.variables.forEach((name, v) => {
      const { mean, sd, median, mad, rhat, ess_bulk, ess_tail } = summaries[name]!;
      const x = draws.values.subarray(v * size, (v + 1) * size);
      const q = (p: number): number | null => {
        const value = quantile(x, p);
        return Number.isFinite(value) ? value : null;
      };
      expect(table.rows[v]).toMatchObject({
        estimate: mean,
        est_error: sd,
        lower: q(0.025),
        upper: q(0.975),
        rhat,
        ess_bulk,
        ess_tail,
      });
      expect(robust.rows[v]).toMatchObject({ estimate: median, est_error: mad, lower: q(0), upper: q(0.3) });
    });
    expect(table.warnings[0]).toMatch(
      /'missing' has draws that are missing or infinite \(2 of 12 variables\)/,
    );
  });

  const small: Draws = {
    variables: ["r_g[a,x]", "b_x", "r_g[b,x]", "b_y"],
    chains: 1,
    draws: 8,
    values: Float64Array.from({ length: 32 }, (_, i) => Math.sin(i) + Math.floor(i / 8)),
  };

  test("single levels only where asked for, or where there is nothing else", async () => {
    const names = async (of: Draws, variables: string[] = []): Promise<string[]> =>
      (await summaryTable(drawsSource(of), { variables })).rows.map(({ variable }) => variable);
    expect(await names(small)).toEqual(["b_x", "b_y"]);
    expect(await names(small, ["r_g[*,x]", "b_y"])).toEqual(["r_g[a,x]", "r_g[b,x]", "b_y"]);
    const levels = { ...small, variables: ["r_g[a,x]", "r_g[b,x]", "r_g[c,x]", "r_g[d,x]"] };
    expect((await names(levels)).length).toBe(4);
    await expect(names(small, ["b_?", "z"])).rejects.toThrow("no variable matches 'z'");
  });

  test("probabilities must rise; progress is told", async () => {
    await expect(summaryTable(drawsSource(small), { probs: [0.9, 0.1] })).rejects.toThrow(RangeError);
    await expect(summaryTable(drawsSource(small), { probs: [0, Number.NaN] })).rejects.toThrow(RangeError);
    const told: string[] = [];
    await summaryTable(drawsSource(small), { each: (done, total) => told.push(`${done}/${total}`) });
    expect(told).toEqual(["1/2", "2/2"]);
  });
});

test("some variables of a source", async () => {
  const part = selectVariables(drawsSource(draws), [3, 1]);
  expect(part.variables).toEqual([draws.variables[3], draws.variables[1]]);
  expect(await part.read(1)).toEqual(draws.values.slice(size, 2 * size));
  const { [draws.variables[1]!]: summary } = await summarizeQuantiles(part, [0.5]);
  expect(summary!.quantiles).toEqual([summary!.median]);
});
