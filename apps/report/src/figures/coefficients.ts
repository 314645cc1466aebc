import * as Plot from "@observablehq/plot";
import { known, type Panel, scaleName, termName } from "../sentences.ts";
import { colourOf, FONT, ground, NARROW } from "./style.ts";

/** One posterior: a subset's coefficient of a term, on a line of its own. */
interface Lane {
  readonly term: string;
  readonly colour: string;
  readonly label: string;
  /** Baseline, in lanes from the top. */
  readonly y: number;
  readonly median: number;
  readonly q5: number;
  readonly q95: number;
  readonly q25: number | undefined;
  readonly q75: number | undefined;
  readonly truth: number | undefined;
}

/** Space between terms, in lanes. */
const GAP = 0.55;
/** A density's height, in lanes. */
const HEIGHT = 0.78;

/** Lanes of a panel, terms from the top in the model's order, and within a term the runs. */
export function lanesOf(
  panel: Panel,
  gap = GAP,
): { lanes: Lane[]; rows: { term: string; top: number; middle: number }[]; total: number } {
  const lanes: Lane[] = [];
  const rows: { term: string; top: number; middle: number }[] = [];
  let y = 0;
  for (const term of panel.terms) {
    const top = y;
    panel.runs.forEach((run, i) => {
      const v = known(run.summary.variables[term]);
      if (!v) return;
      y += 1;
      const shape = run.shapes[term];
      lanes.push({
        term,
        colour: colourOf(i),
        label: run.manifest.label,
        y,
        median: v.median,
        q5: v.q5,
        q95: v.q95,
        q25: shape?.q25,
        q75: shape?.q75,
        truth: run.manifest.truth?.[term],
      });
    });
    rows.push({ term, top, middle: (top + y) / 2 });
    y += gap;
  }
  return { lanes, rows, total: y };
}

/** Outlines of the densities above their baselines. */
function outlines(
  panel: Panel,
  lanes: readonly Lane[],
): { x: number; y: number; top: number; lane: number; colour: string }[] {
  return lanes.flatMap((lane, k) => {
    const run = panel.runs.find((r) => r.manifest.label === lane.label && r.shapes[lane.term]);
    const density = run?.shapes[lane.term]?.density;
    if (!density) return [];
    const step = (density.to - density.from) / (density.height.length - 1);
    return density.height.map((h, i) => ({
      x: density.from + i * step,
      y: lane.y,
      top: lane.y - HEIGHT * h,
      lane: k,
      colour: lane.colour,
    }));
  });
}

/**
 * Coefficients in the manner of PAPER's figure 1, showing posteriors: density above the line, point at the median, thick line for the 50%
 * and thin for the 90% interval, 0 as a hairline; a cross where the truth is known.
 */
export function coefficientFigure(panel: Panel, width: number, simulated: boolean): SVGSVGElement {
  const narrow = width < NARROW;
  const { lanes, rows, total } = lanesOf(panel, narrow ? 1.15 : GAP);
  const laneHeight = 20;
  const many = panel.runs.length > 1;
  const marginTop = narrow ? 28 : 12;
  return Plot.plot({
    width,
    height: marginTop + total * laneHeight + 44,
    marginTop,
    marginBottom: 40,
    marginLeft: narrow ? 8 : 170,
    marginRight: narrow ? 8 : many ? 120 : 16,
    style: { fontFamily: FONT, fontSize: "12px", background: "transparent", overflow: "visible" },
    x: {
      label: `${scaleName(panel.family)} per unit of the predictor`,
      labelAnchor: "center",
      labelArrow: "none",
      nice: true,
      ticks: narrow ? 4 : 8,
    },
    y: { domain: [total, 0], axis: null },
    marks: [
      ...ground(simulated),
      Plot.areaY(outlines(panel, lanes), {
        x: "x",
        y1: "y",
        y2: "top",
        z: "lane",
        fill: "colour",
        fillOpacity: 0.28,
      }),
      Plot.ruleY(lanes, { y: "y", x1: "q5", x2: "q95", stroke: "colour", strokeWidth: 1.4 }),
      Plot.ruleY(
        lanes.filter((l) => l.q25 !== undefined),
        { y: "y", x1: "q25", x2: "q75", stroke: "colour", strokeWidth: 4, strokeLinecap: "round" },
      ),
      Plot.dot(lanes, {
        x: "median",
        y: "y",
        r: 3.4,
        fill: "colour",
        stroke: "var(--paper, white)",
        strokeWidth: 1.2,
      }),
      Plot.dot(
        lanes.filter((l) => l.truth !== undefined),
        {
          x: "truth",
          y: "y",
          dy: 0,
          r: 4,
          symbol: "times",
          stroke: "var(--truth, #b00020)",
          strokeWidth: 1.6,
        },
      ),
      Plot.text(rows, {
        y: narrow ? "top" : "middle",
        text: (d: { term: string }) => termName(d.term),
        frameAnchor: "left",
        textAnchor: narrow ? "start" : "end",
        dx: narrow ? 0 : -10,
        dy: narrow ? -4 : 4,
        fontWeight: 600,
        lineWidth: narrow ? 60 : 16,
      }),
      ...(many && !narrow
        ? [
            Plot.text(lanes.slice(0, panel.runs.length), {
              y: "y",
              text: "label",
              frameAnchor: "right",
              textAnchor: "start",
              dx: 8,
              dy: -2,
              fill: "colour",
            }),
          ]
        : []),
    ],
  }) as SVGSVGElement;
}
