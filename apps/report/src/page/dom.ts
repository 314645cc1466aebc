type Child = Node | string | undefined | false;

/** An element with attributes and children; text from data only ever becomes text nodes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  for (const child of children) if (child !== undefined && child !== false) node.append(child);
  return node;
}

/** An id made of safe characters. */
export const slug = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();

/** A section with its heading, linked from the navigation. */
export function section(id: string, heading: string, ...children: Child[]): HTMLElement {
  return el(
    "section",
    { id, "aria-labelledby": `${id}-heading` },
    el("h2", { id: `${id}-heading` }, heading),
    ...children,
  );
}

/** A figure that is drawn anew whenever its width changes. */
export function responsiveFigure(
  label: string,
  caption: string,
  draw: (width: number) => SVGSVGElement,
): HTMLElement {
  const frame = el("div", { class: "frame" });
  let last = 0;
  const redraw = (): void => {
    const width = Math.floor(frame.clientWidth);
    if (width === 0 || width === last) return;
    last = width;
    const svg = draw(width);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    frame.replaceChildren(svg);
  };
  new ResizeObserver(redraw).observe(frame);
  // paper is narrower than most screens
  window.addEventListener("beforeprint", () => {
    frame.style.width = "680px";
    redraw();
  });
  window.addEventListener("afterprint", () => {
    frame.style.width = "";
    redraw();
  });
  return el("figure", {}, frame, el("figcaption", {}, caption));
}
