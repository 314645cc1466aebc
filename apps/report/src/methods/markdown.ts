import type { Block, MethodsDocument } from "./document.ts";
import { REFERENCES, withCitations } from "./references.ts";

/** The methods as Markdown, for a supplement. */
export function methodsMarkdown({ sections, references }: MethodsDocument, title: string): string {
  const parts = [
    `# ${plain(title)}: methods`,
    ...sections.flatMap(({ heading, blocks }) => [`## ${heading}`, ...blocks.map(markdownOf)]),
  ];
  if (references.length > 0)
    parts.push(
      "## References",
      references
        .map((key) => {
          const { full, doi } = REFERENCES[key];
          return `- ${full}${doi === null ? "" : ` https://doi.org/${doi}`}`;
        })
        .join("\n"),
    );
  return `${parts.join("\n\n")}\n`;
}

function markdownOf(block: Block): string {
  if (block.kind === "paragraph") return plain(withCitations(block.text));
  if (block.kind === "formula") return block.lines.map((line) => `    ${line}`).join("\n");
  const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [
    `*${block.caption}*`,
    "",
    row(block.columns),
    row(block.columns.map(() => "---")),
    ...block.rows.map(row),
  ].join("\n");
}

/** Characters that Markdown would take for markup. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, "\\$&").replace(/\s+/g, " ");

/** In a table. */
const cell = (text: string): string => plain(text);
