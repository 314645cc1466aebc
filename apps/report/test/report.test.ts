import { describe, expect, it } from "vitest";
import { coefficientsOf, levelsOf } from "../src/figures/levels.ts";
import { decimals, fixed } from "../src/rounding.ts";
import {
  coverage,
  coverageSentence,
  panelHeadline,
  panelsOf,
  reportTitle,
  scaleName,
  termSentences,
  verdict,
} from "../src/sentences.ts";
import { shapeOf } from "../src/shape.ts";
import { makeResults } from "./plan-output.ts";
import { makeRun } from "./runs.ts";

describe("sentences", () => {
  it("say which coefficients are clear of 0, from the numbers", () => {
    const run = makeRun("all");
    const [panel] = panelsOf([run]);
    expect(panelHeadline(panel!)).toBe("highest rises with A");
    expect(termSentences(panel!, run).map(({ text, clear }) => [text, clear])).toEqual([
      ["With A, highest rises by 1.10 in log-odds (90% interval 0.94 to 1.26).", true],
      [
        "Whether highest rises or falls with B is not clear: \u22120.02 in log-odds (90% interval \u22120.18 to 0.14).",
        false,
      ],
    ]);
  });

  it("turn with the sign, and have the digits of the interval", () => {
    const { variables } = makeRun("all").summary;
    const small = { ...variables["b_A"]!, median: -0.0123, q5: -0.0141, q95: -0.0105 };
    const run = makeRun("all", {
      manifest: { family: "gaussian" },
      variables: { b_A: small, b_B: variables["b_B"]! },
    });
    const [panel] = panelsOf([run]);
    expect(panelHeadline(panel!)).toBe("highest falls with A");
    expect(termSentences(panel!, run)[0]!.text).toBe(
      "With A, highest falls by 0.0123 (90% interval \u22120.0141 to \u22120.0105).",
    );
    const both = makeRun("all", { variables: { b_A: variables["b_A"]!, b_B: small } });
    expect(panelHeadline(panelsOf([both])[0]!)).toBe("highest rises with A, and falls with B");
    const none = makeRun("all", { variables: { b_B: variables["b_B"]! } });
    expect(panelHeadline(panelsOf([none])[0]!)).toBe("highest: no coefficient is clear of 0");
  });

  it("count the truths inside their 90% intervals", () => {
    const runs = [makeRun("all")];
    expect(coverage(runs)).toEqual({ inside: 1, count: 2 });
    expect(coverageSentence({ runs })).toBe(
      "The 90% intervals hold the simulated truth of 1 of 2 parameters (50%).",
    );
    // a plan knows which of its fits have a truth
    const results = { ...makeResults(["all"]), recovery: { inside: 3, count: 4 } };
    expect(coverageSentence({ runs, results })).toContain("3 of 4 parameters (75%)");
    expect(coverageSentence({ runs, results: { ...results, recovery: null } })).toBe("");
  });

  it("put fits of one response and family in one panel", () => {
    const gaussian = makeRun("all", { manifest: { formula: "log_score ~ A", family: "gaussian" } });
    expect(
      panelsOf([makeRun("all"), gaussian, makeRun("unguided")]).map((p) => [p.response, p.runs.length]),
    ).toEqual([
      ["highest", 2],
      ["log_score", 1],
    ]);
  });

  it("show the scalars of another program's draws", () => {
    const { summary } = makeRun("all");
    const v = summary.variables["b_A"]!;
    const imported = { format: "stan-csv", files: [], sampler: [] };
    const [panel] = panelsOf([
      makeRun("stan", {
        manifest: { formula: "(imported)", family: "(imported)", imported },
        variables: { mu: v, "theta[1]": v },
      }),
    ]);
    expect(panel!.terms).toEqual(["mu"]);
    expect(panelHeadline(panel!)).toBe("Clear of 0 is mu");
    expect(termSentences(panel!, panel!.runs[0]!)[0]!.text).toBe("mu is 1.10 (90% interval 0.94 to 1.26).");
    expect(verdict(panel!.runs)).toContain("divergences are not known");
    expect(panelsOf([makeRun("all")])[0]!.terms).toEqual(["b_A", "b_B"]);
  });

  it("name a report after its responses", () => {
    const of = (...formulas: string[]) =>
      reportTitle(formulas.map((formula) => makeRun("all", { manifest: { formula } })));
    expect(of("y ~ A", "y ~ A + B")).toBe("What y depends on");
    expect(of("y | trials(n) ~ A", "z ~ B")).toBe("What y and z depend on");
    expect(of("a ~ 1", "b ~ 1", "c ~ 1", "d ~ 1")).toBe("What 4 responses depend on");
    const imported = { format: "stan-csv", files: [], sampler: [] };
    expect(reportTitle([makeRun("stan", { manifest: { imported } })])).toBe("Draws and what they say");
  });

  it("do not call a fit with warnings good", () => {
    expect(verdict([makeRun("all")])).toContain("mixed well");
    expect(verdict([makeRun("all"), makeRun("b", { warnings: ["R-hat is 1.2"] })])).toBe(
      "1 of 2 fits needs a look: its warnings are listed with the diagnostics.",
    );
  });
});

