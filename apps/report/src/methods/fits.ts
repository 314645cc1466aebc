import type { ReportData, ReportRun } from "../report-data.ts";
import { whole } from "../rounding.ts";

/** Fits that share something, told by their names. */
export function grouped<T>(
  runs: readonly ReportRun[],
  of: (run: ReportRun) => T,
): { value: T; runs: ReportRun[] }[] {
  const groups = new Map<string, { value: T; runs: ReportRun[] }>();
  for (const run of runs) {
    const value = of(run);
    const key = JSON.stringify(value);
    const group = groups.get(key);
    if (group) group.runs.push(run);
    else groups.set(key, { value, runs: [run] });
  }
  return [...groups.values()];
}

const NAMED = 4;

/** "1a-all, 1a-unguided", "all fits", or the first few and how many more. */
export function fitNames(runs: readonly ReportRun[], { runs: all }: ReportData): string {
  if (runs.length === all.length) return all.length === 1 ? "the fit" : `all ${whole(all.length)} fits`;
  const names = runs.map(({ id }) => id);
  return names.length <= NAMED + 1
    ? names.join(", ")
    : `${names.slice(0, NAMED).join(", ")} and ${whole(names.length - NAMED)} more`;
}

/** "1,000", or "200 to 280". */
export function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? whole(least) : `${whole(least)} to ${whole(most)}`;
}
