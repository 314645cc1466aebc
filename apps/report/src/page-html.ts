import type { ReportData } from "./report-data.ts";

/** Text in HTML. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/** JSON as a script: no text in it can end the script or start markup, and line separators stay legal. */
export function dataScript(data: ReportData): string {
  const json = JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll(">", "\\u003e")
    .replaceAll("&", "\\u0026")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return `window.__BRIDGEWISE__ = ${json};\n`;
}

/** The page's frame; the script fills it in. Nothing may be fetched from anywhere. */
export function pageHtml(data: ReportData): string {
  const simulated = data.runs.some((run) => run.manifest.simulated);
  const title = `${simulated ? "SIMULATED: " : ""}${data.title}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src data: blob:">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="report.css">
</head>
<body>
<noscript>This report needs JavaScript to draw its figures; the numbers are in data.js.</noscript>
<div id="report"></div>
<script src="data.js"></script>
<script src="report.js"></script>
</body>
</html>
`;
}
