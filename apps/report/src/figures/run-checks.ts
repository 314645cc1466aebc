import type { ModelChecks } from "@bridgewise/core";
import * as Plot from "@observablehq/plot";
import type { ReportRun } from "../report-data.ts";
import { fixed, whole } from "../rounding.ts";
import { responseOf } from "../sentences.ts";
import { dotPlot } from "./dot-plot.ts";
import type { Figure } from "./figure.ts";
import { figureOf, grid } from "./figure-of.ts";
import { figureId } from "./fits.ts";
import { plot, xAxis } from "./plot.ts";
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

const about = (run: ReportRun): Pick<Figure, "page"> & { simulated: boolean } => ({
  page: "diagnostics",
  simulated: run.manifest.simulated,
});

const statistics = ({ predictive }: ModelChecks): string =>
  predictive.statistics
    .map(({ statistic, observed, p_value }) => `${statistic} ${fixed(observed, 3)} (p ${fixed(p_value, 2)})`)
    .join(", ");

type Density = NonNullable<ModelChecks["predictive"]["density"]>;

function densityFigure(run: ReportRun, { x, y, y_rep }: Density, checks: ModelChecks): Figure {
  const response = responseOf(run);
  return figureOf({
    ...{ ...about(run), id: figureId(`ppc-${run.id}`), title: `Data and replicated data: ${run.id}` },
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
    ...{ ...about(run), id: figureId(`ppc-${run.id}`), title: `Data and replicated data: ${run.id}` },
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

function pitFigure(run: ReportRun, pit: ModelChecks["predictive"]["pit"]): Figure {
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
      ...about(run),
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
            220,
            "probability integral transform",
            [0, 1],
            { expected, half },
            options,
          ),
          x: 0,
          y: 0,
        },
      ],
      height: 220,
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
    marginTop: 6,
    marginBottom: 40,
    marginLeft: 44,
    marginRight: 10,
    x: xAxis(label, width),
    y: { label: null, ticks: 4, domain: [0, Math.max(...counts, expected + half) * 1.05] },
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
    ],
  });
}

