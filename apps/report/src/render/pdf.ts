/// <reference path="./svg-to-pdfkit.d.ts" />
import PDFDocument from "pdfkit";
import SVGtoPDF from "svg-to-pdfkit";
import { fontFiles } from "./fonts.ts";
import type { Drawing } from "./svg-text.ts";

/** Points of PDF a CSS px. */
const POINTS = 0.75;

/** One page of the drawing's size; vectors, Inter embedded as a subset. The page carries no date, so that the same figure is the same file. */
export async function pdfOf({ text: svg, name, description }: Drawing): Promise<Uint8Array> {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number) as [
    number,
    number,
    number,
  ];
  const document = new PDFDocument({
    size: [width * POINTS, height * POINTS],
    margin: 0,
    lang: "en",
    displayTitle: true,
    info: {
      Title: name,
      Subject: description,
      CreationDate: new Date(0),
      Creator: "bridgewise",
      Producer: "bridgewise",
    },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    document.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    document.on("end", resolve);
    document.on("error", reject);
  });
  const [regular, semibold] = fontFiles();
  document.registerFont("regular", regular);
  document.registerFont("semibold", semibold);
  // svg-to-pdfkit knows one weight beside the normal, by its word
  SVGtoPDF(document, svg.replaceAll('font-weight="600"', 'font-weight="bold"'), 0, 0, {
    width: width * POINTS,
    height: height * POINTS,
    fontCallback: (_family: string, bold: boolean) => (bold ? "semibold" : "regular"),
  });
  document.end();
  await done;
  return Buffer.concat(chunks);
}
