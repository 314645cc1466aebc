import type { ElpdComparison } from "@bridgewise/core";
import { fixed } from "../rounding.ts";
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
