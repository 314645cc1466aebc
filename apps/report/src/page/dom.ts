export type Child = Node | string | undefined | false | null;

/** An element with attributes and children; text from data only ever becomes text nodes. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  for (const child of children)
    if (child !== undefined && child !== false && child !== null) node.append(child);
  return node;
}

/** An id made of safe characters. */
export const slug = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();

/** A part of a page, with its heading. */
export function part(heading: string, ...children: readonly Child[]): HTMLElement {
  return el("section", { class: "part" }, el("h2", {}, heading), ...children);
}

/** A button; it submits nothing. */
export function button(text: string, onClick: (event: Event) => void): HTMLButtonElement {
  const node = el("button", { type: "button" }, text);
  node.addEventListener("click", onClick);
  return node;
}

/** A labelled choice of one of several. */
export function choice(
  label: string,
  options: readonly { readonly value: string; readonly text: string }[],
  onChange: (value: string) => void,
): { element: HTMLLabelElement; set(value: string): void } {
  const select = el("select", {}, ...options.map(({ value, text }) => el("option", { value }, text)));
  select.addEventListener("change", () => onChange(select.value));
  return {
    element: el("label", { class: "choice" }, el("span", {}, label), select),
    set: (value) => {
      select.value = value;
    },
  };
}
