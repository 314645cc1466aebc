import type { AttributeDistribution, DistributionPart } from "../analyses/overview.ts";
import { mean, standardDeviation } from "../posterior/moments.ts";
import { quantileSorted, sorted } from "../posterior/quantile.ts";

/** Rows of a table that are described together. */
export interface OverviewPart {
  readonly name: string;
  /** Indices of rows, from 0. */
  readonly rows: ArrayLike<number>;
}

export const BINS = 40;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

/**
 * An attribute [rows] in each part; missing values are left out, and so are parts without any; null where there is no value at all.
 * The histograms of all parts have the same bins: 0 to 1 where the attribute keeps to it, from its least to its greatest value elsewhere.
 */
export function distributionOf(
  name: string,
  values: Float64Array,
  parts: readonly OverviewPart[],
): AttributeDistribution | null {
  const known = parts.flatMap(({ name: subset, rows }) => {
    const own = Float64Array.from(rows, (row) => values[row]!).filter(Number.isFinite);
    return own.length === 0 ? [] : [{ subset, values: sorted(own) }];
  });
  if (known.length === 0) return null;
  const least = Math.min(...known.map((part) => part.values[0]!));
  const greatest = Math.max(...known.map((part) => part.values.at(-1)!));
  const [from, to] = least >= 0 && greatest <= 1 ? [0, 1] : [least, greatest];
  return { name, parts: known.map((part) => describe(part.subset, part.values, from, to)) };
}

function describe(subset: string, values: Float64Array, from: number, to: number): DistributionPart {
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    // A bin holds its lower end, the last one its upper end as well.
    const bin = to > from ? Math.floor(((value - from) / (to - from)) * BINS) : 0;
    counts[Math.min(bin, BINS - 1)]! += 1;
  }
  return {
    subset,
    n: values.length,
    mean: mean(values),
    sd: values.length < 2 ? 0 : standardDeviation(values),
    quantiles: QUANTILES.map((p) => quantileSorted(values, p)),
    histogram: { from, to, counts },
  };
}
