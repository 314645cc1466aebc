import type { ModelChecks } from "@bridgewise/core";
import * as Plot from "@observablehq/plot";
import type { ReportRun } from "../report-data.ts";
import { fixed, whole } from "../rounding.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { figureId } from "./fits.ts";
import { hover, plot, xAxis } from "./plot.ts";
import { diagnosticOf } from "./run-figure.ts";

/** Probability integral transforms of one run's responses. */
export function pitFigure(run: ReportRun, pit: ModelChecks["predictive"]["pit"]): Figure {
  const { counts, expected, kind } = pit;
  // binomial counts of a uniform distribution, two standard deviations
  const half = 2 * Math.sqrt(expected * (1 - 1 / counts.length));
  const out = counts.filter((count) => Math.abs(count - expected) > half).length;
  const { loo } = run;
  const parameters = loo
    ? ` (about ${whole(loo.p_loo.estimate)} effective parameters by LOO, for ${whole(loo.rows)} rows)`
    : "";
  return figureOf({
    ...{
      ...diagnosticOf(run),
      id: figureId(`pit-${run.id}`),
      title: `Where responses fall in their predictions: ${run.id}`,
    },
    caption: () =>
      kind === "loo"
        ? `Probability integral transform of each response by predictions that did not see it (LOO): even where predictions are calibrated. The grey band is two standard deviations around the expected ${fixed(expected, 1)} a bin; ${out} of ${counts.length} bins lie outside it.`
        : `Probability integral transform of each response by predictions that saw it. Effects of single levels${parameters} follow the responses of their few rows, so that these predictions are closer to them than to new ones: a hump with low ends is expected where the model is right, and only another form speaks against it. By predictions that did not see the response (LOO), which the command check --loo-pit makes, the histogram is even where predictions are calibrated. The dashed line is the mean of a bin, ${fixed(expected, 1)}; the grey band two standard deviations of even ones.`,
    panels: (options) => ({
      panels: [
        {
          svg: histogram(
            counts,
            options.width,
            236,
            "probability integral transform",
            [0, 1],
            { expected, half },
            options,
          ),
          x: 0,
          y: 0,
        },
      ],
      height: 236,
    }),
    table: () => ({
      columns: ["From", "To", "Rows", "Expected"],
      rows: counts.map((count, i) => [i / counts.length, (i + 1) / counts.length, count, expected]),
    }),
  });
}

/** Counts of equal bins over a band of what chance gives. */
function histogram(
  counts: readonly number[],
  width: number,
  height: number,
  label: string,
  [from, to]: readonly [number, number],
  { expected, half }: { readonly expected: number; readonly half: number },
  options: Parameters<Figure["draw"]>[0],
): SVGSVGElement {
  const edge = (b: number): number => from + ((to - from) * b) / counts.length;
  return plot(options, {
    width,
    height,
    marginTop: 22,
    marginBottom: 40,
    marginLeft: 44,
    marginRight: 10,
    x: xAxis(label, width),
    y: {
      label: "responses",
      labelArrow: "none",
      ticks: 4,
      domain: [0, Math.max(...counts, expected + half) * 1.05],
    },
    marks: [
      Plot.rect([0], {
        x1: from,
        x2: to,
        y1: expected - half,
        y2: expected + half,
        fill: "currentColor",
        fillOpacity: 0.13,
      }),
      Plot.rect(counts, {
        x1: (_: number, i: number) => edge(i),
        x2: (_: number, i: number) => edge(i + 1),
        y1: 0,
        y2: (d: number) => d,
        fill: "#0072B2",
        fillOpacity: 0.45,
        stroke: "#0072B2",
        strokeWidth: 0.6,
      }),
      Plot.ruleY([expected], { strokeDasharray: "4,3", strokeOpacity: 0.8 }),
      Plot.ruleY([0], { strokeOpacity: 0.6 }),
      ...hover(
        options,
        counts.map((count, i) => ({ count, i })),
        {
          ...{ x: ({ i }) => edge(i + 0.5), y: ({ count }) => count },
          text: ({ count, i }) =>
            `${fixed(edge(i), 2)} to ${fixed(edge(i + 1), 2)}: ${whole(count)} responses`,
        },
      ),
    ],
  });
}
