import { describe, expect, test } from "vitest";
import {
  estimateTable,
  hypothesisTable,
  supportedDecimals,
  toLatex,
  toMarkdown,
} from "../../src/export/index.ts";
import { manifest, variableSummary } from "./made-run.ts";

test("decimals are those that the Monte Carlo error supports", () => {
  const range = { least: 1, most: 4, otherwise: 2 };
  expect([0.02, 0.0099, 0.1, 30, 1e-9, 0, null].map((mcse) => supportedDecimals(mcse, range))).toEqual([
    2, 3, 1, 1, 4, 2, 2,
  ]);
});

const estimates = [
  {
    name: "b_x",
    summary: { ...variableSummary, mean: -0.12345, mcse_mean: 0.004 },
    lower: -0.5,
    upper: 0.0004,
  },
  {
    name: "r_g[a|b,Intercept]",
    summary: { ...variableSummary, rhat: null, ess_bulk: null },
    lower: null,
    upper: 1,
  },
];
const hypotheses = [
  {
    hypothesis: "(b_x)-(0) > 0",
    sign: ">" as const,
    estimate: 1.036,
    est_error: 0.09,
    ci_lower: 0.888,
    ci_upper: 1.185,
    ci_level: 0.9,
    evidence_ratio: "Inf" as const,
    post_prob: 1,
    star: "*" as const,
  },
];

describe("Markdown", () => {
  const text = toMarkdown([estimateTable(manifest, estimates, 0.95), hypothesisTable(manifest, hypotheses)]);
  test("has the caption, with formula, family, rows and draws", () => {
    expect(text.split("\n")[0]).toBe(
      "SIMULATED data. Estimates of `y ~ x + (1 | g)` (gaussian), 1,234 rows, 2 chains of 3 draws after 200 of warm-up. Posterior mean, standard deviation and central 95% interval; R-hat and effective sample sizes. Digits are those that the Monte Carlo error supports.",
    );
  });
  test("has rows whose cells are as many as the header's", () => {
    expect(text).toContain(
      "| Variable | Estimate | Est. Error | l-95% CI | u-95% CI | Rhat | Bulk ESS | Tail ESS |",
    );
    expect(text).toContain("| `b_x` | -0.123 | 0.500 | -0.500 | 0.000 | 1.001 | 1,235 | 900 |");
    expect(text).toContain("| `r_g[a\\|b,Intercept]` | 1.00 | 0.50 | NA | 1.00 | NA | NA | 900 |");
  });
  test("has brms's columns for hypotheses, with the interval's level", () => {
    expect(text).toContain(
      "| Hypothesis | Estimate | Est.Error | CI.Lower | CI.Upper | Evid.Ratio | Post.Prob | Star |",
    );
    expect(text).toContain("| `(b_x)-(0) > 0` | 1.036 | 0.090 | 0.888 | 1.185 | Inf | 1.000 | \\* |");
    expect(text).toContain("Intervals: 90%.");
  });
});

describe("LaTeX", () => {
  const text = toLatex([estimateTable(manifest, estimates, 0.95), hypothesisTable(manifest, hypotheses)]);
  test("has booktabs tables with escaped names and true minus signs", () => {
    expect(text).toContain(
      "\\texttt{b\\_x} & $-$0.123 & 0.500 & $-$0.500 & 0.000 & 1.001 & 1,235 & 900 \\\\",
    );
    expect(text).toContain("\\texttt{r\\_g[a\\textbar{}b,Intercept]} & 1.00");
    expect(text).toContain(
      "\\texttt{(b\\_x)-(0) \\textgreater{} 0} & 1.036 & 0.090 & 0.888 & 1.185 & $\\infty$ & 1.000 & * \\\\",
    );
    expect(text).toContain(
      "\\caption{SIMULATED data. Estimates of \\texttt{y \\textasciitilde{} x + (1 \\textbar{} g)} (gaussian)",
    );
    for (const rule of ["\\toprule", "\\midrule", "\\bottomrule", "\\end{tabular}"])
      expect(text.split(rule)).toHaveLength(3);
  });
  test("leaves no character that LaTeX would take for its own", () => {
    const odd = { ...manifest, formula: "a_b ~ 100% & {x} ^ $ # \\", simulated: false };
    const caption = toLatex([estimateTable(odd, [], 0.95)]).split("\n")[3]!;
    expect(caption).toContain(
      "\\texttt{a\\_b \\textasciitilde{} 100\\% \\& \\{x\\} \\textasciicircum{} \\$ \\# \\textbackslash{}}",
    );
    expect(caption).not.toContain("SIMULATED");
  });
});
