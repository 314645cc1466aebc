import { describe, expect, it } from "vitest";
import type { MethodsDocument } from "../src/methods/document.ts";
import { methodsMarkdown } from "../src/methods/markdown.ts";
import { methodsOf } from "../src/methods/methods.ts";
import { REFERENCES } from "../src/methods/references.ts";
import type { ReportData, ReportRun } from "../src/report-data.ts";
import { makeData } from "./figure-data.ts";
import { makeResults } from "./plan-output.ts";
import { makeRun } from "./runs.ts";

const report = (...runs: ReportRun[]): ReportData => ({ title: "T", created: "", version: "9.8.7", runs });

/** All that a section says, its tables row by row. */
function said({ sections }: MethodsDocument, heading: string): string {
  const section = sections.find((one) => one.heading === heading);
  return (section?.blocks ?? [])
    .flatMap((block) =>
      block.kind === "paragraph"
        ? [block.text]
        : block.kind === "formula"
          ? block.lines
          : block.rows.map((row) => row.join(" | ")),
    )
    .join("\n");
}

describe("methods", () => {
  it("take settings, priors, formulas, versions and hashes from the manifests", () => {
    const run = makeRun("all", {
      manifest: {
        ...{ chains: 3, warmup: 250, draws: 700, seed: 42, engine: "simd", precision: "float32" },
        ...{ bridgewise: "1.2.3", node: "v24.9.0", hash: "cafe" },
        priors: { b_A: "normal(0, 1)", b_B: "normal(0, 1)", sd_g__Intercept: "exponential(2)" },
      },
    });
    const methods = methodsOf(report(run));
    expect(said(methods, "Models")).toContain("highest ~ A + B + (1 | g) | bernoulli | the fit | 90");
    expect(said(methods, "Models")).toContain("logit(pᵢ) = ηᵢ");
    expect(said(methods, "Priors")).toMatch(
      /every b_ \| normal\(0, 1\) \| the fit\nsd_g__Intercept \| exponential\(2\)/,
    );
    expect(said(methods, "Sampling")).toContain("the fit | simd, float32 | latent | 3 | 250 | 700 | 42");
    expect(said(methods, "Software")).toContain("by bridgewise 9.8.7");
    expect(said(methods, "Software")).toMatch(/1\.2\.3 \| v24\.9\.0[\s\S]*all \| .* \| cafe/);
    expect(said(methods, "Data")).toContain("SIMULATED");
    const real = methodsOf(report(makeRun("all", { manifest: { simulated: false } })));
    expect(said(real, "Data")).not.toContain("SIMULATED");
  });

  it("describe only what there is", () => {
    const plain = methodsOf(report(makeRun("all", { manifest: { formula: "y ~ A", groups: [] } })));
    expect(plain.sections.map(({ heading }) => heading)).toEqual([
      ...["Data", "Models", "Priors", "Sampling", "Estimates and hypotheses", "Software"],
    ]);
    expect(said(plain, "Models")).not.toContain("u⁽ᵗ⁾");
    expect(said(plain, "Estimates and hypotheses")).not.toMatch(/PAPER|published|evidence ratio/);
    expect(methodsMarkdown(plain, "T")).not.toMatch(/PRISM|PAPER/);

    const whole = methodsOf(makeData());
    const inference = said(whole, "Estimates and hypotheses");
    expect(inference).toContain("100 hypotheses were tested without a correction");
    expect(inference).toContain("PAPER's formula: (exp(b̄) − 1) × 10, in percent");
    expect(inference).toContain("d = (b₁ − b₂) / √(s₁² + s₂²)");
    expect(said(whole, "Checks and comparisons")).toContain("with 100 replicated data sets");
    expect(said(whole, "Data")).toContain("30,195 in 7,960 conversations of 1,394 users were analysed");
  });

  it("say how imported draws came about, without a model that nobody knows", () => {
    const imported = { format: "stan-csv", files: [], sampler: [] };
    const { sections } = methodsOf(report(makeRun("stan", { manifest: { imported } })));
    expect(sections.map(({ heading }) => heading)).toEqual(["Estimates and hypotheses", "Software"]);
  });

  it("cite what they name, in the order of first mention, and each once", () => {
    const { references } = methodsOf(report(makeRun("all")));
    expect(references[0]).toBe("brms");
    expect(new Set(references).size).toBe(references.length);
    expect(references).toContain("rhat");
    // PSIS-LOO is cited where something was compared
    expect(references).not.toContain("loo");
    expect(methodsOf(makeData()).references).toContain("loo");
  });

  it("become Markdown in which names are no markup", () => {
    const results = { ...makeResults(["all"]), source: "*A* <b>paper</b> | 1" };
    const markdown = methodsMarkdown(
      methodsOf({ ...report(makeRun("all")), results }),
      "<script>alert(1)</script>",
    );
    expect(markdown).toContain("# \\<script\\>alert(1)\\</script\\>: methods");
    expect(markdown).toContain("\\*A\\* \\<b\\>paper\\</b\\> \\| 1");
    expect(markdown).toContain(`https://doi.org/${REFERENCES.brms.doi}`);
    expect(markdown).not.toMatch(/\{\w+\}/);
  });
});
