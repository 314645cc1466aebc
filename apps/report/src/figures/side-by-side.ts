import { type DotPlot, dotPlot, namesWidth } from "./dot-plot.ts";
import type { FigureOptions } from "./figure.ts";
import type { Panel } from "./sheet.ts";
import { NARROW } from "./style.ts";

/** Dot plots that share their rows: beside each other, names once; where it is narrow one under the other. */
export function sideBySide(
  rows: readonly string[],
  specs: readonly DotPlot[],
  options: FigureOptions,
): { panels: Panel[]; height: number } {
  const narrow = options.width < NARROW;
  const labels = namesWidth(rows, options.width);
  const wide = (options.width - labels - 8 * (specs.length - 1)) / specs.length;
  let [x, y, height] = [0, 0, 0];
  const panels = specs.map((spec, i) => {
    const names = narrow || i === 0;
    const width = narrow ? options.width : i === 0 ? labels + wide : wide;
    const made = dotPlot({ ...spec, rows, names }, { ...options, width }, narrow, labels);
    const panel = { svg: made.svg, x, y };
    if (narrow) y += made.height + 8;
    else x += width + 8;
    height = narrow ? y : Math.max(height, made.height);
    return panel;
  });
  return { panels, height };
}
