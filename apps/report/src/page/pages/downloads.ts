import { button, el, part } from "../dom.ts";
import { saveFile } from "../figure-files.ts";
import type { Page } from "../page.ts";

export const downloads: Page = {
  id: "downloads",
  name: "Downloads",
  question: "How can I go on with this?",
  heading: () => "Take the numbers along",
  has: () => true,
  build: ({ data }) => [
    el(
      "p",
      { class: "lead" },
      "Every table has a button for its CSV file, every figure buttons for SVG, PNG and its numbers. Here is the rest.",
    ),
    part(
      "All that this report is made from",
      el(
        "ul",
        { class: "files" },
        data.results &&
          file("results.json", "the plan's results: every hypothesis, comparison and variation", () =>
            json(data.results),
          ),
        data.results &&
          file("tables.json", "every hypothesis beside its published row", () =>
            json({ rows: data.results!.rows }),
          ),
        data.overview &&
          file("overview.json", "distributions, correlations, raters and models", () => json(data.overview)),
        data.flow && file("flow.json", "what was kept and dropped", () => json(data.flow)),
        file("runs.json", "manifests, summaries and diagnostics of all fits", () =>
          json(
            data.runs.map(({ id, manifest, summary, diagnostics }) => ({
              id,
              manifest,
              summary,
              diagnostics,
            })),
          ),
        ),
      ),
    ),
    part(
      "To run it again",
      el(
        "p",
        {},
        data.results
          ? `The plan that was run is plan.yaml (${data.results.plan.file}, SHA-256 ${data.results.plan.sha256}) in the folder of results, and each fit's draws are in runs/FIT/draws.arrow there, in Apache Arrow's format.`
          : "Each fit's draws are in draws.arrow of its run folder, in Apache Arrow's format.",
      ),
    ),
  ],
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const file = (name: string, what: string, content: () => string): HTMLElement =>
  el(
    "li",
    {},
    button(name, () => saveFile(name, "application/json", content())),
    ` ${what}`,
  );
