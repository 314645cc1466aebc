import { parseHTML } from "linkedom";
import type { Figure, FigureOptions } from "../figures/figure.ts";
import { FONT } from "../figures/style.ts";
import { greyOf, onWhite } from "./colours.ts";
import { FACE } from "./fonts.ts";

/** The text's colour on paper. */
const INK = "#1b1b1f";
const HEX = /^#[0-9a-f]{6}$/i;

/** A figure as SVG, with the name and the description that it has for screen readers, as plain text. */
export interface Drawing {
  readonly text: string;
  readonly name: string;
  readonly description: string;
}

/** A figure drawn without a browser (linkedom's elements), its colours fixed and its face Inter; text is text still. `halo`: lines are kept off text. */
export function svgText(
  figure: Figure,
  options: Omit<FigureOptions, "document">,
  { grey = false, halo = true } = {},
): Drawing {
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
      if (grey && HEX.test(element.getAttribute(name) ?? ""))
        element.setAttribute(name, greyOf(element.getAttribute(name)!));
    }
    if (
      element.getAttribute("font-family") === FONT ||
      element.getAttribute("font-family") === "system-ui, sans-serif"
    )
      element.setAttribute("font-family", FACE);
    if (!halo && element.hasAttribute("paint-order"))
      for (const name of ["paint-order", "stroke", "stroke-width", "stroke-linejoin"])
        element.removeAttribute(name);
    // some programs draw thin transparent lines of a PDF in full ink
    const [stroke, opacity] = [element.getAttribute("stroke"), element.getAttribute("stroke-opacity")];
    if (stroke !== null && opacity !== null && HEX.test(stroke)) {
      element.setAttribute("stroke", onWhite(stroke, Number(opacity)));
      element.removeAttribute("stroke-opacity");
    }
    // what Plot sets by style
    if (element.localName === "svg") element.setAttribute("font-size", "12");
  }
  return {
    // HTML's entity, which XML does not know
    text: svg.outerHTML.replaceAll("&nbsp;", "&#160;"),
    name: svg.getAttribute("aria-label") ?? figure.title,
    description: svg.querySelector("desc")?.textContent ?? "",
  };
}
