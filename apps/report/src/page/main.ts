import "./fonts.css";
import "./style.css";
import { DATA_ELEMENT } from "../data-element.ts";
import { unpackText } from "../draws/unpack.ts";
import { figuresOf } from "../figures/figures.ts";
import type { ReportData } from "../report-data.ts";
import { el } from "./dom.ts";
import { PAGES } from "./pages.ts";
import { shell } from "./shell.ts";
import { Views } from "./view.ts";

declare global {
  interface Window {
    __BRIDGEWISE__?: ReportData;
  }
}

function start(data: ReportData, root: HTMLElement): void {
  const status = el("p", { class: "status", role: "status", "aria-live": "polite" });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const announce = (text: string): void => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      status.textContent = text;
    }, 150);
  };
  const content = { data, figures: figuresOf(data) };
  const pages = PAGES.filter((page) => page.has(content));
  const views = new Views(
    pages.map(({ id }) => id),
    window,
  );
  shell(pages, { ...content, views, announce }, status, root);
}

/** A single file has its data packed; a folder's scripts have handed them over. */
async function unpackData(packed: string): Promise<ReportData> {
  if (!("DecompressionStream" in window))
    throw new Error(
      "This browser is too old to read the report in this file; open it in one of 2023 or newer, or open the report's folder.",
    );
  window.__BRIDGEWISE__ = JSON.parse(await unpackText(packed)) as ReportData;
  return window.__BRIDGEWISE__;
}

const root = document.getElementById("report");
const packed = document.getElementById(DATA_ELEMENT)?.textContent;
if (root && packed)
  unpackData(packed)
    .then((data) => start(data, root))
    .catch((error: Error) => root.append(el("p", { role: "alert" }, error.message)));
else if (root && window.__BRIDGEWISE__) start(window.__BRIDGEWISE__, root);
