import { coefficientFigure } from "../figures/coefficients.ts";
import type { Figure } from "../figures/figure.ts";
import type { ReportData } from "../report-data.ts";
import { answer, panelsOf } from "../sentences.ts";

/** The report's figures. */
export const figuresFor = (data: ReportData): Figure[] =>
  panelsOf(data.runs).map((panel) => ({
    id: `coefficients-${panel.response}`,
    page: "findings",
    title: `Coefficients of ${panel.response}`,
    scales: ["coefficient"],
    caption: () => answer(panel),
    draw: ({ width }) =>
      coefficientFigure(
        panel,
        width,
        panel.runs.some(({ manifest }) => manifest.simulated),
      ),
    table: () => ({
      columns: ["Coefficient", "Fit", "Median"],
      rows: panel.terms.flatMap((term) =>
        panel.runs.map(({ summary, manifest }) => [
          term,
          manifest.label,
          summary.variables[term]?.median ?? null,
        ]),
      ),
    }),
  }));
