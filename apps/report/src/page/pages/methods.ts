import type { Block, MethodsDocument } from "../../methods/document.ts";
import { methodsMarkdown } from "../../methods/markdown.ts";
import { methodsOf } from "../../methods/methods.ts";
import { REFERENCES, withCitations } from "../../methods/references.ts";
import type { ReportData } from "../../report-data.ts";
import { button, type Child, el, part } from "../dom.ts";
import { saveFile } from "../figure-files.ts";
import { methodSentence } from "../imported.ts";
import type { Page } from "../page.ts";

export const methods: Page = {
  id: "methods",
  name: "Methods",
  question: "How was this done?",
  heading: ({ data: { runs } }) =>
    runs.every(({ manifest }) => manifest.imported)
      ? "Draws of another program, summarised"
      : "Bayesian regressions, sampled by Hamiltonian Monte Carlo",
  has: () => true,
  build: ({ data }) => {
    const document = methodsOf(data);
    return [
      data.runs.some(({ manifest }) => manifest.imported) && el("p", {}, methodSentence(data)),
      el(
        "p",
        { class: "tools" },
        button("Download as Markdown", () =>
          saveFile("methods.md", "text/markdown", methodsMarkdown(document, data.title)),
        ),
      ),
      ...document.sections.map(({ heading, blocks }) => part(heading, ...blocks.map(show))),
      references(document),
      phases(data),
    ];
  },
};

function show(block: Block): HTMLElement {
  if (block.kind === "paragraph") return el("p", {}, withCitations(block.text));
  if (block.kind === "formula")
    return el("div", { class: "formula" }, ...block.lines.map((line) => el("div", {}, line)));
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": block.caption },
    el(
      "table",
      { class: "prose" },
      el("caption", {}, block.caption),
      el("thead", {}, el("tr", {}, ...block.columns.map((name) => el("th", { scope: "col" }, name)))),
      el(
        "tbody",
        {},
        ...block.rows.map((row) =>
          el(
            "tr",
            {},
            ...row.map((text, k) => (k === 0 ? el("th", { scope: "row" }, text) : el("td", {}, text))),
          ),
        ),
      ),
    ),
  );
}

const references = ({ references: keys }: MethodsDocument): Child =>
  keys.length > 0 &&
  part(
    "References",
    el(
      "ul",
      { class: "references" },
      ...keys.map((key) => {
        const { full, doi } = REFERENCES[key];
        return el("li", {}, full, doi !== null && ` doi:${doi}`);
      }),
    ),
  );

function phases({ results }: ReportData): Child {
  if (!results || results.phases.length === 0) return undefined;
  return part(
    "Time",
    el(
      "ul",
      {},
      ...results.phases.map(({ phase, seconds }) => el("li", {}, `${phase}: ${seconds.toFixed(1)} s`)),
    ),
  );
}
