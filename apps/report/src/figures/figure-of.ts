import type { Figure, FigureOptions, FigureTable } from "./figure.ts";
import { type LegendEntry, type Panel, sheet } from "./sheet.ts";

/** What a figure with one scale is made of. */
export interface FigureParts {
  readonly id: string;
  readonly page: Figure["page"];
  readonly title: string;
  readonly simulated: boolean;
  readonly scales?: Figure["scales"];
  caption(options: FigureOptions): string;
  /** Panels and their height in all, px. */
  panels(options: FigureOptions): { readonly panels: readonly Panel[]; readonly height: number };
  legend?(options: FigureOptions): readonly LegendEntry[];
  table(options: FigureOptions): FigureTable;
}

/** A figure whose drawing is a sheet of panels, described by its caption. */
export function figureOf(parts: FigureParts): Figure {
  const { id, page, title, simulated, scales = ["coefficient"], legend } = parts;
  const caption = (options: FigureOptions): string => parts.caption(options);
  return {
    id,
    page,
    title,
    scales,
    caption,
    draw: (options) =>
      sheet({
        ...{ options, title, description: caption(options), simulated },
        ...(legend && { legend: legend(options) }),
        ...parts.panels(options),
      }),
    table: (options) => parts.table(options),
  };
}

/** Panels in columns of at least `least` px, from the left, with room for headings. */
export function grid(
  count: number,
  width: number,
  least: number,
  most = 4,
): { readonly columns: number; readonly column: number; at(i: number): { x: number; row: number } } {
  const columns = Math.max(1, Math.min(count, most, Math.floor((width + 16) / (least + 16))));
  const column = Math.floor((width - 16 * (columns - 1)) / columns);
  return {
    columns,
    column,
    at: (i) => ({ x: (i % columns) * (column + 16), row: Math.floor(i / columns) }),
  };
}
