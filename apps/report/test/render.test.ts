import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { figuresOf } from "../src/figures/figures.ts";
import { greyOf } from "../src/render/colours.ts";
import { FIGURE_FORMATS, type RenderOptions, renderFigure } from "../src/render/render-figure.ts";
import { drawing, VIEW } from "./drawing.ts";
import { makeData } from "./figure-data.ts";
import { makeRun } from "./runs.ts";

const figures = figuresOf(makeData());
const [first] = figures;
const render = (format: (typeof FIGURE_FORMATS)[number], more: Partial<RenderOptions> = {}) =>
  renderFigure(first!, format, { ...VIEW, ...more });
const size = ({ width = VIEW.width } = {}): [number, number] => {
  const svg = drawing(first!, { width });
  return [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
};
const png = async (more: Partial<RenderOptions> = {}): Promise<PNG> =>
  PNG.sync.read(Buffer.from(await render("png", more)));
/** Pixels as [r, g, b]. */
const pixels = ({ data }: PNG): [number, number, number][] =>
  Array.from({ length: data.length / 4 }, (_, i) => [data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!]);

describe("PNG", () => {
  it("has the drawing's size at its dots an inch, 192 by default", async () => {
    const [width, height] = size();
    for (const [options, zoom] of [
      [{}, 2],
      [{ dpi: 300 }, 300 / 96],
    ] as const) {
      const image = await png(options);
      expect(image.width).toBe(Math.round(width * zoom));
      expect(Math.abs(image.height - height * zoom)).toBeLessThanOrEqual(1);
    }
    expect((await png({ width: 400, dpi: 96 })).width).toBe(400);
  });

  it("is ink on opaque white, and in greys where they are wanted", async () => {
    const drawn = await png();
    expect(drawn.data.every((value, i) => i % 4 !== 3 || value === 255)).toBe(true);
    const all = pixels(drawn);
    const dark = all.filter(([r, g, b]) => r + g + b < 200).length / all.length;
    expect(dark).toBeGreaterThan(0.005);
    expect(dark).toBeLessThan(0.2);
    const coloured = ([r, g, b]: readonly number[]): boolean =>
      Math.max(r!, g!, b!) - Math.min(r!, g!, b!) > 8;
    expect(all.some(coloured)).toBe(true);
    const grey = await renderFigure(figures[1]!, "png", { ...VIEW, grey: true, dpi: 96 });
    expect(pixels(PNG.sync.read(Buffer.from(grey))).filter(coloured)).toEqual([]);
  });
});

describe("greys", () => {
  it("have the colour's luminance", () => {
    expect(["#ffffff", "#000000", "#808080", "#ff0000"].map(greyOf)).toEqual([
      ...["#ffffff", "#000000", "#808080"],
      // 0.2126 in sRGB
      "#7f7f7f",
    ]);
  });
});

describe("SVG", () => {
  it("needs no font and no page: text as outlines, fixed colours, name and description with SIMULATED", async () => {
    for (const figure of figures.slice(0, 12)) {
      const text = new TextDecoder().decode(await renderFigure(figure, "svg", VIEW));
      expect(text).not.toMatch(
        /<text|font-family|currentColor|var\(|<style|<script|http(?!:\/\/www\.w3\.org\/)/,
      );
      expect(text).toMatch(
        /^<svg[^>]* role="img" aria-label="SIMULATED: [^"]+"><title>SIMULATED: [^<]+<\/title>/,
      );
      expect(text).toMatch(/<desc>The data are SIMULATED\. [^<]+<\/desc>/);
      expect(text.match(/<path/g)!.length).toBeGreaterThan(20);
    }
  });
});

describe("PDF", () => {
  it("is one page of the drawing's size with its fonts in it, as subsets, and searchable text", async () => {
    const text = Buffer.from(await render("pdf")).toString("latin1");
    expect(text.startsWith("%PDF-1.")).toBe(true);
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
    const [width, height] = size().map((px) => 0.75 * px) as [number, number];
    expect(text).toContain(`/MediaBox [0 0 ${width} ${height}]`);
    const fonts = text.match(/\/BaseFont \/\S+/g)!;
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatch(/^\/BaseFont \/[A-Z]{6}\+Inter-/);
    expect(text).toMatch(/\/FontFile[23] /);
    expect(text).toContain("/ToUnicode ");
  });
});

describe("every format", () => {
  it("gives the same bytes for the same figure", async () => {
    for (const format of FIGURE_FORMATS) expect(await render(format)).toEqual(await render(format));
  });

  it("draws names with markup, spaces of HTML and letters of no face", async () => {
    const one = makeRun("all").summary.variables["b_A"]!;
    const name = `</desc><script>"&amp;\u00a0'漢\u{1f600}`;
    const run = makeRun("all", { variables: { [`b_${name}`]: one, b_B: one } });
    const [figure] = figuresOf({ title: "", created: "", version: "", runs: [run] });
    for (const format of FIGURE_FORMATS) {
      const bytes = await renderFigure(figure!, format, VIEW);
      expect(bytes.length).toBeGreaterThan(1000);
      if (format === "svg") {
        const text = new TextDecoder().decode(bytes);
        expect(text).not.toContain("<script");
        expect(text.match(/<desc>/g)).toHaveLength(1);
        expect(text).toContain("&lt;/desc&gt;&lt;script&gt;&quot;&amp;amp;");
      }
    }
  });
});
