import type { FigureOptions } from "./figure.ts";
import { type HalfEyeFrame, halfEye, INSET, labelsWidth } from "./half-eye.ts";
import { domainOf, type Lane } from "./lane.ts";
import type { ScaleView } from "./scale.ts";
import type { Panel } from "./sheet.ts";
import { NARROW } from "./style.ts";

/** Of a panel, px: narrower ones hide the intervals under their marks. */
const LEAST = 200;
const GAP = 14;
const HEADING = 20;

/**
 * Half-eyes of all lanes: a panel for each section, beside each other on one axis, where sections have the same rows and there is room for
 * two; otherwise one under the other. Height in px.
 */
export function halfEyePanels(
  lanes: readonly Lane[],
  view: ScaleView,
  options: FigureOptions,
): { panels: Panel[]; height: number } {
  const sections = sectionsOf(lanes);
  const labels = labelsWidth(
    lanes.map(({ row }) => ({ text: row })),
    options.width,
  );
  const columns = columnsOf(sections.length, options.width - labels);
  if (columns < 2 || options.width < NARROW || !sameRows(sections)) {
    const { svg, height } = halfEye(lanes, view, options);
    return { panels: [{ svg, x: 0, y: 0 }], height };
  }
  const domain = domainOf(lanes, view);
  const wide = Math.floor((options.width - labels - GAP * (columns - 1)) / columns);
  const last = sections.length - columns;
  const made = sections.map((own, i) => {
    const first = i % columns === 0;
    const frame: HalfEyeFrame = { domain, labels: first ? labels : 0, labelled: i >= last };
    const width = first ? labels + wide : wide;
    return {
      first,
      heading: own[0]!.section ?? "",
      ...halfEye(own, view, { ...options, width }, frame),
    };
  });
  const pitch = HEADING + made[0]!.height;
  return {
    panels: made.map(({ svg, first, heading }, i) => ({
      ...{ svg, heading, indent: (first ? labels : 0) + INSET },
      x: first ? 0 : labels + (i % columns) * (wide + GAP),
      y: HEADING + Math.floor(i / columns) * pitch,
    })),
    height: (Math.ceil(sections.length / columns) - 1) * pitch + HEADING + made.at(-1)!.height,
  };
}

function sectionsOf(lanes: readonly Lane[]): Lane[][] {
  const by = new Map<string | undefined, Lane[]>();
  for (const lane of lanes) by.set(lane.section, [...(by.get(lane.section) ?? []), lane]);
  return [...by.values()];
}

/** As many as have room, and no more than fill the last row as well as can be. */
function columnsOf(count: number, width: number): number {
  const most = Math.max(1, Math.min(count, Math.floor((width + GAP) / (LEAST + GAP))));
  return Math.ceil(count / Math.ceil(count / most));
}

function sameRows(sections: readonly (readonly Lane[])[]): boolean {
  const rows = sections.map((own) => own.map(({ row, series }) => `${row}\n${series}`).join("\n\n"));
  return rows.every((own) => own === rows[0]);
}
