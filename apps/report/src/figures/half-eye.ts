import * as Plot from "@observablehq/plot";
import type { FigureOptions } from "./figure.ts";
import {
  directly,
  domainOf,
  type Lane,
  laneText,
  layout,
  type Name,
  PITCH,
  type Placed,
  PUBLISHED,
} from "./lane.ts";
import { hover, plot, xAxis } from "./plot.ts";
import type { ScaleView } from "./scale.ts";
import { SYMBOLS } from "./series.ts";
import { HALO, NARROW, PAPER, TRUTH } from "./style.ts";
import { fitText, textWidth, wrapText } from "./text-width.ts";

/** Left of the axis where no names stand, px. */
export const INSET = 6;

/** What half-eyes beside each other share. */
export interface HalfEyeFrame {
  readonly domain: readonly [number, number];
  /** For the names of rows, px; 0 where a drawing on the left has written them. */
  readonly labels: number;
  /** Whether the axis has its label: one in a column is enough. */
  readonly labelled: boolean;
}

export interface HalfEye {
  readonly svg: SVGSVGElement;
  readonly height: number;
}

/** Px for the names beside lanes. */
export const labelsWidth = (names: readonly { text: string; heading?: boolean }[], width: number): number =>
  Math.min(
    240,
    width * 0.36,
    Math.max(...names.map(({ text, heading = false }) => textWidth(text, 12, heading))) + 14,
  );

/**
 * Posteriors in the manner of ggdist's half-eye: density above the line, point at the median, thick line for the 50% and thin for the chosen
 * interval; a hairline at zero; below it a published estimate with its interval, and in the density a cross where the truth is known.
 */
export function halfEye(
  lanes: readonly Lane[],
  view: ScaleView,
  options: FigureOptions,
  frame?: HalfEyeFrame,
): HalfEye {
  const { width } = options;
  const narrow = !frame && width < NARROW;
  const { placed, names, rules, height } = layout(lanes, narrow, !frame);
  const labels = frame?.labels ?? (narrow ? 0 : labelsWidth(names, width));
  const left = narrow ? 10 : labels + (frame ? INSET : 0);
  const written = narrow || labels > 0;
  const first = placed.filter(({ row, section }) => row === placed[0]?.row && section === placed[0]?.section);
  const direct = !narrow && !frame && directly(lanes);
  const right = direct
    ? Math.min(150, Math.max(...first.map(({ series }) => textWidth(series))) + 14)
    : narrow
      ? 10
      : 16;
  const lines = frame?.labelled === false ? [] : wrapText(view.label, width - left - 4).slice(0, 2);
  const margin = { top: 4, bottom: 26 + 15 * lines.length };
  const domain = frame?.domain ?? domainOf(placed, view);
  const outline = placed.flatMap((lane, k) =>
    lane.posterior.outline.map(({ x, h }) => ({
      x,
      y: lane.y,
      top: lane.y - (PITCH - 5) * h,
      k,
      colour: lane.colour,
    })),
  );
  const nameOptions = {
    y: "y",
    frameAnchor: "left",
    textAnchor: "start",
    dx: narrow ? -6 : -left,
    lineAnchor: "bottom",
    ...(narrow && HALO),
  } as const;
  const svg = plot(options, {
    width,
    height: margin.top + height + margin.bottom,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: left,
    marginRight: right,
    x: {
      ...xAxis(lines.join("\n"), width - left - right),
      domain: [...domain],
      type: view.axis,
      ...(view.axis === "log" && {
        ticks: logTicks(domain),
        tickFormat: (d: number) => String(Number(d.toPrecision(3))),
      }),
    },
    y: { domain: [height, 0], axis: null },
    marks: [
      Plot.gridX({
        strokeOpacity: 0.08,
        ...(view.axis === "log" && { ticks: logTicks(domain) as unknown as number }),
      }),
      Plot.ruleY(rules, { stroke: "currentColor", strokeOpacity: 0.12 }),
      Plot.ruleX([view.zero], { stroke: "currentColor", strokeOpacity: 0.65, strokeWidth: 0.8 }),
      Plot.areaY(outline, { x: "x", y1: "y", y2: "top", z: "k", fill: "colour", fillOpacity: 0.28 }),
      Plot.ruleY(placed, {
        y: "y",
        x1: (d: Placed) => d.posterior.lower,
        x2: (d: Placed) => d.posterior.upper,
        stroke: "colour",
        strokeWidth: 1.4,
      }),
      Plot.ruleY(
        placed.filter((d) => d.posterior.q25 !== undefined),
        {
          y: "y",
          x1: (d: Placed) => d.posterior.q25!,
          x2: (d: Placed) => d.posterior.q75!,
          stroke: "colour",
          strokeWidth: 4,
        },
      ),
      ...SYMBOLS.map((symbol) =>
        Plot.dot(
          placed.filter((d) => d.symbol === symbol),
          {
            x: (d: Placed) => d.posterior.median,
            y: "y",
            symbol,
            r: symbol === "circle" ? 3.6 : 3.9,
            fill: "colour",
            stroke: PAPER,
            strokeWidth: 1,
          },
        ),
      ),
      ...published(placed.filter((d) => d.published !== undefined)),
      Plot.dot(
        placed.filter((d) => d.truth !== undefined),
        { x: "truth", y: (d: Placed) => d.y - 9, r: 3.6, symbol: "times", stroke: TRUTH, strokeWidth: 1.6 },
      ),
      Plot.text(written ? names.filter((d) => !d.heading) : [], {
        ...nameOptions,
        text: (d: Name) => fitText(d.text, narrow ? width - 20 : labels - 12, 12, narrow),
        fontWeight: narrow && !names.some((d) => d.heading) ? 600 : 400,
      }),
      Plot.text(
        names.filter((d) => d.heading),
        { ...nameOptions, text: (d: Name) => fitText(d.text, width - 20, 12, true), fontWeight: 600 },
      ),
      ...(direct
        ? [
            Plot.text(first, {
              y: "y",
              text: (d: Placed) => fitText(d.series, right - 10),
              frameAnchor: "right",
              textAnchor: "start",
              dx: 8,
              lineAnchor: "bottom",
            }),
          ]
        : []),
      ...hover(options, placed, {
        x: (d) => d.posterior.median,
        y: (d) => d.y,
        text: (d) => laneText(d, view),
      }),
    ],
  });
  return { svg, height: margin.top + height + margin.bottom };
}

/** A smaller hollow mark under each lane. */
function published(lanes: readonly Placed[]): Plot.Markish[] {
  const y = (d: Placed): number => d.y + PUBLISHED;
  return [
    Plot.ruleY(lanes, {
      y,
      x1: (d: Placed) => d.published!.lower,
      x2: (d: Placed) => d.published!.upper,
      stroke: "currentColor",
      strokeOpacity: 0.75,
      strokeWidth: 1,
    }),
    Plot.dot(lanes, {
      x: (d: Placed) => d.published!.estimate,
      y,
      r: 3,
      stroke: "currentColor",
      fill: PAPER,
      strokeWidth: 1.2,
    }),
  ];
}

/** 1, 2, 5 times powers of ten, or powers of two in a narrow range. */
function logTicks([low, high]: readonly [number, number]): number[] {
  const steps = high / low < 8 ? [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : [1, 2, 5];
  const out: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
    for (const s of steps) {
      const tick = Number((s * 10 ** e).toPrecision(3));
      if (tick >= low && tick <= high) out.push(tick);
    }
  return out.length > 9 ? out.filter((_, i) => i % 2 === 0) : out;
}
