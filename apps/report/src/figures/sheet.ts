import type { FigureOptions } from "./figure.ts";
import type { SeriesSymbol } from "./series.ts";
import { FONT, PAPER } from "./style.ts";
import { fitText, textWidth } from "./text-width.ts";

const SVG = "http://www.w3.org/2000/svg";

/** A drawing of Plot's at its place. */
export interface Panel {
  readonly svg: SVGElement;
  readonly x: number;
  readonly y: number;
  /** Heading, above its top left corner, as wide as the panel. */
  readonly heading?: string;
  /** Of the heading, from the panel's left edge, px. */
  readonly indent?: number;
  /** Of a row of panels: a line above the heading, as wide as the sheet. */
  readonly over?: string;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly symbol: SeriesSymbol | "hollow" | "truth" | "bar" | "line";
}

export interface Sheet {
  readonly options: FigureOptions;
  /** Accessible name. */
  readonly title: string;
  readonly description: string;
  readonly simulated: boolean;
  readonly legend?: readonly LegendEntry[];
  readonly panels: readonly Panel[];
  /** Of the panels, px. */
  readonly height: number;
}

const LINE = 18;
const MARK = "SIMULATED";

/**
 * One SVG of panels, under a legend and, where the data are simulated, that word. Both stand in lines of their own, so that nothing can lie
 * under them. `role` img with name and description for screen readers.
 */
export function sheet({
  options,
  title,
  description,
  simulated,
  legend = [],
  panels,
  height,
}: Sheet): SVGSVGElement {
  const document = options.document ?? globalThis.document;
  const { width } = options;
  const make = (name: string, attributes: Record<string, string | number>, text?: string): SVGElement => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const lines = legendLines(legend, width, simulated ? textWidth(MARK, 11, true) + 12 : 0);
  const name = simulated ? `${MARK}: ${title}` : title;
  const head = Math.max(lines.length, simulated ? 1 : 0) * LINE + (lines.length > 0 || simulated ? 4 : 0);
  const svg = make("svg", {
    xmlns: SVG,
    width,
    height: head + height,
    viewBox: `0 0 ${width} ${head + height}`,
    role: "img",
    "aria-label": name,
    fill: "currentColor",
    "font-family": FONT,
    "font-size": 12,
    style: `--plot-background: ${PAPER}; max-width: 100%`,
  });
  svg.append(
    make("title", {}, name),
    make("desc", {}, simulated ? `The data are ${MARK}. ${description}` : description),
  );
  for (const [i, line] of lines.entries())
    for (const { entry, x, label } of line) {
      const y = i * LINE + 9;
      svg.append(swatch(make, entry, x + 7, y), make("text", { x: x + 18, y: y + 4 }, label));
    }
  if (simulated)
    svg.append(
      make(
        "text",
        { x: width - 2, y: 13, "text-anchor": "end", "font-weight": 600, "font-size": 11, opacity: 0.75 },
        MARK,
      ),
    );
  for (const panel of panels) {
    const own = Number(panel.svg.getAttribute("width"));
    const heading = (text: string, up: number, room: number, indent = 0): SVGElement =>
      make(
        "text",
        { x: panel.x + indent, y: head + panel.y - up, "font-weight": 600 },
        fitText(text, room - indent, 12, true),
      );
    if (panel.heading !== undefined) svg.append(heading(panel.heading, 5, own, panel.indent));
    if (panel.over !== undefined) svg.append(heading(panel.over, 21, width - panel.x));
    // sizes in it are those of its attributes: its own rules would stretch a drawing inside a drawing
    panel.svg.querySelector("style")?.remove();
    // Plot names its groups of marks ("dot", "rule"): elements without a role may have no name, and the numbers are in the table
    for (const mark of panel.svg.querySelectorAll("[aria-label]")) mark.removeAttribute("aria-label");
    for (const [key, value] of Object.entries({ x: panel.x, y: head + panel.y, overflow: "visible" }))
      panel.svg.setAttribute(key, String(value));
    svg.append(panel.svg);
  }
  return svg as SVGSVGElement;
}

interface Placed {
  readonly entry: LegendEntry;
  readonly label: string;
  readonly x: number;
}

function legendLines(legend: readonly LegendEntry[], width: number, reserved: number): Placed[][] {
  const lines: Placed[][] = [];
  let x = 0;
  for (const entry of legend) {
    // the first line gives way to the word on its right
    const room = (line: number): number => width - (line === 0 ? reserved : 0);
    const label = fitText(entry.label, width - reserved - 24);
    const length = 18 + textWidth(label) + 14;
    if (lines.length === 0 || x + length - 14 > room(lines.length - 1)) {
      lines.push([]);
      x = 0;
    }
    lines.at(-1)!.push({ entry, label, x });
    x += length;
  }
  return lines;
}

const SHAPES: Readonly<Record<SeriesSymbol | "truth", string>> = {
  circle: "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
  square: "M-3.5,-3.5h7v7h-7z",
  triangle: "M0,-4.6L4.2,3.4H-4.2z",
  diamond: "M0,-5L3.6,0L0,5L-3.6,0z",
  wye: "M-1.3,0.7V4.5H1.3V0.7L4.6,-1.2L3.3,-3.4L0,-1.5L-3.3,-3.4L-4.6,-1.2z",
  star: "M0,-5L1.2,-1.6L4.8,-1.5L1.9,0.6L2.9,4L0,2L-2.9,4L-1.9,0.6L-4.8,-1.5L-1.2,-1.6z",
  cross: "M-1.4,-4.2h2.8v2.8h2.8v2.8h-2.8v2.8h-2.8v-2.8h-2.8v-2.8h2.8z",
  truth: "M-4,-4L4,4M-4,4L4,-4",
};

function swatch(
  make: (name: string, attributes: Record<string, string | number>) => SVGElement,
  { colour, symbol }: LegendEntry,
  x: number,
  y: number,
): SVGElement {
  const transform = `translate(${x},${y})`;
  if (symbol === "bar") return make("path", { d: "M-6,-5h12v10h-12z", fill: colour, transform });
  if (symbol === "line")
    return make("path", { d: "M-7,0h14", stroke: colour, "stroke-width": 2, fill: "none", transform });
  if (symbol === "truth")
    return make("path", { d: SHAPES.truth, stroke: colour, "stroke-width": 1.6, fill: "none", transform });
  if (symbol === "hollow")
    return make("path", { d: SHAPES.circle, stroke: colour, "stroke-width": 1.4, fill: PAPER, transform });
  return make("path", { d: SHAPES[symbol], fill: colour, transform });
}
