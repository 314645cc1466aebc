import { fixed } from "../rounding.ts";
import { intervalName, type Posterior } from "./posterior.ts";
import type { ScaleView } from "./scale.ts";
import { type SeriesSymbol, SYMBOLS } from "./series.ts";
import type { LegendEntry } from "./sheet.ts";
import { NARROW, TRUTH } from "./style.ts";

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

export interface Placed extends Lane {
  /** Baseline, in px from the top. */
  readonly y: number;
}

export interface Name {
  readonly text: string;
  readonly y: number;
  readonly heading: boolean;
}

export const PITCH = 22;
export const PUBLISHED = 8;

/** Lanes with their baselines, rows with the places of their names; in px. `headings`: sections are named above their rows. */
export function layout(lanes: readonly Lane[], narrow: boolean, headings = true) {
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
      if (own !== undefined && headings) {
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

/** In the order of their marks: a row may lack some. */
const seriesOf = (lanes: readonly Lane[]): string[] => [
  ...new Set(
    lanes
      .toSorted((a, b) => SYMBOLS.indexOf(a.symbol) - SYMBOLS.indexOf(b.symbol))
      .map(({ series }) => series),
  ),
];

/** Up to four series are named beside the first row's lanes. */
export const directly = (lanes: readonly Lane[]): boolean => {
  const series = seriesOf(lanes);
  const first = lanes.filter(({ row, section }) => row === lanes[0]?.row && section === lanes[0]?.section);
  const one = lanes.every(({ section }) => section === lanes[0]?.section);
  return one && series.length > 1 && series.length <= 4 && first.length === series.length;
};

/** Room for all that lanes show, and for zero. */
export function domainOf(lanes: readonly Lane[], { zero, axis }: ScaleView): [number, number] {
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

/** Exact numbers of a lane. */
export function laneText(lane: Lane, { digits }: ScaleView): string {
  const { posterior: p, published, truth } = lane;
  const n = (x: number): string => fixed(x, digits + 1);
  return [
    `${lane.section === undefined ? "" : `${lane.section}, `}${lane.row}${lane.series ? `, ${lane.series}` : ""}`,
    `median ${n(p.median)}`,
    `${intervalName(p.level)} ${n(p.lower)} to ${n(p.upper)}`,
    ...(published
      ? [
          `published ${n(published.estimate)}`,
          `published 90% interval ${n(published.lower)} to ${n(published.upper)}`,
        ]
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
