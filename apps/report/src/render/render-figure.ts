import { Resvg } from "@resvg/resvg-js";
import type { Figure, FigureOptions } from "../figures/figure.ts";
import { escapeHtml } from "../page-html.ts";
import { FACE, fontFiles } from "./fonts.ts";
import { pdfOf } from "./pdf.ts";
import { type Drawing, svgText } from "./svg-text.ts";

export const FIGURE_FORMATS = ["svg", "png", "pdf"] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

export interface RenderOptions extends Omit<FigureOptions, "document"> {
  /** Of PNG: dots an inch where 96 px are an inch. Default 192, two dots a px. */
  readonly dpi?: number;
  /** Colours as greys of the same luminance. */
  readonly grey?: boolean;
}

/**
 * A figure as a file's bytes, the same for the same input. SVG: text outlined in Inter, so that it needs no font, with the accessible name and
 * the caption as title and description. PNG: on white. PDF: vectors, fonts embedded, text that can be searched.
 */
export async function renderFigure(
  figure: Figure,
  format: FigureFormat,
  { dpi = 192, grey = false, ...options }: RenderOptions,
): Promise<Uint8Array> {
  const drawing = svgText(figure, options, { grey, halo: format !== "pdf" });
  switch (format) {
    case "svg":
      return new TextEncoder().encode(outlined(drawing));
    case "png":
      return resvg(drawing.text, dpi / 96)
        .render()
        .asPng();
    case "pdf":
      return pdfOf(drawing);
  }
}

function resvg(text: string, zoom: number): Resvg {
  return new Resvg(text, {
    font: {
      loadSystemFonts: false,
      fontFiles: [...fontFiles()],
      defaultFontFamily: FACE,
      sansSerifFamily: FACE,
    },
    background: "white",
    fitTo: { mode: "zoom", value: zoom },
  });
}

/** resvg's tree has every text as paths; what it drops for screen readers comes back. */
function outlined({ text, name, description }: Drawing): string {
  const title = escapeHtml(name);
  return resvg(text, 1)
    .toString()
    .replace(
      /^<svg([^>]*)>/,
      (_, attributes: string) =>
        `<svg${attributes} role="img" aria-label="${title}"><title>${title}</title><desc>${escapeHtml(description)}</desc>`,
    );
}
