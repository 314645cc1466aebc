import { join } from "node:path";
import { estimateTable } from "../export/estimate-table.ts";
import { hypothesesShape, hypothesisTable } from "../export/hypothesis-table.ts";
import { toLatex } from "../export/latex.ts";
import { toMarkdown } from "../export/markdown.ts";
import type { HypothesisRow } from "../hypothesis/index.ts";
import { quantileSorted } from "../posterior/quantile.ts";
import type { DrawsReader } from "./draws-reader.ts";
import { type RunFolder, readJson } from "./run-folder.ts";
import { isThere } from "./text-file.ts";
import { HYPOTHESES } from "./unfinished-run.ts";

/** Of the central intervals. */
const LEVEL = 0.95;

/** hypotheses.json of a run folder, undefined where there is none. */
export async function readHypotheses(
  dir: string,
): Promise<{ readonly rows: readonly HypothesisRow[] } | undefined> {
  return (await isThere(join(dir, HYPOTHESES))) ? readJson(dir, HYPOTHESES, hypothesesShape) : undefined;
}

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
