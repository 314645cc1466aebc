import * as Plot from "@observablehq/plot";
import type { FigureOptions } from "./figure.ts";
import { FONT } from "./style.ts";

/** Px that letters reach below their line, and a little more. */
const DESCENT = 6;

/** Plot's drawing in the document that was asked for, in one face and size, the x axis's label clear of the lower edge. */
export function plot(options: FigureOptions, spec: Plot.PlotOptions): SVGSVGElement {
  return Plot.plot({
    ...spec,
    x: { labelOffset: (spec.marginBottom ?? 0) - DESCENT, ...spec.x },
    ...(options.document && { document: options.document }),
    style: { fontFamily: FONT, fontSize: "12px", background: "transparent", overflow: "visible" },
  }) as SVGSVGElement;
}

/** Exact numbers under the pointer; only in a page, for a printed figure has its table. */
export function hover<T>(
  options: FigureOptions,
  data: readonly T[],
  channels: { x: (d: T) => number | string; y: (d: T) => number | string; text: (d: T) => string },
): Plot.Markish[] {
  if (options.document) return [];
  return [
    Plot.tip(
      data,
      Plot.pointer({
        x: channels.x as (d: T) => number,
        y: channels.y as (d: T) => number,
        title: channels.text,
        maxRadius: 60,
        fontSize: 12,
        lineHeight: 1.2,
      }),
    ),
  ];
}

/** The x axis's label and ticks at this width. */
export const xAxis = (label: string, width: number): Plot.ScaleOptions => ({
  label,
  labelAnchor: "center",
  labelArrow: "none",
  ticks: Math.max(3, Math.min(9, Math.floor(width / 80))),
});
