import * as Plot from "@observablehq/plot";
import { fixed } from "../rounding.ts";
import type { FigureOptions } from "./figure.ts";
import { hover, plot, xAxis } from "./plot.ts";
import { intervalName, type Posterior } from "./posterior.ts";
import type { ScaleView } from "./scale.ts";
import { type SeriesSymbol, SYMBOLS } from "./series.ts";
import type { LegendEntry, Panel } from "./sheet.ts";
import { NARROW, PAPER, TRUTH } from "./style.ts";
import { fitText, textWidth, wrapText } from "./text-width.ts";

/** One posterior on a line of its own. */
export interface Lane {
  /** The coefficient: its lanes stand together under this name. */
  readonly row: string;
  /** Rows of one section follow its heading. */
  readonly section?: string;
  /** What tells it from the row's other lanes: a subset, a fit. */
  readonly series: string;
  readonly colour: string;
  readonly symbol: SeriesSymbol;
  readonly run: string;
  readonly variable: string;
  readonly posterior: Posterior;
  /** On the drawn scale. */
  readonly published?: { readonly estimate: number; readonly lower: number; readonly upper: number };
  readonly truth?: number;
}

interface Placed extends Lane {
  /** Baseline, in px from the top. */
  readonly y: number;
}

interface Name {
  readonly text: string;
  readonly y: number;
  readonly heading: boolean;
}

const PITCH = 22;
const PUBLISHED = 8;

/** Lanes with their baselines, rows with the places of their names; in px. */
function layout(lanes: readonly Lane[], narrow: boolean) {
  const placed: Placed[] = [];
  const names: Name[] = [];
  const rules: number[] = [];
  let y = 0;
  const extra = lanes.some((lane) => lane.published) ? PUBLISHED : 0;
  let section: string | undefined;
  for (let i = 0; i < lanes.length; ) {
    const { row, section: own } = lanes[i]!;
    if (own !== section) {
      section = own;
      if (own !== undefined) {
        y += i === 0 ? 14 : 24;
        names.push({ text: own, y, heading: true });
        y += 6;
      }
    }
    let end = i;
    while (end < lanes.length && lanes[end]!.row === row && lanes[end]!.section === own) end++;
    if (narrow) {
      y += 15;
      names.push({ text: row, y, heading: false });
    }
    const top = y;
    for (; i < end; i++) {
      y += PITCH;
      placed.push({ ...lanes[i]!, y });
      y += extra;
    }
    if (!narrow) names.push({ text: row, y: (top + y) / 2 + 4, heading: false });
    y += 6;
    rules.push(y);
    y += 4;
  }
  return { placed, names, rules: rules.slice(0, -1), height: y };
}

/**
 * Posteriors in the manner of ggdist's half-eye: density above the line, point at the median, thick line for the 50% and thin for the chosen
 * interval; a hairline at zero; below it a published estimate with its interval, and a cross where the truth is known.
 */
export function halfEye(lanes: readonly Lane[], view: ScaleView, options: FigureOptions): Panel {
  const { width } = options;
  const narrow = width < NARROW;
  const { placed, names, rules, height } = layout(lanes, narrow);
  const labels = narrow
    ? 0
    : Math.min(
        240,
        width * 0.36,
        Math.max(...names.map(({ text, heading }) => textWidth(text, 12, heading))) + 14,
      );
  const first = placed.filter(({ row, section }) => row === placed[0]?.row && section === placed[0]?.section);
  const direct = !narrow && directly(lanes);
  const right = direct
    ? Math.min(150, Math.max(...first.map(({ series }) => textWidth(series))) + 14)
    : narrow
      ? 10
      : 16;
  const margin = { top: 4, bottom: 42 };
  const domain = domainOf(placed, view);
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
    dx: narrow ? -6 : -labels,
    lineAnchor: "bottom",
  } as const;
  const svg = plot(options, {
    width,
    height: margin.top + height + margin.bottom,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: narrow ? 10 : labels,
    marginRight: right,
    x: {
      ...xAxis(
        wrapText(view.label, width - 24)
          .slice(0, 2)
          .join("\n"),
        width - labels - right,
      ),
      domain,
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
            ariaLabel: "median",
          },
        ),
      ),
      ...published(placed.filter((d) => d.published !== undefined)),
      Plot.dot(
        placed.filter((d) => d.truth !== undefined),
        { x: "truth", y: "y", r: 4, symbol: "times", stroke: TRUTH, strokeWidth: 1.6, ariaLabel: "truth" },
      ),
      Plot.text(
        names.filter((d) => !d.heading),
        {
          ...nameOptions,
          text: (d: Name) => fitText(d.text, narrow ? width - 20 : labels - 12, 12, narrow),
          fontWeight: narrow && !names.some((d) => d.heading) ? 600 : 400,
        },
      ),
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
  return { svg, x: 0, y: 0 };
}

const seriesOf = (lanes: readonly Lane[]): string[] => [...new Set(lanes.map(({ series }) => series))];

/** Up to four series are named beside the first row's lanes. */
const directly = (lanes: readonly Lane[]): boolean => {
  const series = seriesOf(lanes);
  const first = lanes.filter(({ row, section }) => row === lanes[0]?.row && section === lanes[0]?.section);
  return series.length > 1 && series.length <= 4 && first.length === series.length;
};

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
      ariaLabel: "published",
    }),
  ];
}

function domainOf(lanes: readonly Lane[], { zero, axis }: ScaleView): [number, number] {
  const values = lanes.flatMap(({ posterior: p, published, truth }) => [
    ...[p.lower, p.upper],
    ...(p.outline.length > 0 ? [p.outline[0]!.x, p.outline.at(-1)!.x] : []),
    ...(published ? [published.lower, published.upper] : []),
    ...(truth === undefined ? [] : [truth]),
  ]);
  const low = Math.min(zero, ...values);
  const high = Math.max(zero, ...values);
  if (axis === "log") return [low / (high / low) ** 0.02, high * (high / low) ** 0.02];
  const room = 0.02 * (high - low || 1);
  return [low - room, high + room];
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

function laneText(lane: Lane, { digits }: ScaleView): string {
  const { posterior: p, published, truth } = lane;
  const n = (x: number): string => fixed(x, digits + 1);
  return [
    `${lane.section === undefined ? "" : `${lane.section}, `}${lane.row}${lane.series ? `, ${lane.series}` : ""}`,
    `median ${n(p.median)}, ${intervalName(p.level)} ${n(p.lower)} to ${n(p.upper)}`,
    ...(published
      ? [`published ${n(published.estimate)}, 90% interval ${n(published.lower)} to ${n(published.upper)}`]
      : []),
    ...(truth === undefined ? [] : [`simulated truth ${n(truth)}`]),
  ].join("\n");
}

/** What the marks mean, where they are not named beside the lanes. */
export function laneLegend(lanes: readonly Lane[], width: number): LegendEntry[] {
  const series = seriesOf(lanes);
  const named = series.length > 1 && (width < NARROW || !directly(lanes));
  return [
    ...(named
      ? series.map((name) => {
          const { colour, symbol } = lanes.find((lane) => lane.series === name)!;
          return { label: name, colour, symbol };
        })
      : []),
    ...(lanes.some((lane) => lane.published)
      ? [{ label: "published", colour: "currentColor", symbol: "hollow" } as const]
      : []),
    ...(lanes.some((lane) => lane.truth !== undefined)
      ? [{ label: "simulated truth", colour: TRUTH, symbol: "truth" } as const]
      : []),
  ];
}
