import type { DataOverview } from "../analyses/overview.ts";
import type { Column, Frame } from "../frame/frame.ts";

/** Each model's responses, its mean score and how often it was chosen, in the order of the names; empty where the table has no such column. */
export function modelsOf(
  table: Frame,
  { model, score, chosen }: { readonly model: string; readonly score: string; readonly chosen: string },
): DataOverview["models"] {
  const column = table.columns.get(model);
  if (column?.type !== "factor") return [];
  const scores = meansBy(column.codes, column.levels.length, table.columns.get(score));
  const shares = meansBy(column.codes, column.levels.length, table.columns.get(chosen));
  const responses = new Array<number>(column.levels.length).fill(0);
  for (const code of column.codes) if (code >= 0) responses[code]! += 1;
  return column.levels
    .map((name, code) => ({
      name,
      responses: responses[code]!,
      mean_score: scores[code]!,
      chosen: shares[code]!,
    }))
    .filter((one) => one.responses > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Mean of a numeric column for each code, missing values left out; null where there is none. */
function meansBy(codes: Int32Array, levels: number, column: Column | undefined): (number | null)[] {
  const sums = new Float64Array(levels);
  const counts = new Float64Array(levels);
  if (column?.type === "numeric") {
    for (const [row, code] of codes.entries()) {
      const value = column.values[row]!;
      if (code < 0 || !Number.isFinite(value)) continue;
      sums[code]! += value;
      counts[code]! += 1;
    }
  }
  return Array.from(sums, (sum, code) => (counts[code]! > 0 ? sum / counts[code]! : null));
}