function calibrationFigure(run: ReportRun, calibration: NonNullable<ModelChecks["calibration"]>): Figure {
  const { bins, reliability, brier } = calibration;
  const held = bins.filter(({ predicted, lower, upper }) => lower <= predicted && predicted <= upper).length;
  const response = responseOf(run);
  return figureOf({
    ...{ ...about(run), id: figureId(`calibration-${run.id}`), title: `Are probabilities right: ${run.id}` },
    caption: () =>
      `Share of ${response} against its predicted probability, in ${bins.length} bins of equally many rows with 95% intervals; on the dashed line predictions are right, the stepped line is the isotonic fit. ${held} of ${bins.length} intervals hold the bin's mean prediction. Brier score ${fixed(brier, 4)}, of which miscalibration ${fixed(reliability.miscalibration, 4)}.`,
    panels: (options) => {
      const size = Math.min(options.width, 460);
      const ends = bins.flatMap(({ predicted, lower, upper }) => [predicted, lower, upper]);
      const [low, high] = [Math.min(...ends), Math.max(...ends)];
      const room = 0.04 * (high - low);
      const domain: [number, number] = [Math.max(0, low - room), Math.min(1, high + room)];
      const steps = reliability.blocks.flatMap(({ from, to, value }) => [
        { x: Math.max(from, domain[0]), y: value },
        { x: Math.min(to, domain[1]), y: value },
      ]);
      const svg = plot(options, {
        width: size,
        height: size * 0.9,
        marginTop: 8,
        marginBottom: 42,
        marginLeft: 46,
        marginRight: 12,
        x: { ...xAxis("predicted probability", size), domain },
        y: { label: "observed share", labelArrow: "none", domain, ticks: 5 },
        marks: [
          Plot.gridX({ strokeOpacity: 0.08 }),
          Plot.gridY({ strokeOpacity: 0.08 }),
          Plot.line(
            domain.map((d) => ({ x: d, y: d })),
            { x: "x", y: "y", strokeDasharray: "4,3", strokeOpacity: 0.7 },
          ),
          Plot.line(
            steps.filter(({ x, y }) => x >= domain[0] && x <= domain[1] && y >= domain[0] && y <= domain[1]),
            { x: "x", y: "y", stroke: "#D55E00", strokeWidth: 1.2 },
          ),
          Plot.ruleX(bins, { x: "predicted", y1: "lower", y2: "upper", stroke: "#0072B2", strokeWidth: 1.5 }),
          Plot.dot(bins, { x: "predicted", y: "observed", r: 3.4, fill: "#0072B2" }),
        ],
      });
      return { panels: [{ svg, x: 0, y: 0 }], height: size * 0.9 };
    },
    table: () => ({
      columns: ["Rows", "Predicted", "Observed", "2.5%", "97.5%"],
      rows: bins.map(({ rows, predicted, observed, lower, upper }) => [
        rows,
        predicted,
        observed,
        lower,
        upper,
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
    ...{ ...about(run), id: figureId(`level-means-${run.id}`), title: `Means by ${group}: ${run.id}` },
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

/** Rank plots (Vehtari et al. 2021) of the variables that mix worst: each chain's ranks among all draws. */
export function rankFigure(run: ReportRun): Figure | undefined {
  const variables = Object.entries(run.ranks ?? {});
  if (variables.length === 0) return undefined;
  // hypergeometric, all chains' draws in equal bins: the share of a chain's draws in a bin of all
  const band = (chains: readonly (readonly number[])[]): { expected: number; half: number } => {
    const bins = chains[0]?.length ?? 1;
    const draws = chains[0]?.reduce((sum, n) => sum + n, 0) ?? 0;
    const others = 1 - 1 / chains.length;
    return { expected: draws / bins, half: 2 * Math.sqrt((draws / bins) * (1 - 1 / bins) * others) };
  };
  const outside = variables.map(([name, chains]) => {
    const { expected, half } = band(chains);
    return {
      name,
      out: chains.flat().filter((n) => Math.abs(n - expected) > half).length,
      bins: chains.flat().length,
    };
  });
  return figureOf({
    ...{ ...about(run), id: figureId(`ranks-${run.id}`), title: `Ranks of the chains: ${run.id}` },
    caption: () =>
      `Ranks of each chain's draws among the draws of all chains, for the variables that mix worst: even where chains agree. The grey band is two standard deviations of independent draws around the expected count; outside it are ${outside.map(({ name, out, bins }) => `${out} of ${bins} bins of ${name}`).join(", ")}.`,
    panels: (options) => {
      const chains = Math.max(...variables.map(([, own]) => own.length));
      const { columns, column } = grid(chains, options.width, 120, 4);
      const height = 110;
      const rows = Math.ceil(chains / columns);
      return {
        panels: variables.flatMap(([name, own], v) =>
          own.map((counts, chain) => ({
            svg: rankHistogram(counts, column, height, band(own), options),
            x: (chain % columns) * (column + 16),
            y: 34 + v * (rows * (height + 24) + 16) + Math.floor(chain / columns) * (height + 24),
            heading: `chain ${chain + 1}`,
            ...(chain === 0 && { over: name }),
          })),
        ),
        height: variables.length * (rows * (height + 24) + 16),
      };
    },
    table: () => ({
      columns: ["Variable", "Chain", "Bin", "Draws", "Expected"],
      rows: variables.flatMap(([name, own]) =>
        own.flatMap((counts, chain) =>
          counts.map((count, bin) => [name, chain + 1, bin + 1, count, band(own).expected]),
        ),
      ),
    }),
  });
}

function rankHistogram(
  counts: readonly number[],
  width: number,
  height: number,
  { expected, half }: { readonly expected: number; readonly half: number },
  options: Parameters<Figure["draw"]>[0],
): SVGSVGElement {
  return plot(options, {
    width,
    height,
    marginTop: 4,
    marginBottom: 6,
    marginLeft: 2,
    marginRight: 2,
    x: { axis: null, domain: [0, counts.length] },
    y: { axis: null, domain: [0, Math.max(...counts, expected + half) * 1.1] },
    marks: [
      Plot.rect([0], {
        x1: 0,
        x2: counts.length,
        y1: expected - half,
        y2: expected + half,
        fill: "currentColor",
        fillOpacity: 0.13,
      }),
      Plot.rect(counts, {
        x1: (_: number, i: number) => i,
        x2: (_: number, i: number) => i + 1,
        y1: 0,
        y2: (d: number) => d,
        fill: "#0072B2",
        fillOpacity: 0.45,
        stroke: "#0072B2",
        strokeWidth: 0.5,
      }),
      Plot.ruleY([0], { strokeOpacity: 0.6 }),
    ],
  });
}
