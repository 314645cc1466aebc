import type { Flow } from "@bridgewise/core";
import { whole } from "../rounding.ts";
import { list } from "../sentences.ts";
import { el } from "./dom.ts";

/** What was kept at each step, with PAPER's counts where it gives them. */
export function flowTable({ steps }: Flow): HTMLElement {
  const most = Math.max(...steps.map((s) => s.responses), 1);
  const head = ["Step", "Users", "Conversations", "Responses", "Share", "Dropped", "Paper"];
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Flow of the data" },
    el(
      "table",
      {},
      el(
        "caption",
        {},
        "What was kept at each step, and why the rest was dropped; the paper's counts beside it",
      ),
      el(
        "thead",
        {},
        el("tr", {}, ...head.map((h, k) => el("th", { scope: "col", ...(k > 0 && { class: "number" }) }, h))),
      ),
      el(
        "tbody",
        {},
        ...steps.map((step) => {
          const bar = el("span", { class: "bar", "aria-hidden": "true" });
          bar.style.width = `${(100 * step.responses) / most}%`;
          const paper = [
            ["users", step.paper?.users],
            ["conversations", step.paper?.conversations],
            ["responses", step.paper?.responses],
          ].flatMap(([what, n]) => (n === undefined ? [] : [`${whole(n as number)} ${what}`]));
          return el(
            "tr",
            {},
            el("th", { scope: "row" }, step.step, el("span", { class: "reason" }, step.reason)),
            el("td", { class: "number" }, whole(step.users)),
            el("td", { class: "number" }, whole(step.conversations)),
            el("td", { class: "number" }, whole(step.responses)),
            el("td", { class: "bars" }, bar),
            el("td", { class: "number" }, whole(step.dropped.responses)),
            el("td", { class: "number" }, list(paper)),
          );
        }),
      ),
    ),
  );
}
