import type { Figure, FigureOptions } from "../figures/figure.ts";
import { chosenOf } from "./choices.ts";
import { button, el, slug } from "./dom.ts";
import { saveFile, savePng, standalone } from "./figure-files.ts";
import type { PageContext } from "./page.ts";
import { csvOf } from "./table.ts";

/** Drawings have these widths, px; paper is narrower than most screens. */
const NARROWEST = 300;
const WIDEST = 1100;
const PAPER = 680;

/** Event of the window: figures are drawn for paper. Not `beforeprint`, in which the pages that are first built then hear nothing. */
export const TO_PAPER = "bridgewise-paper";

/** A figure with its caption, the table behind it and its files; drawn anew when the view or its width changes. `place`: begins its id, for a figure that stands in two. */
export function figureView(figure: Figure, context: PageContext, place = "figure"): HTMLElement {
  const { views, data, announce } = context;
  const frame = el("div", { class: "frame" });
  const caption = el("figcaption");
  const behind = el("details", {}, el("summary", {}, "Table behind the figure"));
  const id = `${place}-${slug(figure.id)}`;
  let width = 0;

  const options = (): FigureOptions => {
    const { view } = views;
    const { variables, subsets } = chosenOf(data, view);
    return {
      width,
      scale: figure.scales.includes(view.scale) ? view.scale : (figure.scales[0] ?? "coefficient"),
      level: view.level,
      ...(variables && { variables }),
      ...(subsets && { subsets }),
    };
  };
  const table = (): HTMLElement => {
    const { columns, rows } = figure.table(options());
    return el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": `Table behind ${figure.title}` },
      el(
        "table",
        {},
        el("caption", {}, figure.title),
        el("thead", {}, el("tr", {}, ...columns.map((name) => el("th", { scope: "col" }, name)))),
        el(
          "tbody",
          {},
          ...rows.map((row) =>
            el(
              "tr",
              {},
              ...row.map((value, k) => {
                const text = value === null ? "–" : typeof value === "number" ? readable(value) : value;
                return k === 0
                  ? el("th", { scope: "row" }, text)
                  : el("td", typeof value === "number" ? { class: "number" } : {}, text);
              }),
            ),
          ),
        ),
      ),
    );
  };
  const fillTable = (): void => {
    behind.replaceChildren(behind.firstElementChild!, ...(behind.open ? [table()] : []));
  };
  behind.addEventListener("toggle", fillTable);

  const draw = (): void => {
    if (width === 0) return;
    try {
      const svg = figure.draw(options());
      const name = svg.getAttribute("aria-label") ?? figure.title;
      svg.setAttribute("aria-label", `${name}; the numbers are in the table behind the figure`);
      frame.replaceChildren(svg);
      caption.textContent = figure.caption(options());
    } catch (error) {
      // one figure that cannot be drawn must not take the page with it
      frame.replaceChildren(el("p", { class: "warn" }, `This figure cannot be drawn: ${String(error)}`));
    }
    fillTable();
  };
  const fit = (wanted: number): void => {
    const next = wanted === 0 ? 0 : Math.min(WIDEST, Math.max(NARROWEST, Math.floor(wanted)));
    if (next === 0 || next === width) return;
    width = next;
    draw();
  };
  new ResizeObserver(() => fit(frame.clientWidth)).observe(frame);
  window.addEventListener(TO_PAPER, () => fit(PAPER));
  window.addEventListener("afterprint", () => fit(frame.clientWidth));
  views.subscribe((view, before) => {
    const same =
      view.scale === before.scale &&
      view.level === before.level &&
      view.attributes === before.attributes &&
      view.subsets === before.subsets;
    if (same || width === 0) return;
    draw();
    if (frame.isConnected && frame.clientWidth > 0) announce(`Drawn anew: ${figure.title}.`);
  });

  const file = slug(`${data.title}-${figure.id}`);
  const svg = (): string | undefined => {
    const drawn = frame.querySelector("svg");
    return drawn ? standalone(drawn) : undefined;
  };
  const tools = el(
    "p",
    { class: "tools" },
    button("SVG", () => {
      const text = svg();
      if (text !== undefined) saveFile(`${file}.svg`, "image/svg+xml", text);
    }),
    " ",
    button("PNG", async () => {
      const text = svg();
      if (text !== undefined) await savePng(`${file}.png`, text);
    }),
    " ",
    button("CSV", () => {
      const { columns, rows } = figure.table(options());
      saveFile(
        `${file}.csv`,
        "text/csv",
        csvOf(
          columns.map((name) => ({ name, numeric: false })),
          rows.map((row) =>
            row.map((value) => ({ text: String(value ?? ""), ...(typeof value === "number" && { value }) })),
          ),
        ),
      );
    }),
  );
  for (const [k, name] of ["SVG", "PNG", "CSV"].entries())
    tools.querySelectorAll("button")[k]!.setAttribute("aria-label", `Download ${figure.title} as ${name}`);
  return el(
    "figure",
    { id, "aria-labelledby": `${id}-title` },
    el("h2", { id: `${id}-title` }, figure.title),
    frame,
    caption,
    behind,
    tools,
  );
}

/** Four significant digits; whole numbers whole. */
const readable = (value: number): string =>
  (Number.isInteger(value) ? value.toLocaleString("en-GB") : String(Number(value.toPrecision(4)))).replace(
    "-",
    "\u2212",
  );
