import { kernelDensity } from "../hypothesis/kernel-density.ts";
import { estimateOf, type PosteriorEstimate } from "../posterior/estimate.ts";
import { type Replicates, replicateAt } from "./replicates.ts";

/** Densities of data and replicated data on one grid. */
export interface DensityOverlay {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** [overlays][x] */
  readonly y_rep: readonly (readonly number[])[];
}

/** How often a value occurs. */
export interface CountCheck {
  readonly value: string;
  readonly observed: number;
  readonly replicated: PosteriorEstimate;
}

/** Replicated data sets shown as densities. */
const OVERLAYS = 50;
const POINTS = 512;
/** Every fourth point of the densities is kept. */
const STRIDE = 4;

/** Kernel densities of R's `density()` (bandwidth nrd0) from the least to the greatest value of the data and all overlays. */
export function densityOverlay(y: Float64Array, replicates: Replicates): DensityOverlay {
  const shown = Math.min(OVERLAYS, replicates.count);
  const sets = Array.from({ length: shown }, (_, k) =>
    replicateAt(replicates, Math.floor(((k + 0.5) * replicates.count) / shown)),
  );
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const set of [y, ...sets])
    for (const value of set) {
      from = Math.min(from, value);
      to = Math.max(to, value);
    }
  const thin = (values: Float64Array): number[] =>
    Array.from(
      values.filter((_, i) => i % STRIDE === 0),
      (value) => Number(value.toPrecision(6)),
    );
  return {
    x: thin(kernelDensity(y, from, to, POINTS).x),
    y: thin(kernelDensity(y, from, to, POINTS).y),
    y_rep: sets.map((set) => thin(kernelDensity(set, from, to, POINTS).y)),
  };
}

/** Above this many values, counts are taken of ranges of equal width. */
const MOST_VALUES = 60;

/** How often each value occurs in the data and in the replicated data; `labels`: of categories 1 to K. */
export function countChecks(
  y: Float64Array,
  replicates: Replicates,
  labels?: readonly string[],
): CountCheck[] {
  const first = labels === undefined ? 0 : 1;
  let last = labels?.length ?? 0;
  if (labels === undefined)
    for (const set of [y, replicates.y]) for (const value of set) last = Math.max(last, value);
  const width = Math.max(1, Math.ceil((last - first + 1) / MOST_VALUES));
  const bins = Math.floor((last - first) / width) + 1;
  const count = (values: Float64Array): Float64Array => {
    const counts = new Float64Array(bins);
    for (const value of values) counts[Math.floor((value - first) / width)]!++;
    return counts;
  };
  const observed = count(y);
  const replicated = Array.from({ length: replicates.count }, (_, k) => count(replicateAt(replicates, k)));
  return Array.from(observed, (times, bin) => {
    const low = first + bin * width;
    return {
      value: labels?.[bin] ?? (width === 1 ? String(low) : `${low} to ${low + width - 1}`),
      observed: times,
      replicated: estimateOf(Float64Array.from(replicated, (counts) => counts[bin]!)),
    };
  });
}
