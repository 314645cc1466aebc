import { collect } from "../collect/plan-output.ts";
import type { Figure } from "../figures/figure.ts";
import { figuresOf } from "../figures/figures.ts";

export type { Figure, FigureOptions, FigureTable, Scale } from "../figures/figure.ts";
export { figuresOf } from "../figures/figures.ts";
export { INTERVALS } from "../report-data.ts";
export { FIGURE_FORMATS, type FigureFormat, type RenderOptions, renderFigure } from "./render-figure.ts";

/** The figures of run folders, or of the output folder of a plan; `onRun` is told after each run that was read. */
export async function figuresOfFolders(
  folders: readonly string[],
  onRun?: (done: number, total: number) => void,
): Promise<Figure[]> {
  const { runs, title = "", ...rest } = await collect(folders);
  const read = [];
  for (const [i, run] of runs.entries()) {
    read.push(await run.run());
    onRun?.(i + 1, runs.length);
  }
  return figuresOf({ ...rest, title, created: "", version: runs[0]?.manifest.bridgewise ?? "", runs: read });
}