describe("numbers", () => {
  it("have the decimals that the Monte Carlo error supports", () => {
    const { summary } = makeRun("all");
    expect(decimals({ ...summary.variables["b_A"]!, mcse_mean: 0.002 })).toBe(3);
    expect(decimals({ ...summary.variables["b_A"]!, mcse_mean: 0.4 })).toBe(2);
    expect(fixed(-0.0004, 2)).toBe("0.00");
    expect(fixed(-1.5, 2)).toBe("\u22121.50");
    expect(fixed(null, 2)).toBe("–");
  });
});

describe("densities", () => {
  it("have their peak at the mode and their quartiles where they belong", () => {
    const values = Float64Array.from({ length: 4001 }, (_, i) => Math.tan(0.9 * (i / 4000 - 0.5)));
    const shape = shapeOf(values)!;
    const { from, to, height } = shape.density;
    expect(Math.max(...height)).toBe(1);
    const peak = from + ((to - from) * height.indexOf(1)) / (height.length - 1);
    expect(Math.abs(peak)).toBeLessThan(0.1);
    expect(shape.q25).toBeCloseTo(Math.tan(0.9 * -0.25), 6);
  });

  it("are left out where draws are constant or not finite", () => {
    expect(shapeOf(new Float64Array(50).fill(2))).toBeUndefined();
    expect(shapeOf(Float64Array.of(1, 2, Number.NaN, 3))).toBeUndefined();
  });
});

describe("group effects", () => {
  it("are sorted by estimate", () => {
    expect(levelsOf(makeRun("all"), "g").map((l) => l.level)).toEqual(["x", "y"]);
  });
});

describe("wider models", () => {
  const { summary } = makeRun("all");
  const one = summary.variables["b_A"]!;

  it("take thresholds for what they are, and trials for no part of the response", () => {
    const run = makeRun("all", {
      manifest: { formula: "y | trials(n) ~ A + (1 | g)", family: "cumulative" },
      variables: { "b_Intercept[1]": one, "b_Intercept[2]": one, b_A: one },
    });
    const [panel] = panelsOf([run]);
    expect([panel!.response, panel!.terms]).toEqual(["y", ["b_A"]]);
    expect(["cumulative", "binomial", "beta", "student_t", "gaussian"].map(scaleName)).toEqual([
      "log-odds of a higher category",
      "log-odds",
      "log-odds",
      "units of the response",
      "units of the response",
    ]);
  });

  it("show the effects on each coefficient that varies", () => {
    const run = makeRun("all", {
      variables: {
        sd_g__Intercept: one,
        sd_g__A: one,
        "r_g[x,Intercept]": one,
        "r_g[y,Intercept]": one,
        "r_g[x,A]": one,
        "r_g[y,A]": one,
      },
    });
    expect(coefficientsOf(run, "g")).toEqual(["Intercept", "A"]);
    expect(levelsOf(run, "g", "A").map(({ level }) => level)).toEqual(["x", "y"]);
  });

  it("never take the prior for a finding", () => {
    const [panel] = panelsOf([makeRun("all", { manifest: { prior_only: true } })]);
    expect(panelHeadline(panel!)).toBe("Draws of the prior of highest, which say nothing of the data");
  });
});
