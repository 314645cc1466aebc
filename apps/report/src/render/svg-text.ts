import { parseHTML } from "linkedom";
import type { Figure, FigureOptions } from "../figures/figure.ts";
import { FONT } from "../figures/style.ts";
import { FACE } from "./fonts.ts";
import { greyOf } from "./grey.ts";

/** The text's colour on paper. */
const INK = "#1b1b1f";

/** A figure drawn without a browser (linkedom's elements), its colours fixed and its face Inter; text is text still. */
export function svgText(figure: Figure, options: Omit<FigureOptions, "document">, grey = false): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = figure.draw({ ...options, document: document as unknown as Document });
  for (const element of [svg, ...svg.querySelectorAll("*")]) {
    // hover texts are for the page
    if (element.localName === "title" && element.parentNode !== svg) element.remove();
    for (const { name, value } of [...element.attributes]) {
      // resvg knows neither custom properties nor these
      if (name === "style" || (name.startsWith("aria-") && element !== svg)) element.removeAttribute(name);
      else if (value.includes("var(--") || value === "currentColor")
        element.setAttribute(
          name,
          value.replace(/var\(--[\w-]+,\s*([^)]*)\)/, "$1").replace("currentColor", INK),
        );
      if (grey && /^#[0-9a-f]{6}$/i.test(element.getAttribute(name) ?? ""))
        element.setAttribute(name, greyOf(element.getAttribute(name)!));
    }
    if (
      element.getAttribute("font-family") === FONT ||
      element.getAttribute("font-family") === "system-ui, sans-serif"
    )
      element.setAttribute("font-family", FACE);
    // what Plot sets by style
    if (element.localName === "svg") element.setAttribute("font-size", "12");
  }
  return svg.outerHTML;
}
