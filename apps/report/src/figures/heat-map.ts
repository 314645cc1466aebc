import * as Plot from "@observablehq/plot";
import { fixed } from "../rounding.ts";
import type { FigureOptions } from "./figure.ts";
import { hover, plot } from "./plot.ts";
import { NEGATIVE, POSITIVE } from "./style.ts";
import { fitText, textWidth, wrapText } from "./text-width.ts";

export interface Cell {
  readonly row: string;
  readonly column: string;
  readonly value: number;
  readonly text: string;
  /** Framed: what is sure. */
  readonly sure?: boolean;
}

export interface HeatMap {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly Cell[];
  /** What rows and columns are, over the table. */
  readonly columnTitle?: string;
  /** Rows are held against themselves too: these cells do not count for the tints. */
  readonly withThemselves?: boolean;
}

const HEIGHT = 30;

/**
 * Signed numbers in a table of cells: written out, tinted by size (below 0 vermillion, above 0 blue; the sign is in the number too, for
 * those who see no colours), framed where they are sure.
 */
export function heatMap(spec: HeatMap, options: FigureOptions): { svg: SVGSVGElement; height: number } {
  const { width } = options;
  const { rows, columns, cells } = spec;
  const narrow = width < 560;
  const size = narrow ? 9.5 : 12;
  const left = Math.min(width * 0.32, Math.max(...rows.map((row) => textWidth(row, size))) + 10);
  const column = (width - left - 4) / columns.length;
  // names are a little smaller, or stand upright, over columns that are narrower than one of their words
  const wrapped = (fontSize: number): string[][] =>
    columns.map((name) => wrapText(name, column - 1, fontSize));
  const fits = (fontSize: number): boolean =>
    wrapped(fontSize).every((own, i) => own.join(" ") === columns[i]!.trim());
  const header = [size, size - 1, size - 2].filter((own) => own >= 9).find(fits);
  const upright = header === undefined;
  const lines = wrapped(header ?? size);
  const room = upright
    ? Math.min(150, Math.max(...columns.map((name) => textWidth(name, size))) + 10)
    : 8 + 14 * Math.max(...lines.map(({ length }) => length));
  const top = room + (spec.columnTitle === undefined ? 0 : 18);
  const height = top + rows.length * HEIGHT + 8;
  const shades = cells.filter(({ row, column: c }) => !spec.withThemselves || row !== c);
  const most = Math.max(...shades.map(({ value }) => Math.abs(value))) || 1;
  const numbers = column < 40 ? Math.max(7, Math.min(9, column / 3.4)) : size;
  const svg = plot(options, {
    width,
    height,
    marginTop: top,
    marginBottom: 8,
    marginLeft: left,
    marginRight: 4,
    padding: 0.06,
    x: { domain: columns as string[], axis: null },
    y: { domain: rows as string[], axis: null },
    marks: [
      Plot.cell(cells, {
        x: "column",
        y: "row",
        fill: (d: Cell) => (d.value < 0 ? NEGATIVE : POSITIVE),
        fillOpacity: (d: Cell) => 0.5 * Math.min(1, Math.abs(d.value) / most),
        rx: 2,
      }),
      Plot.cell(
        cells.filter(({ sure }) => sure),
        { x: "column", y: "row", fill: "none", stroke: "currentColor", strokeWidth: 1, rx: 2 },
      ),
      Plot.text(cells, {
        x: "column",
        y: "row",
        text: "text",
        fontSize: numbers,
      }),
      Plot.text(rows, {
        y: (row: string) => row,
        text: (row: string) => fitText(row, left - 8, size),
        frameAnchor: "left",
        textAnchor: "end",
        dx: -6,
        fontSize: size,
      }),
      Plot.text(columns, {
        x: (name: string) => name,
        text: (name: string, i: number) => (upright ? fitText(name, room - 8, size) : lines[i]!.join("\n")),
        frameAnchor: "top",
        ...(upright
          ? { rotate: -90, textAnchor: "start" as const, dy: -6, dx: 0 }
          : { dy: -8, lineAnchor: "bottom" as const }),
        fontSize: header ?? size,
      }),
      ...hover(options, cells, {
        ...{ x: (d) => d.column, y: (d) => d.row },
        text: (d) => `row ${d.row}\ncolumn ${d.column}\n${fixed(d.value, 4)}`,
      }),
      ...(spec.columnTitle === undefined
        ? []
        : [
            Plot.text([spec.columnTitle], {
              text: (d: string) => d,
              frameAnchor: "top-left",
              textAnchor: "start",
              lineAnchor: "top",
              dx: -left,
              dy: -top + 2,
              fontWeight: 600,
            }),
          ]),
    ],
  });
  return { svg, height };
}
