import type { TextTable } from "./text-table.ts";

/** Tables as LaTeX with booktabs; every text is escaped. */
export function toLatex(tables: readonly TextTable[]): string {
  return `% needs \\usepackage{booktabs}\n${tables.map(latexTable).join("\n")}`;
}

function latexTable({ label, caption, columns, rows }: TextTable): string {
  return [
    "\\begin{table}",
    "\\centering",
    `\\caption{${caption.map(({ text, code }) => (code ? typewriter(text) : escapeLatex(text))).join("")}}`,
    `\\label{tab:${label.replace(/[^A-Za-z0-9]+/g, "-")}}`,
    `\\begin{tabular}{l${"r".repeat(columns.length - 1)}}`,
    "\\toprule",
    `${columns.map(escapeLatex).join(" & ")} \\\\`,
    "\\midrule",
    ...rows.map(([name, ...cells]) => `${[typewriter(name!), ...cells.map(number)].join(" & ")} \\\\`),
    "\\bottomrule",
    "\\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "|": "\\textbar{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
};

/** A text that LaTeX prints as it is. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\~^|<>]|[&%$#_{}]/g, (mark) => ESCAPES[mark] ?? `\\${mark}`);
}

const typewriter = (text: string): string => `\\texttt{${escapeLatex(text)}}`;

/** A minus sign instead of a hyphen; Inf as the sign for it. */
function number(text: string): string {
  if (text === "Inf") return "$\\infty$";
  return /^-\d/.test(text) ? `$-$${escapeLatex(text.slice(1))}` : escapeLatex(text);
}
