import { createHash } from "node:crypto";
import type { DrawsBlock } from "./draws/block.ts";
import type { ReportData, ReportRun } from "./report-data.ts";

/** Text in HTML. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/**
 * A JSON value as JavaScript: no text in it can end the script or start markup, line separators stay legal, and a key `__proto__` is a
 * key like any other.
 */
export const jsonScript = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029")
    // within a string the quote before it would be escaped
    .replaceAll(/(?<!\\)"__proto__":/g, '["__proto__"]:');

/** The value in what `jsonScript` made. */
export const parseJsonScript = (script: string): unknown =>
  JSON.parse(script.replaceAll('["__proto__"]:', '"__proto__":'));

/** Hands one run to the page: a script of its own, so that a changed run changes no other file. */
export const runScript = (run: ReportRun): string =>
  `(window.__BRIDGEWISE_RUNS__ ??= []).push(${jsonScript(run)});\n`;

/** The run in its script. */
export const runInScript = (script: string): ReportRun =>
  parseJsonScript(script.slice(script.indexOf("push(") + 5, script.lastIndexOf(")"))) as ReportRun;

/** Hands a run's draws to the page. */
export const drawsScript = (id: string, block: DrawsBlock): string =>
  `(window.__BRIDGEWISE_DRAWS__ ??= new Map()).set(${jsonScript(id)}, ${jsonScript(block)});\n`;

/** The draws in their script: within texts its first quotes would be escaped. */
export const blockInScript = (script: string): DrawsBlock =>
  parseJsonScript(script.slice(script.indexOf('{"chains":'), script.lastIndexOf("}") + 1)) as DrawsBlock;

/** The rest of the data, after the scripts of the runs; `draws`: where each run's are. */
export const dataScript = (
  data: Omit<ReportData, "runs">,
  draws: readonly (ReportRun["draws"] | null)[] = [],
): string =>
  `window.__BRIDGEWISE__ = { ...${jsonScript(data)}, runs: ((draws) => (window.__BRIDGEWISE_RUNS__ ?? []).map((run, i) => (draws[i] ? { ...run, draws: draws[i] } : run)))(${jsonScript(draws)}) };\n`;

/** What stands in the page's head, and its scripts: beside it, or in it. */
export interface PageFrame {
  readonly title: string;
  readonly simulated: boolean;
}

const frame = ({ title, simulated }: PageFrame, policy: string, style: string, scripts: string): string => {
  const name = `${simulated ? "SIMULATED: " : ""}${title}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; ${policy}; style-src 'self' file: 'unsafe-inline'; img-src data: blob:; font-src data:">
<title>${escapeHtml(name)}</title>
<link rel="icon" href="data:,">
${style}
</head>
<body>
<noscript>This report needs JavaScript to draw its figures; the run folders that it was made from have the numbers.</noscript>
<div id="report"></div>
${scripts}
</body>
</html>
`;
};

/** The page's frame; the scripts beside it fill it in. Nothing may be fetched from anywhere. */
export const pageHtml = (page: PageFrame, scripts: readonly string[]): string =>
  frame(
    page,
    "script-src 'self' file:",
    '<link rel="stylesheet" href="report.css">',
    scripts.map((name) => `<script src="${escapeHtml(name)}"></script>`).join("\n"),
  );

/** A text without markup that the page's script reads, and no other use is made of. */
export interface PageText {
  readonly id: string;
  readonly text: string;
}

/** The page in one file: its style, its script and texts for that are in it, and no other script may run. */
export function singlePageHtml(
  page: PageFrame,
  style: string,
  script: string,
  texts: readonly PageText[],
): string {
  // in strings of a bundle, where they may stand, these would end the element or begin a comment
  const inline = script.replaceAll(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "\\x3c!--");
  const hash = createHash("sha256").update(inline).digest("base64");
  return frame(
    page,
    `script-src 'sha256-${hash}'`,
    `<style>${style.replaceAll(/<\/(style)/gi, "<\\/$1")}</style>`,
    [
      ...texts.map(
        ({ id, text }) => `<script type="text/plain" id="${escapeHtml(id)}">${escapeHtml(text)}</script>`,
      ),
      `<script>${inline}</script>`,
    ].join("\n"),
  );
}
