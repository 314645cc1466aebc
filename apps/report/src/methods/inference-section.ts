import type { ReportData } from "../report-data.ts";
import { counted, whole } from "../rounding.ts";
import { type Block, type MethodsSection, paragraph } from "./document.ts";

/** How posteriors were turned into statements. */
export function inferenceSection({ results, runs }: ReportData): MethodsSection {
  const rows = results?.rows ?? [];
  const hypotheses = rows.length > 0 || runs.some((run) => run.hypotheses);
  const published = rows.some((row) => row.published !== null);
  const kinds = new Set(rows.map(({ plus_tenth }) => plus_tenth.kind));
  const ratio = kinds.has("odds ratio") || kinds.has("score ratio");
  const blocks: Block[] = [
    paragraph(
      "Tables of coefficients give the posterior's median and standard deviation, and 90% intervals from the 5% to the 95% quantile. Figures show posteriors as Gaussian kernel densities with Silverman's bandwidth ({density}).",
    ),
  ];
  if (hypotheses)
    blocks.push(
      paragraph(
        "Hypotheses are one-sided, as in brms's hypothesis() ({brms}): the estimate is the posterior mean, the error its standard deviation, the interval runs from the 5% to the 95% quantile. With S draws of b, the evidence ratio of b > 0 is",
      ),
      {
        kind: "formula",
        lines: ["ER = P(b > 0 | y) / P(b ≤ 0 | y) = #{s : bₛ > 0} / #{s : bₛ ≤ 0},   s = 1, …, S"],
      },
      paragraph(
        "Where all draws agree it is told as above S. * marks a ratio above 100, † one above 10 and at most 100.",
        results &&
          `${counted(results.multiplicity.hypotheses, "hypothesis was", "hypotheses were")} tested without a correction; if every coefficient were 0, about one ratio in 101 would be above 100 and one in 11 above 10, by chance.`,
      ),
    );
  if (ratio)
    blocks.push(
      paragraph(
        "The effect of 0.1 more of an attribute is the odds ratio (logit link) or the ratio of scores (log scores), its mean over the draws with a 90% interval.",
        published && "The formula of the published paper (PAPER) is given beside it, under its name:",
      ),
      {
        kind: "formula",
        lines: [
          "ratio = exp(0.1 b);   in percent: 100 (exp(0.1 b) − 1)",
          ...(published ? ["PAPER's formula: (exp(b̄) − 1) × 10, in percent"] : []),
        ],
      },
    );
  if (kinds.has("difference"))
    blocks.push(
      paragraph("Where the response is an attribute itself, the effect of 0.1 more is the difference 0.1 b."),
    );
  if (published)
    blocks.push(
      paragraph("Ours and published estimates are compared in units of their combined standard error:"),
      {
        kind: "formula",
        lines: ["d = (b₁ − b₂) / √(s₁² + s₂²),   1: ours, 2: published; s: errors"],
      },
    );
  return { heading: "Estimates and hypotheses", blocks };
}

/** Checks and comparisons, as far as any were made. */
export function checkingSection({ results, runs }: ReportData): MethodsSection | undefined {
  const loo = runs.some((run) => run.loo) || (results?.comparisons.length ?? 0) > 0;
  const checks = runs.find((run) => run.checks)?.checks;
  const sensitivity = results?.sensitivity ?? [];
  const kinds = new Set(sensitivity.map(({ variation }) => variation.kind));
  const blocks: Block[] = [];
  if (loo)
    blocks.push(
      paragraph(
        "Models are compared by their expected log pointwise predictive density, estimated by leave-one-out cross-validation with Pareto-smoothed importance sampling ({loo}); the standard error of a difference is that of the paired differences of the rows.",
      ),
    );
  if ((results?.vifs.length ?? 0) > 0)
    blocks.push(
      paragraph(
        "Variance inflation factors are those of the fixed effects alone, generalised where a term has several columns ({vif}).",
      ),
    );
  if (checks)
    blocks.push(
      paragraph(
        `Posterior predictive checks compare the response with ${whole(checks.replicates)} replicated data sets ({checks}); their intervals are 95%.`,
      ),
    );
  if (sensitivity.length > 0)
    blocks.push(
      paragraph(
        "Main estimates were computed anew with something varied, each by a fit of its own:",
        [
          kinds.has("priors") && "other priors",
          kinds.has("ties") && "another treatment of ties",
          kinds.has("leave-one-out") && "one level left out at a time",
          kinds.has("noise") && "normal noise of a given standard deviation added to the attributes",
          kinds.has("other") && "other changes, named in the table",
        ]
          .filter((text) => text !== false)
          .join("; ")
          .concat("."),
      ),
    );
  return blocks.length > 0 ? { heading: "Checks and comparisons", blocks } : undefined;
}
