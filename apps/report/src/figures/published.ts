import type { TableRow } from "@bridgewise/core";
import * as Plot from "@observablehq/plot";
import { fixed } from "../rounding.ts";
import { termName } from "../sentences.ts";
import type { Figure, FigureOptions } from "./figure.ts";
import { figureOf, grid } from "./figure-of.ts";
import { chosen } from "./fits.ts";
import { hover, plot, xAxis } from "./plot.ts";

type Pair = TableRow & {
  readonly published: NonNullable<TableRow["published"]>;
  readonly difference_se: number;
};

/** Rows with something published. */
const pairsOf = (rows: readonly TableRow[], { variables, subsets }: FigureOptions): Pair[] =>
  chosen(
    chosen(
      rows.filter((row): row is Pair => row.published !== null && row.difference_se !== null),
      ({ variable }) => variable,
      variables,
    ),
    ({ conversation_type }) => conversation_type,
    subsets,
  );

const pairName = ({ analysis, conversation_type, dv, term }: TableRow): string =>
  `${analysis}, ${dv ?? conversation_type}, ${termName(term)}`;

/** Ours against the published estimates, an analysis a panel: both 90% intervals, and the line on which they agree. */
export function publishedFigure(rows: readonly TableRow[], simulated: boolean): Figure {
  const analyses = (pairs: readonly Pair[]): string[] => [...new Set(pairs.map(({ analysis }) => analysis))];
  return figureOf({
    ...{ id: "published", page: "robustness", title: "Ours against the published estimates", simulated },
    caption: (options) => {
      const pairs = pairsOf(rows, options);
      const far = pairs.filter(({ difference_se }) => Math.abs(difference_se) > 3);
      const same = pairs.filter(
        ({ ours, published }) => Math.sign(ours.estimate) === Math.sign(published.estimate),
      ).length;
      const most = pairs.toSorted((a, b) => Math.abs(b.difference_se) - Math.abs(a.difference_se))[0];
      return `Posterior means of ours (up) against the published ones (across), ${pairs.length} coefficients, each with its 90% intervals; on the dashed line they agree. ${same} of ${pairs.length} have the same sign; ${far.length === 0 ? "none differs" : `${far.length} ${far.length === 1 ? "differs" : "differ"}`} by more than 3 combined standard errors${most ? `; the largest difference is ${fixed(most.difference_se, 1)} (${pairName(most)})` : ""}.${simulated ? " The data are simulated, so that agreement shows no more than that the published coefficients were put in." : ""}`;
    },
    panels: (options) => {
      const pairs = pairsOf(rows, options);
      const own = analyses(pairs);
      const { columns, column, at } = grid(own.length, options.width, 220, 3);
      const height = Math.min(column + 14, 420);
      return {
        panels: own.map((analysis, i) => {
          const { x, row } = at(i);
          return {
            svg: scatter(
              pairs.filter((pair) => pair.analysis === analysis),
              column,
              height,
              options,
            ),
            x,
            y: 18 + row * (height + 26),
            heading: `Analysis ${analysis}`,
          };
        }),
        height: Math.ceil(own.length / columns) * (height + 26),
      };
    },
    table: (options) => ({
      columns: [
        "Analysis",
        "Subset",
        "Response",
        "Term",
        "Ours",
        "5%",
        "95%",
        "Published",
        "5%",
        "95%",
        "Difference in combined SEs",
      ],
      rows: pairsOf(rows, options).map(
        ({ analysis, conversation_type, dv, term, ours, published: p, difference_se }) => [
          ...[analysis, conversation_type, dv, termName(term), ours.estimate, ours.ci_lower, ours.ci_upper],
          ...[p.estimate, p.ci_lower, p.ci_upper, difference_se],
        ],
      ),
    }),
  });
}

function scatter(
  pairs: readonly Pair[],
  width: number,
  height: number,
  options: FigureOptions,
): SVGSVGElement {
  const values = pairs.flatMap(({ ours, published }) => [
    ...[ours.ci_lower, ours.ci_upper, published.ci_lower, published.ci_upper],
  ]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const room = 0.03 * (high - low);
  const domain: [number, number] = [low - room, high + room];
  const far = (d: Pair): boolean => Math.abs(d.difference_se) > 3;
  const ticks = Math.max(3, Math.min(5, Math.floor(width / 60)));
  const x = (d: Pair): number => d.published.estimate;
  const y = (d: Pair): number => d.ours.estimate;
  return plot(options, {
    width,
    height,
    marginTop: 20,
    marginBottom: 40,
    marginLeft: 40,
    marginRight: 10,
    x: { ...xAxis("published", width), domain, ticks },
    y: { label: "ours", labelArrow: "none", labelOffset: 34, domain, ticks },
    marks: [
      Plot.gridX({ strokeOpacity: 0.07 }),
      Plot.gridY({ strokeOpacity: 0.07 }),
      Plot.ruleX([0], { strokeOpacity: 0.5, strokeWidth: 0.8 }),
      Plot.ruleY([0], { strokeOpacity: 0.5, strokeWidth: 0.8 }),
      Plot.line(
        domain.map((d) => ({ x: d, y: d })),
        { x: "x", y: "y", strokeDasharray: "4,3", strokeOpacity: 0.7 },
      ),
      Plot.ruleX(pairs, {
        x,
        y1: (d: Pair) => d.ours.ci_lower,
        y2: (d: Pair) => d.ours.ci_upper,
        strokeOpacity: 0.4,
      }),
      Plot.ruleY(pairs, {
        y,
        x1: (d: Pair) => d.published.ci_lower,
        x2: (d: Pair) => d.published.ci_upper,
        strokeOpacity: 0.4,
      }),
      Plot.dot(
        pairs.filter((d) => !far(d)),
        { x, y, r: 3, fill: "#0072B2" },
      ),
      Plot.dot(pairs.filter(far), { x, y, r: 4, symbol: "diamond", fill: "#D55E00" }),
      ...hover(options, pairs, {
        x,
        y,
        text: (d) =>
          `${pairName(d)}\nours ${fixed(d.ours.estimate, 3)}, published ${fixed(d.published.estimate, 3)}\n${fixed(d.difference_se, 2)} combined standard errors apart`,
      }),
    ],
  });
}
