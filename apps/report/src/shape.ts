import { mad, quantileSorted, standardDeviation } from "@bridgewise/core";
import { INTERVALS, type PosteriorShape } from "./report-data.ts";

const GRID = 96;

/** Gaussian kernel density with Silverman's bandwidth (1986, eq. 3.31) on an even grid over the draws' range, from binned draws. */
export function shapeOf(values: Float64Array): PosteriorShape | undefined {
  const sorted = values.toSorted();
  const low = sorted[0]!;
  const high = sorted.at(-1)!;
  if (!Number.isFinite(low) || !Number.isFinite(high) || !(high > low)) return undefined;
  const spread = Math.min(standardDeviation(values), mad(values)) || standardDeviation(values);
  const bandwidth = 0.9 * spread * values.length ** -0.2;
  // the far tails are hairlines: the grid ends where 0.1% of the draws are left on each side
  const from = quantileSorted(sorted, 0.001) - 2 * bandwidth;
  const to = quantileSorted(sorted, 0.999) + 2 * bandwidth;
  const bins = 1024;
  const counts = new Float64Array(bins);
  for (const v of sorted) {
    const b = Math.floor(((v - from) / (to - from)) * bins);
    if (b >= 0 && b < bins) counts[b]!++;
  }
  const height = Array.from({ length: GRID }, (_, i) => {
    const x = from + ((to - from) * i) / (GRID - 1);
    let sum = 0;
    for (let b = 0; b < bins; b++) {
      if (counts[b] === 0) continue;
      const d = (x - (from + ((to - from) * (b + 0.5)) / bins)) / bandwidth;
      if (Math.abs(d) < 5) sum += counts[b]! * Math.exp(-0.5 * d * d);
    }
    return sum;
  });
  const top = Math.max(...height);
  return {
    q25: quantileSorted(sorted, 0.25),
    q75: quantileSorted(sorted, 0.75),
    intervals: intervalsOf(sorted),
    density: { from, to, height: height.map((h) => Math.round((1000 * h) / top) / 1000) },
  };
}

/** Of sorted draws. */
const intervalsOf = (sorted: Float64Array): PosteriorShape["intervals"] =>
  INTERVALS.map(
    (mass) => [quantileSorted(sorted, (1 - mass) / 2), quantileSorted(sorted, (1 + mass) / 2)] as const,
  );

/** Draws that are read variable by variable. */
export interface DrawsSource {
  readonly variables: readonly string[];
  /** All draws of a variable. */
  read(variable: number): Promise<Float64Array>;
}

/** Shapes of all variables but single group levels. */
export async function shapesOf(draws: DrawsSource): Promise<Record<string, PosteriorShape>> {
  const out: Record<string, PosteriorShape> = {};
  for (const [v, name] of draws.variables.entries()) {
    const shape = name.startsWith("r_") ? undefined : shapeOf(await draws.read(v));
    if (shape) out[name] = shape;
  }
  return out;
}

/** Intervals of those single group levels of `wanted` whose draws are at hand and finite. */
export async function levelIntervals(
  draws: DrawsSource,
  wanted: readonly string[],
): Promise<Record<string, PosteriorShape["intervals"]>> {
  const names = new Set(wanted.filter((name) => name.startsWith("r_")));
  const out: Record<string, PosteriorShape["intervals"]> = {};
  for (const [v, name] of draws.variables.entries()) {
    if (!names.has(name)) continue;
    const sorted = (await draws.read(v)).toSorted();
    if (!Number.isNaN(sorted.at(-1))) out[name] = intervalsOf(sorted);
  }
  return out;
}
