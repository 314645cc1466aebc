import { parseHTML } from "linkedom";
import type { Figure, FigureOptions } from "../src/figures/figure.ts";
import { textWidth } from "../src/figures/text-width.ts";

export const VIEW = { width: 720, scale: "coefficient", level: 0.9 } as const satisfies FigureOptions;

/** A figure drawn by linkedom's elements. */
export function drawing(figure: Figure, options: Partial<FigureOptions> = {}): SVGSVGElement {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  return figure.draw({ ...VIEW, document: document as unknown as Document, ...options });
}

/** Plot's drawings in a figure, from the first; each knows its scales. */
export const panelsIn = (svg: SVGSVGElement): (SVGSVGElement & Scaled)[] =>
  [...svg.children].filter(({ localName }) => localName === "svg") as unknown as (SVGSVGElement & Scaled)[];

interface Scaled {
  scale(name: "x" | "y"): { readonly domain: readonly number[]; invert(px: number): number };
}

const number = (element: Element, name: string): number => Number(element.getAttribute(name));

/** Numbers on the x axis under the middles of a panel's circles of that radius, in the drawing's order. */
export function dotsIn(panel: SVGSVGElement & Scaled, radius: number): number[] {
  const { invert } = panel.scale("x");
  return [...panel.querySelectorAll("circle")]
    .filter((dot) => number(dot, "r") === radius)
    .map((dot) => invert(number(dot, "cx")));
}

/** A line of text of a drawing and how far it reaches, px. */
export interface TextBox {
  readonly text: string;
  readonly left: number;
  readonly right: number;
}

/** All lines of level text. */
export function textBoxes(svg: SVGSVGElement): TextBox[] {
  const boxes: TextBox[] = [];
  const walk = (
    element: Element,
    x: number,
    inherited: { anchor: string; size: number; bold: boolean },
  ): void => {
    const transform = element.getAttribute("transform") ?? "";
    if (transform.includes("rotate")) return;
    const moved = x + Number(/translate\(\s*(-?[\d.e+-]+)/.exec(transform)?.[1] ?? 0);
    const own = {
      anchor: element.getAttribute("text-anchor") ?? inherited.anchor,
      size: Number(element.getAttribute("font-size") ?? inherited.size) || inherited.size,
      bold: Number(element.getAttribute("font-weight") ?? (inherited.bold ? 600 : 400)) >= 600,
    };
    if (element.localName === "text" || element.localName === "tspan") {
      const spans = [...element.querySelectorAll("tspan")];
      const at = moved + number(element, "x");
      if (spans.length > 0) for (const span of spans) walk(span, moved, own);
      else {
        const text = element.textContent ?? "";
        const wide = textWidth(text, own.size, own.bold);
        const left = own.anchor === "end" ? at - wide : own.anchor === "middle" ? at - wide / 2 : at;
        boxes.push({ text, left, right: left + wide });
      }
      return;
    }
    const inner = element.localName === "svg" && element !== svg ? moved + number(element, "x") : moved;
    for (const child of element.children) walk(child, inner, own);
  };
  walk(svg, 0, { anchor: "start", size: 12, bold: false });
  return boxes;
}
