import type { DataOverview } from "@bridgewise/core";
import { fixed, whole } from "../rounding.ts";
import { termName } from "../sentences.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { chosen } from "./fits.ts";
import { type Cell, heatMap } from "./heat-map.ts";

/** Correlations of the attributes over responses. */
export function correlationFigure(overview: DataOverview): Figure {
  const { names, matrix } = overview.correlations;
  const own = ({ variables }: FigureOptions): string[] =>
    chosen(
      names,
      (name) => name,
      variables?.map((variable) => variable.replace(/^b_/, "")),
    );
  const at = (a: string, b: string): number => matrix[names.indexOf(a)]![names.indexOf(b)]!;
  return figureOf({
    id: "correlations",
    page: "distributions",
    title: "How attributes go together",
    simulated: overview.simulated,
    caption: (options) => {
      const shown = own(options);
      const pairs = shown
        .flatMap((a, i) => shown.slice(i + 1).map((b) => ({ a, b, r: at(a, b) })))
        .sort((p, q) => Math.abs(q.r) - Math.abs(p.r));
      const most = pairs[0];
      return `Correlations (Pearson) of the attributes over ${whole(overview.rows)} responses; blue above 0, vermillion below.${most ? ` The strongest is between ${termName(most.a)} and ${termName(most.b)} (${fixed(most.r, 2)}).` : ""}`;
    },
    panels: (options) => {
      const shown = own(options);
      const cells = shown.flatMap((row) =>
        shown.map(
          (column): Cell => ({
            row: termName(row),
            column: termName(column),
            value: at(row, column),
            text: fixed(at(row, column), 2),
          }),
        ),
      );
      const labels = shown.map(termName);
      const { svg, height } = heatMap(
        { rows: labels, columns: labels, cells, withThemselves: true },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: (options) => {
      const shown = own(options);
      return {
        columns: ["Attribute", ...shown.map(termName)],
        rows: shown.map((row) => [termName(row), ...shown.map((column) => at(row, column))]),
      };
    },
  });
}
