import type { ModelChecks } from "@bridgewise/core";
import * as Plot from "@observablehq/plot";
import type { ReportRun } from "../report-data.ts";
import { fixed, whole } from "../rounding.ts";
import { responseOf } from "../sentences.ts";
import type { Figure } from "./figure.ts";
import { figureOf } from "./figure-of.ts";
import { figureId } from "./fits.ts";
import { hover, plot, xAxis } from "./plot.ts";
import { diagnosticOf } from "./run-figure.ts";

/** Observed shares against predicted probabilities, with the isotonic fit. */
export function calibrationFigure(
  run: ReportRun,
  calibration: NonNullable<ModelChecks["calibration"]>,
): Figure {
  const { bins, reliability, brier } = calibration;
  const held = bins.filter(({ predicted, lower, upper }) => lower <= predicted && predicted <= upper).length;
  const response = responseOf(run);
  return figureOf({
    ...{
      ...diagnosticOf(run),
      id: figureId(`calibration-${run.id}`),
      title: `Are probabilities right: ${run.id}`,
    },
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
          ...hover(options, bins, {
            ...{ x: (d) => d.predicted, y: (d) => d.observed },
            text: (d) =>
              `${whole(d.rows)} rows: predicted ${fixed(d.predicted, 3)}\nobserved ${fixed(d.observed, 3)}, 95% interval ${fixed(d.lower, 3)} to ${fixed(d.upper, 3)}`,
          }),
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
