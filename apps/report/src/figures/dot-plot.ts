import * as Plot from "@observablehq/plot";
import type { FigureOptions } from "./figure.ts";
import { hover, plot, xAxis } from "./plot.ts";
import { type SeriesSymbol, SYMBOLS } from "./series.ts";
import { HALO, NARROW, PAPER } from "./style.ts";
import { fitText, textWidth, wrapText } from "./text-width.ts";

/** A point of a row, with its interval where it has one. */
export interface DotRow {
  readonly row: string;
  readonly x: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly colour: string;
  readonly symbol: SeriesSymbol;
  /** Drawn as a hollow mark. */
  readonly hollow?: boolean;
  /** Below the row's middle, in shares of a row's height; default 0. */
  readonly shift?: number;
  /** Exact numbers, shown under the pointer. */
  readonly text: string;
}

export interface DotPlot {
  readonly label: string;
  readonly dots: readonly DotRow[];
  /** Rows from the top; default the dots' order. */
  readonly rows?: readonly string[];
  /** Vertical lines: at 0 solid, others dashed. */
  readonly rules?: readonly number[];
  /** Grey bands behind rows. */
  readonly bands?: readonly { readonly row: string; readonly lower: number; readonly upper: number }[];
  /** Numbers that the axis holds in any case. */
  readonly include?: readonly number[];
  readonly pitch?: number;
  readonly axis?: "linear" | "log";
  /** Names are written; false where a panel on the left has written them. Default true. */
  readonly names?: boolean;
  readonly tickFormat?: (x: number) => string;
  /** Rows are names with their makers (`meta-llama/Llama-2-7b`), which are left out where the whole is too long. */
  readonly makers?: boolean;
}

export interface DotPanel {
  readonly svg: SVGSVGElement;
  readonly height: number;
}

/** Px that names of rows need beside the drawing, and the most that they get. */
const needed = (rows: readonly string[]): number => Math.max(0, ...rows.map((row) => textWidth(row))) + 14;
const most = (width: number): number => Math.min(230, width * 0.4);

/** Width that the names of rows take beside the drawing. */
export const namesWidth = (rows: readonly string[], width: number): number =>
  Math.min(most(width), needed(rows));

const rowsOf = ({ rows, dots }: DotPlot): readonly string[] =>
  rows ?? [...new Set(dots.map(({ row }) => row))];

/** Dots with intervals, a row each, names beside them or, where it is narrow or names are long, above them. `labels`: px for the names. */
export function dotPlot(
  spec: DotPlot,
  options: FigureOptions,
  narrow = options.width < NARROW || (spec.makers !== true && needed(rowsOf(spec)) > most(options.width)),
  labels = namesWidth(rowsOf(spec), options.width),
): DotPanel {
  const { width } = options;
  const { dots, rules = [], bands = [], include = [], names = true, axis = "linear" } = spec;
  const rows = rowsOf(spec);
  const above = narrow && names ? 15 : 0;
  const pitch = (spec.pitch ?? 20) + above;
  const middle = new Map(rows.map((row, i) => [row, i * pitch + above + (pitch - above) / 2]));
  const y = ({ row, shift = 0 }: { row: string; shift?: number }): number =>
    middle.get(row)! + shift * (pitch - above);
  const values = [
    ...dots.flatMap(({ x, lower = x, upper = x }) => [x, lower, upper]),
    ...bands.flatMap(({ lower, upper }) => [lower, upper]),
    ...include,
  ].filter(Number.isFinite);
  const left = narrow || !names ? 12 : labels;
  const lines = wrapText(spec.label, width - left - 4).slice(0, 2);
  const margin = { top: 4, bottom: 26 + 15 * lines.length, right: 14 };
  const height = margin.top + rows.length * pitch + 4 + margin.bottom;
  const ends = dots.filter((d) => d.lower !== undefined && d.upper !== undefined);
  const svg = plot(options, {
    width,
    height,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: left,
    marginRight: margin.right,
    x: {
      ...xAxis(lines.join("\n"), width - left - margin.right),
      domain: widened(Math.min(...values), Math.max(...values), axis),
      type: axis,
      ...(spec.tickFormat && { tickFormat: spec.tickFormat }),
    },
    y: { domain: [rows.length * pitch, 0], axis: null },
    marks: [
      Plot.gridX({ strokeOpacity: 0.08 }),
      Plot.ruleY(rows.slice(1), {
        y: (row: string) => middle.get(row)! - (pitch - above) / 2 - above,
        stroke: "currentColor",
        strokeOpacity: 0.07,
      }),
      Plot.rect(bands, {
        x1: "lower",
        x2: "upper",
        y1: (d: { row: string }) => middle.get(d.row)! - (pitch - above) / 2 + 1,
        y2: (d: { row: string }) => middle.get(d.row)! + (pitch - above) / 2 - 1,
        fill: "currentColor",
        fillOpacity: 0.12,
      }),
      ...rules.map((x) =>
        Plot.ruleX([x], {
          stroke: "currentColor",
          strokeOpacity: 0.65,
          strokeWidth: 0.8,
          ...(x !== 0 && { strokeDasharray: "4,3" }),
        }),
      ),
      Plot.ruleY(ends, { y, x1: "lower", x2: "upper", stroke: "colour", strokeWidth: 1.5 }),
      ...SYMBOLS.map((symbol) =>
        Plot.dot(
          dots.filter((d) => d.symbol === symbol && !d.hollow),
          { x: "x", y, r: 3.4, symbol, fill: "colour", stroke: PAPER, strokeWidth: 0.7 },
        ),
      ),
      Plot.dot(
        dots.filter((d) => d.hollow),
        { x: "x", y, r: 3.2, stroke: "colour", fill: PAPER, strokeWidth: 1.3 },
      ),
      ...(names
        ? [
            Plot.text(rows, {
              y: (row: string) => middle.get(row)! + (narrow ? -(pitch - above) / 2 - 3 : 0),
              text: (row: string) => nameIn(row, narrow ? width - 16 : labels - 12, spec.makers === true),
              frameAnchor: "left",
              textAnchor: "start",
              lineAnchor: narrow ? "bottom" : "middle",
              dx: narrow ? -8 : -labels + 1,
              ...(narrow && HALO),
            }),
          ]
        : []),
      ...hover(options, dots, { x: (d) => d.x, y, text: (d) => d.text }),
    ],
  });
  return { svg, height };
}

function nameIn(row: string, room: number, makers: boolean): string {
  const own = makers && textWidth(row) > room ? row.slice(row.lastIndexOf("/") + 1) || row : row;
  return fitText(own, room);
}

/** A little room at both ends. */
function widened(low: number, high: number, axis: "linear" | "log" = "linear"): [number, number] {
  if (!(high >= low)) return [0, 1];
  if (axis === "log") {
    const factor = (high / low) ** 0.04 || 1.05;
    return [low / (factor === 1 ? 1.05 : factor), high * (factor === 1 ? 1.05 : factor)];
  }
  const room = 0.04 * (high - low) || Math.abs(high) * 0.05 || 0.5;
  return [low - room, high + room];
}
