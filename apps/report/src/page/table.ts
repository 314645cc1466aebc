import { button, el } from "./dom.ts";

export interface Cell {
  readonly text: string;
  /** What sorting goes by, and what the CSV file holds; the text where it is missing. */
  readonly value?: number | undefined;
  readonly mark?: string | undefined;
  /** Where a column has parts: their numbers, for the CSV file. */
  readonly parts?: readonly (number | string | null)[];
  /** A link inside the report, `#diagnostics?fit=…`. */
  readonly href?: string | undefined;
  /** For those who hover or listen: what a mark means. */
  readonly title?: string | undefined;
}

export interface Column {
  readonly name: string;
  readonly numeric: boolean;
  /** A heading over several columns, such as `Published`. */
  readonly group?: string;
  /** Names of the numbers that a cell holds, which are columns of their own in the CSV file: an interval's ends. */
  readonly parts?: readonly string[];
}

export interface TableOptions {
  /** Of each row, for links to it. */
  readonly ids?: readonly string[];
  /** Whose first column is no name of the row. */
  readonly plain?: boolean;
}

export interface DataTable {
  readonly element: HTMLElement;
  /** Shows the rows for which it is true, and says how many. */
  filter(shown: (row: number) => boolean): number;
  /** On screens, columns under these headings are left out; paper and files have all. */
  leaveOut(groups: readonly string[]): void;
  /** The row with this id is marked, and brought into sight. */
  point(id: string): void;
  csv(): string;
}

/** A table that can be sorted by any column, copied and downloaded as CSV. */
export function dataTable(
  caption: string,
  file: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): HTMLElement {
  return makeTable(caption, file, columns, rows, options).element;
}

export function makeTable(
  caption: string,
  file: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { ids, plain = false }: TableOptions = {},
): DataTable {
  const body = el("tbody");
  const made = rows.map((row, i) =>
    el("tr", ids?.[i] === undefined ? {} : { id: ids[i] }, ...row.map((cell, k) => cellOf(cell, k))),
  );
  let shown: readonly number[] = rows.map((_, i) => i);
  let sorted = -1;
  let ascending = true;

  function cellOf(cell: Cell, k: number): HTMLElement {
    const attributes: Record<string, string> = {};
    const starts = columns[k]!.group !== undefined && columns[k]!.group !== columns[k - 1]?.group;
    const classes = [columns[k]!.numeric && "number", starts && "start", cell.mark]
      .filter((name) => name)
      .join(" ");
    if (classes !== "") attributes["class"] = classes;
    if (cell.title !== undefined) attributes["title"] = cell.title;
    const inside = cell.href === undefined ? cell.text : el("a", { href: cell.href }, cell.text);
    return k === 0 && !plain
      ? el("th", { ...attributes, scope: "row" }, inside)
      : el("td", attributes, inside);
  }

  const fill = (): void => {
    const sign = ascending ? 1 : -1;
    const order =
      sorted < 0
        ? shown
        : shown.toSorted((a, b) => sign * compare(rows[a]![sorted]!, rows[b]![sorted]!) || a - b);
    body.replaceChildren(...order.map((i) => made[i]!));
  };
  fill();

  const heads = columns.map((column, k) => {
    const head = el(
      "th",
      // on paper the name stands for the button, which is not repeated on each sheet
      { scope: "col", "data-name": column.name, ...(column.numeric && { class: "number" }) },
      button(column.name, () => {
        ascending = sorted === k ? !ascending : !column.numeric;
        sorted = k;
        fill();
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      }),
    );
    return head;
  });

  const csv = (): string => csvOf(columns, rows);
  const copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(tabbed(columns, rows));
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
  const groups = groupHeads(columns);
  const table = el(
    "table",
    {},
    el("caption", {}, caption),
    el(
      "thead",
      {},
      ...(groups.length > 0 ? [el("tr", { class: "groups" }, ...groups)] : []),
      el("tr", {}, ...heads),
    ),
    body,
  );
  return {
    element: el(
      "div",
      { class: "table" },
      el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table),
      el("p", { class: "tools" }, copy, " ", download),
    ),
    filter: (wanted) => {
      shown = rows.flatMap((_, i) => (wanted(i) ? [i] : []));
      fill();
      return shown.length;
    },
    leaveOut: (left) => {
      const away = ({ group }: Column): boolean => group !== undefined && left.includes(group);
      for (const head of groups) head.classList.toggle("away", left.includes(head.textContent ?? ""));
      for (const row of [...made, heads[0]!.parentElement!])
        for (const [k, column] of columns.entries()) row.children[k]!.classList.toggle("away", away(column));
    },
    point: (id) => {
      for (const row of made) row.classList.toggle("pointed", row.id === id);
      const row = made.find((other) => other.id === id);
      row?.scrollIntoView({ block: "center", inline: "nearest" });
    },
    csv,
  };
}

/** Headings over the columns' own, where columns have any. */
function groupHeads(columns: readonly Column[]): HTMLElement[] {
  if (columns.every(({ group }) => group === undefined)) return [];
  const spans: { group: string | undefined; count: number }[] = [];
  for (const { group } of columns) {
    const last = spans.at(-1);
    if (last && last.group === group) last.count++;
    else spans.push({ group, count: 1 });
  }
  return spans.map(({ group, count }) =>
    group === undefined
      ? el("td", { colspan: String(count) })
      : el("th", { scope: "colgroup", colspan: String(count) }, group),
  );
}

function compare(a: Cell, b: Cell): number {
  if (a.value !== undefined && b.value !== undefined) return a.value === b.value ? 0 : a.value - b.value;
  if (a.value === undefined && b.value === undefined) return a.text.localeCompare(b.text);
  return a.value === undefined ? -1 : 1;
}

const headsOf = ({ group, name, parts }: Column): string[] =>
  (parts ?? [name]).map((part) => (group === undefined ? part : `${group}: ${part}`));

const plainCells = ({ text, value, parts }: Cell, column: Column): string[] =>
  column.parts
    ? column.parts.map((_, k) => String(parts?.[k] ?? ""))
    : [value === undefined ? text : String(value)];

/** Heads and rows as a file holds them. */
const sheet = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[][] => [
  columns.flatMap(headsOf),
  ...rows.map((row) => row.flatMap((cell, k) => plainCells(cell, columns[k]!))),
];

export const csvOf = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): string =>
  sheet(columns, rows)
    .map((row) => row.map(quote).join(","))
    .join("\n");

const tabbed = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): string =>
  sheet(columns, rows)
    .map((row) => row.map((text) => text.replace(/[\t\r\n]/g, " ")).join("\t"))
    .join("\n");

/** A CSV cell; a text that a spreadsheet would run as a formula is kept a text. */
export function quote(text: string): string {
  const safe = /^[=+@\t\r]|^-[^\d.]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
