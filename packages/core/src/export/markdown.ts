import type { TextTable } from "./text-table.ts";

/** Tables as Markdown (GitHub's), captions above them. */
export function toMarkdown(tables: readonly TextTable[]): string {
  return tables.map(markdownTable).join("\n");
}

function markdownTable({ caption, columns, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    caption.map(({ text, code }) => (code ? codeSpan(text) : escapeMarkdown(text))).join(""),
    "",
    line(columns.map(escapeMarkdown)),
    line(columns.map((_, k) => (k === 0 ? ":--" : "--:"))),
    ...rows.map(([name, ...cells]) => line([inCell(codeSpan(name!)), ...cells.map(escapeMarkdown)])),
    "",
  ].join("\n");
}

/** Backticks inside are fenced by a longer row of them. */
function codeSpan(text: string): string {
  const flat = text.replace(/[\n\r]+/g, " ");
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((row) => row.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`;
}

/** A bar ends a cell, in code too, unless it is escaped. */
const inCell = (text: string): string => text.replaceAll("|", "\\|");

const escapeMarkdown = (text: string): string =>
  text.replace(/[\n\r]+/g, " ").replace(/[\\`*_[\]<>|]/g, (mark) => `\\${mark}`);
