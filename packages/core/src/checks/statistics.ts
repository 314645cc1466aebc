import { estimateOf, type PosteriorEstimate } from "../posterior/estimate.ts";
import { mean, standardDeviation } from "../posterior/moments.ts";
import { type Replicates, replicateAt } from "./replicates.ts";

/** A statistic of the data beside that of the replicated data. */
export interface StatisticCheck {
  readonly statistic: string;
  readonly observed: number;
  /** Over the replicated data sets. */
  readonly replicated: PosteriorEstimate;
  /** Share of replicated data sets with at least the observed value: Bayesian p-value (Gelman, Meng & Stern 1996); near 0 or 1 is a misfit. */
  readonly p_value: number;
}

/** The same for the mean of one level's rows. */
export interface LevelCheck extends Omit<StatisticCheck, "statistic"> {
  readonly level: string;
  readonly rows: number;
}

type Statistic = (y: Float64Array) => number;

const shareOf =
  (value: number): Statistic =>
  (y) =>
    y.reduce((count, one) => count + (one === value ? 1 : 0), 0) / y.length;

/** Third central moment over the 3/2 power of the second; 0 for constant data. */
export const skewness: Statistic = (y) => {
  const centre = mean(y);
  let second = 0;
  let third = 0;
  for (const value of y) {
    const d = value - centre;
    second += d * d;
    third += d * d * d;
  }
  return second === 0 ? 0 : third / y.length / (second / y.length) ** 1.5;
};

const STATISTICS: Readonly<Record<string, Statistic>> = {
  mean: (y) => mean(y),
  sd: (y) => standardDeviation(y),
  min: (y) => y.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  max: (y) => y.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  skewness,
};

const SHARES: Readonly<Record<string, Statistic>> = { "share of 0": shareOf(0), "share of 1": shareOf(1) };

/** Mean, sd, least and greatest value and skewness; of counts also the shares of 0 and 1; of 0 and 1 alone just the share of 1. */
export function checkStatistics(
  y: Float64Array,
  replicates: Replicates,
  kind: "continuous" | "binary" | "counts" | "ordinal",
): StatisticCheck[] {
  const statistics =
    kind === "binary"
      ? { "share of 1": SHARES["share of 1"]! }
      : { ...STATISTICS, ...(kind === "counts" && SHARES) };
  return Object.entries(statistics).map(([statistic, of]) => {
    const values = Float64Array.from({ length: replicates.count }, (_, k) => of(replicateAt(replicates, k)));
    return { statistic, ...compare(of(y), values) };
  });
}

/** The mean of each level's rows. `index`: [rows] the level of each. */
export function checkLevels(
  y: Float64Array,
  replicates: Replicates,
  levels: readonly string[],
  index: Int32Array,
): LevelCheck[] {
  const means = (values: Float64Array): Float64Array => {
    const sums = new Float64Array(levels.length);
    for (let row = 0; row < values.length; row++) sums[index[row]!]! += values[row]!;
    return sums.map((sum, level) => sum / counts[level]!);
  };
  const counts = new Int32Array(levels.length);
  for (const level of index) counts[level]!++;
  const observed = means(y);
  const replicated = Array.from({ length: replicates.count }, (_, k) => means(replicateAt(replicates, k)));
  return levels.map((level, l) => ({
    level,
    rows: counts[l]!,
    ...compare(
      observed[l]!,
      Float64Array.from(replicated, (values) => values[l]!),
    ),
  }));
}

function compare(observed: number, values: Float64Array): Omit<StatisticCheck, "statistic"> {
  const least = observed - 1e-12 * Math.abs(observed);
  const atLeast = values.reduce((count, value) => count + (value >= least ? 1 : 0), 0);
  return { observed, replicated: estimateOf(values), p_value: atLeast / values.length };
}
