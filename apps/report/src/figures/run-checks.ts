import type { ModelChecks } from "@bridgewise/core";
import * as Plot from "@observablehq/plot";
import type { ReportRun } from "../report-data.ts";
import { fixed, whole } from "../rounding.ts";
import { responseOf } from "../sentences.ts";
import { calibrationFigure } from "./calibration.ts";
import { dotPlot } from "./dot-plot.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { figureId } from "./fits.ts";
import { pitFigure } from "./pit.ts";
import { plot, xAxis } from "./plot.ts";
import { diagnosticOf } from "./run-figure.ts";
import { symbolOf } from "./series.ts";

/** Figures of one run's checks: predictive distribution, PIT, calibration, means of levels. */
export function checkFigures(run: ReportRun): Figure[] {
  const { checks } = run;
  if (!checks) return [];
  const { density, counts, by_group, pit } = checks.predictive;
  return [
    ...(density ? [densityFigure(run, density, checks)] : []),
    ...(counts ? [countsFigure(run, counts, checks)] : []),
    pitFigure(run, pit),
    ...(checks.calibration ? [calibrationFigure(run, checks.calibration)] : []),
    ...(by_group && by_group.levels.length > 1 ? [levelMeansFigure(run, by_group)] : []),
  ];
}

const statistics = ({ predictive }: ModelChecks): string =>
  predictive.statistics
    .map(({ statistic, observed, p_value }) => `${statistic} ${fixed(observed, 3)} (p ${fixed(p_value, 2)})`)
    .join(", ");

type Density = NonNullable<ModelChecks["predictive"]["density"]>;

function densityFigure(run: ReportRun, { x, y, y_rep }: Density, checks: ModelChecks): Figure {
  const response = responseOf(run);
  return figureOf({
    ...{ ...diagnosticOf(run), id: figureId(`ppc-${run.id}`), title: `Data and replicated data: ${run.id}` },
    caption: () =>
      `Density of ${response} in the data (thick line) and in ${y_rep.length} data sets drawn from the posterior predictive distribution (thin lines). Statistics of the data, with the share p of replicated data sets that have at least as much: ${statistics(checks)}.`,
    legend: () => [
      { label: "data", colour: "currentColor", symbol: "line" },
      { label: "replicated", colour: "#56B4E9", symbol: "line" },
    ],
    panels: (options) => {
      const lines = y_rep.flatMap((set, k) => set.map((d, i) => ({ x: x[i]!, d, k })));
      const svg = plot(options, {
        width: options.width,
        height: 300,
        marginTop: 8,
        marginBottom: 42,
        marginLeft: 12,
        marginRight: 12,
        x: xAxis(response, options.width),
        y: { axis: null, domain: [0, Math.max(...y, ...y_rep.flat()) * 1.02] },
        marks: [
          Plot.gridX({ strokeOpacity: 0.08 }),
          Plot.ruleY([0], { strokeOpacity: 0.5 }),
          Plot.line(lines, {
            x: "x",
            y: "d",
            z: "k",
            stroke: "#56B4E9",
            strokeOpacity: 0.5,
            strokeWidth: 0.8,
          }),
          Plot.line(x, { x: (d: number) => d, y: (_: number, i: number) => y[i]!, strokeWidth: 2 }),
        ],
      });
      return { panels: [{ svg, x: 0, y: 0 }], height: 300 };
    },
    table: () => ({
      columns: [response, "Density of the data", ...y_rep.map((_, k) => `Replicated ${k + 1}`)],
      rows: x.map((value, i) => [value, y[i]!, ...y_rep.map((set) => set[i]!)]),
    }),
  });
}

type Counts = NonNullable<ModelChecks["predictive"]["counts"]>;

