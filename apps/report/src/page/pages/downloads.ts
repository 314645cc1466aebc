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
        data.plan !== undefined &&
          file(
            "plan.yaml",
            "the plan that was run, to run again or to change",
            () => data.plan!,
            "text/yaml",
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
          ? `The plan that was run is ${data.results.plan.file} (SHA-256 ${data.results.plan.sha256}), kept as plan.yaml in the folder of results; run it with 'bridgewise run plan.yaml --data FILE.csv --out DIR'. Each fit's draws are in runs/FIT/draws.arrow there, in Apache Arrow's format.`
          : "Each fit's draws are in draws.arrow of its run folder, in Apache Arrow's format.",
      ),
    ),
  ],
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const file = (name: string, what: string, content: () => string, type = "application/json"): HTMLElement =>
  el(
    "li",
    {},
    button(name, () => saveFile(name, type, content())),
    ` ${what}`,
  );
