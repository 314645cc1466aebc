import "./fonts.css";
import "./style.css";
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

const data = window.__BRIDGEWISE__;
const root = document.getElementById("report");
if (data && root) start(data, root);