function countsFigure(run: ReportRun, counts: Counts, checks: ModelChecks): Figure {
  const response = responseOf(run);
  const out = counts.filter(({ observed, replicated: r }) => observed < r.lower || observed > r.upper);
  return figureOf({
    ...{ ...diagnosticOf(run), id: figureId(`ppc-${run.id}`), title: `Data and replicated data: ${run.id}` },
    caption: () =>
      `How often each value of ${response} occurs in the data (hollow) and in ${checks.replicates} data sets drawn from the posterior predictive distribution (mean and 95% interval). ${out.length === 0 ? `All ${counts.length} counts lie in their intervals` : `${out.length} of ${counts.length} counts lie outside their intervals`}. Statistics of the data, with the share p of replicated data sets that have at least as much: ${statistics(checks)}.`,
    legend: () => [
      { label: "replicated", colour: "#0072B2", symbol: "circle" },
      { label: "data", colour: "currentColor", symbol: "hollow" },
    ],
    panels: (options) => {
      const { svg, height } = dotPlot(
        {
          label: "rows",
          pitch: counts.length > 12 ? 18 : 26,
          dots: counts.flatMap(({ value, observed, replicated: r }) => [
            {
              ...{ row: `${response} = ${value}`, x: r.estimate, lower: r.lower, upper: r.upper },
              ...{ colour: "#0072B2", symbol: symbolOf(0), shift: -0.18 },
              text: `${value}: replicated ${whole(r.estimate)}, 95% interval ${whole(r.lower)} to ${whole(r.upper)}`,
            },
            {
              ...{ row: `${response} = ${value}`, x: observed, hollow: true, shift: 0.22 },
              ...{ colour: "currentColor", symbol: symbolOf(0), text: `${value}: ${whole(observed)} rows` },
            },
          ]),
          include: [0],
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: () => ({
      columns: ["Value", "Data", "Replicated mean", "2.5%", "97.5%"],
      rows: counts.map(({ value, observed, replicated: r }) => [
        value,
        observed,
        r.estimate,
        r.lower,
        r.upper,
      ]),
    }),
  });
}

type ByGroup = NonNullable<ModelChecks["predictive"]["by_group"]>;

function levelMeansFigure(run: ReportRun, { group, levels }: ByGroup): Figure {
  const response = responseOf(run);
  const sorted = levels.toSorted((a, b) => b.observed - a.observed);
  const inside = levels.filter(
    ({ observed, replicated: r }) => r.lower <= observed && observed <= r.upper,
  ).length;
  return figureOf({
    ...{ ...diagnosticOf(run), id: figureId(`level-means-${run.id}`), title: `Means by ${group}: ${run.id}` },
    caption: () =>
      `Mean of ${response} in each level of ${group}: in the data (hollow) and in replicated data (mean and 95% interval). ${inside} of ${levels.length} means lie in their intervals.`,
    legend: () => [
      { label: "replicated", colour: "#0072B2", symbol: "circle" },
      { label: "data", colour: "currentColor", symbol: "hollow" },
    ],
    panels: (options) => {
      const { svg, height } = dotPlot(
        {
          ...{ label: `mean of ${response}`, makers: true },
          dots: sorted.flatMap(({ level, rows, observed, replicated: r }) => [
            {
              ...{ row: level, x: r.estimate, lower: r.lower, upper: r.upper, shift: -0.12 },
              ...{ colour: "#0072B2", symbol: symbolOf(0) },
              text: `${level}: replicated ${fixed(r.estimate, 3)}, 95% interval ${fixed(r.lower, 3)} to ${fixed(r.upper, 3)}`,
            },
            {
              ...{ row: level, x: observed, colour: "currentColor", symbol: symbolOf(0), hollow: true },
              ...{ shift: 0.18, text: `${level}: ${fixed(observed, 3)} over ${whole(rows)} rows` },
            },
          ]),
        },
        options,
      );
      return { panels: [{ svg, x: 0, y: 0 }], height };
    },
    table: () => ({
      columns: ["Level", "Rows", "Data", "Replicated mean", "2.5%", "97.5%"],
      rows: sorted.map(({ level, rows, observed, replicated: r }) => [
        ...[level, rows, observed, r.estimate, r.lower, r.upper],
      ]),
    }),
  });
}
