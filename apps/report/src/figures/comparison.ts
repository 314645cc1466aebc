import type { ElpdComparison } from "@bridgewise/core";
import { fixed } from "../rounding.ts";
import { termName } from "../sentences.ts";
import { dotPlot } from "./dot-plot.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { symbolOf } from "./series.ts";

/** Differences in expected log predictive density, with two standard errors on both sides. */
export function comparisonFigure(comparisons: readonly ElpdComparison[], simulated: boolean): Figure {
  const sure = comparisons.filter(({ elpd_diff, se_diff }) => Math.abs(elpd_diff) > 2 * se_diff);
  return figureOf({
    ...{ id: "elpd", page: "robustness", title: "Which model predicts better", simulated },
    caption: () =>
      `Difference in expected log predictive density (PSIS-LOO) of the first fit named minus the second, with two standard errors on both sides; above 0 the first predicts better.${comparisons.map(({ title, elpd_diff, se_diff, published }) => ` ${title}: ${fixed(elpd_diff, 1)} (SE ${fixed(se_diff, 1)}${published ? `; published ${fixed(published.elpd_diff, 1)}, SE ${fixed(published.se_diff, 1)}` : ""}).`).join("")} ${sure.length} of ${comparisons.length} ${sure.length === 1 ? "is" : "are"} more than two standard errors from 0.`,
    legend: () =>
      comparisons.some(({ published }) => published)
        ? [
            { label: "ours", colour: "currentColor", symbol: "circle" },
            { label: "published", colour: "currentColor", symbol: "hollow" },
          ]
        : [],
    panels: (options) => {
      const dots = comparisons.flatMap(({ title, fits, elpd_diff, se_diff, published }) => {
        const one = (x: number, se: number, hollow: boolean) => ({
          ...{ row: title, x, lower: x - 2 * se, upper: x + 2 * se, colour: "currentColor" },
          ...{ symbol: symbolOf(0), hollow, shift: published ? (hollow ? 0.22 : -0.22) : 0 },
          text: `${title}\n${fits.join(" \u2212 ")}\n${hollow ? "published " : ""}${fixed(x, 1)}, SE ${fixed(se, 1)}`,
        });
        return [
          one(elpd_diff, se_diff, false),
          ...(published ? [one(published.elpd_diff, published.se_diff, true)] : []),
        ];
      });
      const { svg, height } = dotPlot(
        { label: "difference in elpd", dots, rules: [0], include: [0], pitch: 32 },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: () => ({
      columns: ["Comparison", "First", "Second", "Difference in elpd", "SE", "Published", "SE"],
      rows: comparisons.map(({ title, fits, elpd_diff, se_diff, published }) => [
        ...[title, ...fits, elpd_diff, se_diff, published?.elpd_diff ?? null, published?.se_diff ?? null],
      ]),
    }),
  });
}

/** Variance inflation: above 5 a coefficient is hard to tell from the others', above 10 hardly at all. */
export function vifFigure(
  vifs: readonly { readonly fit: string; readonly term: string; readonly vif: number }[],
  simulated: boolean,
): Figure {
  const fits = [...new Set(vifs.map(({ fit }) => fit))];
  const most = vifs.toSorted((a, b) => b.vif - a.vif)[0];
  const above = vifs.filter(({ vif }) => vif > 5).length;
  return figureOf({
    ...{ id: "vif", page: "robustness", title: "How much predictors overlap", simulated },
    caption: () =>
      `Variance inflation factors of ${fits.length === 1 ? fits[0] : `${fits.length} fits`}: 1 where a predictor is uncorrelated with the others; dashed lines at 5 and 10, the customary limits. ${above === 0 ? "None is above 5" : `${above} of ${vifs.length} ${above === 1 ? "is" : "are"} above 5`}${most ? `; the largest is ${fixed(most.vif, 1)} (${termName(most.term)}${fits.length > 1 ? ` in ${most.fit}` : ""})` : ""}.`,
    panels: (options) => {
      const row = ({ fit, term }: { fit: string; term: string }): string =>
        fits.length > 1 ? `${fit}: ${termName(term)}` : termName(term);
      const { svg, height } = dotPlot(
        {
          label: "variance inflation factor",
          dots: vifs.map((v) => ({
            ...{ row: row(v), x: v.vif, colour: "currentColor", symbol: symbolOf(0) },
            text: `${row(v)}: ${fixed(v.vif, 2)}`,
          })),
          rules: [5, 10].filter((limit) => limit < 2 * (most?.vif ?? 0) || limit === 5),
          include: [1, 5],
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: () => ({
      columns: ["Fit", "Term", "VIF"],
      rows: vifs.map(({ fit, term, vif }) => [fit, termName(term), vif]),
    }),
  });
}
