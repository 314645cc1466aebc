import type { DrawColumns } from "./linear-predictor.ts";

/**
 * `count` draws spread evenly over all of them, chains one after the other; all where there are no more. The columns are cut once
 * each.
 */
export function thinDraws(columns: DrawColumns, count: number | undefined): DrawColumns {
  const { draws } = columns;
  if (count === undefined || count >= draws) return columns;
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new RangeError(`the number of draws must be a whole number of at least 1: ${count}`);
  const at = Int32Array.from({ length: count }, (_, k) => Math.floor(((k + 0.5) * draws) / count));
  const cut = new Map<string, Float64Array | undefined>();
  return {
    draws: count,
    column(name) {
      if (!cut.has(name)) {
        const all = columns.column(name);
        cut.set(name, all && Float64Array.from(at, (s) => all[s]!));
      }
      return cut.get(name);
    },
  };
}
