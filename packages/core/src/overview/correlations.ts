import type { DataOverview } from "../analyses/overview.ts";
import { mean } from "../posterior/moments.ts";

/** Pearson's correlations of columns [names][rows] over the rows where none is missing; a column that does not vary there is left out. */
export function correlationsOf(
  columns: ReadonlyMap<string, Float64Array>,
  rows: number,
): DataOverview["correlations"] {
  const complete: number[] = [];
  for (let row = 0; row < rows; row++) {
    if ([...columns.values()].every((values) => Number.isFinite(values[row]!))) complete.push(row);
  }
  const unit = [...columns].flatMap(([name, values]) => {
    const own = Float64Array.from(complete, (row) => values[row]!);
    const centre = mean(own);
    const length = Math.sqrt(own.reduce((sum, value) => sum + (value - centre) ** 2, 0));
    return length > 0 ? [{ name, values: own.map((value) => (value - centre) / length) }] : [];
  });
  return {
    names: unit.map(({ name }) => name),
    matrix: unit.map((a, i) => unit.map((b, j) => (i === j ? 1 : dot(a.values, b.values)))),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  // Rounding must not take it beyond 1.
  return Math.min(Math.max(sum, -1), 1);
}
