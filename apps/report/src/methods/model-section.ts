import { FAMILIES, type Family } from "@bridgewise/core";
import type { ReportData, ReportRun } from "../report-data.ts";
import { whole } from "../rounding.ts";
import { type Block, type MethodsSection, paragraph } from "./document.ts";
import { fitNames, grouped } from "./fits.ts";

/** How a response depends on its linear predictor η, by family. */
const LIKELIHOODS: Readonly<Record<Family, string>> = {
  gaussian: "yᵢ ~ Normal(ηᵢ, σ)",
  student_t: "yᵢ ~ Student-t(ν, ηᵢ, σ)",
  bernoulli: "yᵢ ~ Bernoulli(pᵢ),  logit(pᵢ) = ηᵢ",
  binomial: "yᵢ ~ Binomial(nᵢ, pᵢ),  logit(pᵢ) = ηᵢ",
  cumulative: "P(yᵢ ≤ k) = logit⁻¹(αₖ − ηᵢ)",
  beta: "yᵢ ~ Beta(μᵢφ, (1 − μᵢ)φ),  logit(μᵢ) = ηᵢ",
};

/** The regressions, in symbols and in R's notation. */
export function modelSection(data: ReportData): MethodsSection {
  const fitted = data.runs.filter(({ manifest }) => !manifest.imported);
  const families = [...new Set(fitted.map(({ manifest }) => manifest.family))];
  const likelihoods = families.flatMap((name) => {
    const family = FAMILIES.find((known) => known === name);
    return family ? [`${family}:  ${LIKELIHOODS[family]}`] : [];
  });
  const groups = fitted.some(({ manifest }) => manifest.groups.length > 0);
  const slopes = fitted.some(varyingSlopes);
  const formulas = grouped(fitted, ({ manifest: { formula, family } }) => ({ formula, family }));
  return {
    heading: "Models",
    blocks: [
      paragraph(
        `The fits are Bayesian ${groups ? "mixed-effects " : ""}regressions, written in the notation of R and brms ({brms}).`,
        "For row i with predictors xᵢ, coefficients b and intercept α:",
      ),
      {
        kind: "formula",
        lines: [
          ...likelihoods,
          `ηᵢ = α + Σₖ bₖ xᵢₖ${groups ? " + Σₜ u⁽ᵗ⁾[g⁽ᵗ⁾(i)]" : ""}`,
          ...(groups ? [slopes ? "u⁽ᵗ⁾ⱼ ~ Normal(0, Σₜ)" : "u⁽ᵗ⁾ⱼ ~ Normal(0, τₜ)"] : []),
        ],
      },
      ...(groups
        ? [
            paragraph(
              `u⁽ᵗ⁾ are the effects of grouping factor t, ${slopes ? "with standard deviations τₜ and their correlations in Σₜ" : "with standard deviation τₜ"}; (1 | a/b) stands for a and for b within a. Standard deviations are reported as sd_, and the effects themselves as r_.`,
            ),
          ]
        : []),
      table(formulas, data),
    ],
  };
}

const varyingSlopes = ({ summary }: ReportRun): boolean =>
  Object.keys(summary.variables).some((name) => name.startsWith("sd_") && !name.endsWith("__Intercept"));

const table = (
  formulas: readonly { value: { formula: string; family: string }; runs: ReportRun[] }[],
  data: ReportData,
): Block => ({
  kind: "table",
  caption: "Formulas, in R's notation",
  columns: ["Formula", "Family", "Fits", "Rows"],
  rows: formulas.map(({ value, runs }) => [
    value.formula,
    value.family,
    fitNames(runs, data),
    [...new Set(runs.map(({ manifest }) => whole(manifest.data.rows_used)))].join(", "),
  ]),
});
