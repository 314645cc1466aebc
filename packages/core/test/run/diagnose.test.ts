import { describe, expect, test } from "vitest";
import { diagnose, type VariableSummary, warningsOfDraws } from "../../src/run/index.ts";

const sound: VariableSummary = {
  mean: 0,
  median: 0,
  sd: 1,
  mad: 1,
  q5: -1.6,
  q95: 1.6,
  rhat: 1.001,
  ess_bulk: 1500,
  ess_tail: 1200,
  mcse_mean: 0.03,
};
const rest = {
  divergences: 0,
  stepSize: 0.3,
  acceptance: 0.82,
  gradientsPerDraw: 3.5,
  chains: 4,
  drawsPerChain: 1000,
};
const warningsOf = (
  summaries: Record<string, VariableSummary>,
  more: Partial<typeof rest> = {},
): readonly string[] => diagnose({ ...rest, ...more, summaries }).warnings;

describe("diagnose", () => {
  test("a sound run: extremes are named, nothing is warned of", () => {
    const summaries = {
      b_Intercept: sound,
      b_x: { ...sound, rhat: 1.004, ess_tail: 900 },
      sigma: { ...sound, ess_bulk: 401 },
      fixed: { ...sound, sd: 0, rhat: null, ess_bulk: null, ess_tail: null, mcse_mean: null },
    };
    expect(diagnose({ ...rest, summaries })).toEqual({
      divergences: 0,
      step_size: 0.3,
      acceptance: 0.82,
      gradients_per_draw: 3.5,
      max_rhat: { variable: "b_x", value: 1.004 },
      min_ess_bulk: { variable: "sigma", value: 401 },
      min_ess_tail: { variable: "b_x", value: 900 },
      warnings: [
        "All draws of 'fixed' are the same (1 of 4 variables), so it has no R-hat and no ESS: leave it out of tables if the model fixes it; if not, do not use these draws and lengthen the warm-up.",
      ],
    });
  });

  test("E-BFMI below 0.3 in a chain; at 0.3 it is no fault", () => {
    const input = { ...rest, summaries: { a: sound } };
    const fine = diagnose({ ...input, ebfmi: [0.3, 1.1] });
    expect([fine.ebfmi, fine.warnings]).toEqual([[0.3, 1.1], []]);
    expect(diagnose({ ...input, ebfmi: [0.2999, 1, 0.1234, 0.9] }).warnings).toEqual([
      "E-BFMI is below 0.3 in 2 of 4 chains (least 0.12), so the chains move slowly through the posterior's tails: take more draws and look at the tail ESS, or narrow the priors of the group standard deviations.",
    ]);
    expect("ebfmi" in diagnose(input)).toBe(false);
  });

  test("draws alone have the same sentences", () => {
    const summaries = { a: { ...sound, rhat: 1.2, ess_bulk: 20 }, b: { ...sound, mean: null } };
    const all = diagnose({ ...rest, divergences: 3, ebfmi: [0.1], summaries }).warnings;
    expect(warningsOfDraws(summaries, 4, 1000)).toEqual(all.filter((text) => !/diverged|E-BFMI/.test(text)));
    expect(all.length).toBe(5);
  });

  test("no variables at all", () => {
    expect(diagnose({ ...rest, summaries: {} })).toMatchObject({
      max_rhat: null,
      min_ess_bulk: null,
      warnings: [],
    });
  });

  test("limits are not faults, the least step beyond them is", () => {
    const at = { ...sound, rhat: 1.01, ess_bulk: 400, ess_tail: 400 };
    expect(warningsOf({ a: at })).toEqual([]);
    expect(warningsOf({ a: { ...at, rhat: 1.010001 } })).toEqual([
      "The chains have not mixed fully, R-hat of 'a' is 1.01000 (1 of 1 variables above 1.01): take more draws before you report these results.",
    ]);
    expect(warningsOf({ a: { ...at, rhat: 1.05 } })[0]).toContain("not mixed fully");
    expect(warningsOf({ a: { ...at, rhat: 1.0501 } })[0]).toContain("chains disagree");
    expect(warningsOf({ a: { ...at, ess_bulk: 399.99 } })[0]).toContain("Bulk ESS of 'a' is 399, below 400");
    expect(warningsOf({ a: { ...at, ess_tail: 399.99 } })[0]).toContain("Tail ESS of 'a' is 399, below 400");
  });

  test("each fault has its figures, its variable and the way out", () => {
    const warnings = warningsOf(
      {
        good: sound,
        b_x: { ...sound, rhat: 1.06 },
        "r_item[a,Intercept]": { ...sound, rhat: 1.234, ess_bulk: 57.6, ess_tail: 300 },
        sigma: { ...sound, ess_bulk: 200, ess_tail: 80 },
        still: { ...sound, rhat: null },
        broken: { ...sound, mean: null, sd: null, rhat: null, ess_tail: null },
      },
      { divergences: 12 },
    );
    expect(warnings).toEqual([
      "'broken' has draws that are missing or infinite (1 of 6 variables): do not use them; look for extreme values in the data and narrow the priors.",
      "12 of 4,000 transitions after warm-up diverged (0.3%), so the draws may miss a part of the posterior: lengthen the warm-up (steps get smaller while transitions diverge), or narrow the priors of the group standard deviations.",
      "R-hat of 'still' is not defined although its draws differ (1 of 6 variables), as where every chain stands still at a value of its own: do not use these draws; lengthen the warm-up.",
      "The chains disagree, R-hat of 'r_item[a,Intercept]' is 1.23 (2 of 6 variables above 1.05): do not use these draws; lengthen the warm-up, or narrow the priors.",
      "Bulk ESS of 'r_item[a,Intercept]' is 57, below 400 (100 for each of 4 chains; 2 of 6 variables), so its means and medians are not reliable: take about 7,000 draws a chain instead of 1,000.",
      "Tail ESS of 'sigma' is 80, below 400 (100 for each of 4 chains; 2 of 6 variables), so its intervals and standard deviations are not reliable: take about 5,000 draws a chain instead of 1,000.",
    ]);
    for (const warning of warnings) expect(warning).not.toMatch(/NaN|undefined|null|Infinity|\n/);
  });

  test("one divergence of a million is not rounded to none", () => {
    expect(warningsOf({}, { divergences: 1, drawsPerChain: 250_000 })[0]).toContain(
      "1 of 1,000,000 transitions after warm-up diverged (less than 0.1%)",
    );
  });

  test("too few draws for any diagnostic", () => {
    const undefinedDiagnostics = { ...sound, rhat: null, ess_bulk: null, ess_tail: null, mcse_mean: null };
    expect(warningsOf({ a: undefinedDiagnostics }, { drawsPerChain: 5 })).toEqual([
      "5 draws a chain are too few for R-hat and effective sample sizes: take at least 6, or 1,000 to report results.",
    ]);
  });
});
