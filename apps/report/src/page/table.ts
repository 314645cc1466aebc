import { el } from "./dom.ts";

export interface Cell {
  readonly text: string;
  /** What sorting goes by; the text where it is missing. */
  readonly value?: number | undefined;
  readonly mark?: string | undefined;
}

export interface Column {
  readonly name: string;
  readonly numeric: boolean;
}

/** A table that can be sorted by any column, copied and downloaded as CSV. */
export function dataTable(
  caption: string,
  file: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): HTMLElement {
  const body = el("tbody");
  const fill = (order: readonly (readonly Cell[])[]): void => {
    body.replaceChildren(
      ...order.map((row) =>
        el(
          "tr",
          {},
          ...row.map((cell, k) => {
            const attributes: Record<string, string> = columns[k]!.numeric
              ? { class: `number ${cell.mark ?? ""}`.trim() }
              : {};
            return k === 0
              ? el("th", { ...attributes, scope: "row" }, cell.text)
              : el("td", attributes, cell.text);
          }),
        ),
      ),
    );
  };
  fill(rows);
  let sorted = -1;
  let ascending = true;
  const heads = columns.map((column, k) => {
    const button = el("button", { type: "button" }, column.name);
    const head = el("th", { scope: "col", ...(column.numeric && { class: "number" }) }, button);
    button.addEventListener("click", () => {
      ascending = sorted === k ? !ascending : !column.numeric;
      sorted = k;
      const sign = ascending ? 1 : -1;
      fill(rows.toSorted((a, b) => sign * compare(a[k]!, b[k]!)));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    });
    return head;
  });
  const csv = (): string =>
    [
      columns.map((c) => quote(c.name)),
      ...rows.map((row) =>
        row.map((cell) => quote(cell.value === undefined ? cell.text : String(cell.value))),
      ),
    ]
      .map((r) => r.join(","))
      .join("\n");
  const copy = el("button", { type: "button" }, "Copy");
  copy.addEventListener("click", async () => {
    const text = csv().replaceAll(",", "\t");
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Not allowed here";
    }
    setTimeout(() => {
      copy.textContent = "Copy";
    }, 1500);
  });
  const download = el(
    "a",
    {
      class: "button",
      download: `${file}.csv`,
      href: `data:text/csv;charset=utf-8,${encodeURIComponent(csv())}`,
    },
    "Download CSV",
  );
  const table = el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...heads)), body);
  return el(
    "div",
    { class: "table" },
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table),
    el("p", { class: "tools" }, copy, " ", download),
  );
}

function compare(a: Cell, b: Cell): number {
  if (a.value !== undefined && b.value !== undefined) return a.value - b.value;
  if (a.value === undefined && b.value === undefined) return a.text.localeCompare(b.text);
  return a.value === undefined ? -1 : 1;
}

/** A CSV cell; a text that a spreadsheet would run as a formula is kept a text. */
function quote(text: string): string {
  const safe = /^[=+@\t\r]|^-[^\d.]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
