import "./style.css";
import type { ReportData } from "../report-data.ts";
import { panelsOf } from "../sentences.ts";
import { el } from "./dom.ts";
import { coefficients, diagnostics, flow, found, groups, manifest } from "./sections.ts";

declare global {
  interface Window {
    __BRIDGEWISE__?: ReportData;
  }
}

function show(data: ReportData, root: HTMLElement): void {
  const simulated = data.runs.some((run) => run.manifest.simulated);
  const sections = [
    found(data),
    ...panelsOf(data.runs).map(coefficients),
    groups(data),
    diagnostics(data),
    flow(data),
    manifest(data),
  ].filter((s) => s !== undefined);
  root.append(
    el("a", { class: "skip", href: "#main" }, "Skip to the content"),
    ...(simulated
      ? [
          el(
            "p",
            { class: "simulated", role: "note" },
            el("strong", {}, "SIMULATED"),
            " The ratings, texts and scores of this report were made by a program, with known coefficients. They say nothing about people.",
          ),
        ]
      : []),
    el(
      "header",
      {},
      el("h1", {}, data.title),
      el(
        "nav",
        { "aria-label": "Sections" },
        el(
          "ul",
          {},
          ...sections.map((s) =>
            el("li", {}, el("a", { href: `#${s.id}` }, s.querySelector("h2")!.textContent ?? "")),
          ),
        ),
      ),
    ),
    el("main", { id: "main" }, ...sections),
    el(
      "footer",
      {},
      `Made ${data.created.slice(0, 10)} with bridgewise ${data.version}. This page works offline and asks nothing of any server.`,
    ),
  );
}

const data = window.__BRIDGEWISE__;
const root = document.getElementById("report");
if (data && root) show(data, root);
