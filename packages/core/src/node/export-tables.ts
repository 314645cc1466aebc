import { estimateTable } from "../export/estimate-table.ts";
import { hypothesisTable } from "../export/hypothesis-table.ts";
import { toLatex } from "../export/latex.ts";
import { toMarkdown } from "../export/markdown.ts";
import { quantileSorted } from "../posterior/quantile.ts";
import type { DrawsReader } from "./draws-reader.ts";
import { readHypotheses } from "./hypotheses-file.ts";
import type { RunFolder } from "./run-folder.ts";

/** Of the central intervals. */
const LEVEL = 0.95;

/** The tables of a run: estimates of the variables with these indices, and hypotheses where they were saved. */
export async function tablesOf(
  to: "latex" | "markdown",
  { dir, manifest, summary }: RunFolder,
  reader: DrawsReader,
  variables: readonly number[],
): Promise<string> {
  const estimates = [];
  for (const v of variables) {
    const name = reader.variables[v]!;
    const sorted = (await reader.read(v)).sort();
    const bound = (p: number): number | null => {
      const value = Number.isNaN(sorted.at(-1)) ? Number.NaN : quantileSorted(sorted, p);
      return Number.isFinite(value) ? value : null;
    };
    estimates.push({
      name,
      summary: summary.variables[name]!,
      lower: bound((1 - LEVEL) / 2),
      upper: bound((1 + LEVEL) / 2),
    });
  }
  const hypotheses = await readHypotheses(dir);
  const tables = [
    estimateTable(manifest, estimates, LEVEL),
    ...(hypotheses ? [hypothesisTable(manifest, hypotheses.rows)] : []),
  ];
  return to === "latex" ? toLatex(tables) : toMarkdown(tables);
}
