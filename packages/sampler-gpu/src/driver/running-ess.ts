import type { DrawBlock } from "./draw-block.ts";

/**
 * A running estimate of the least effective sample size among some variables by batch means (Flegal, Haran & Jones 2008,
 * doi:10.1214/08-STS257): N s^2 / (b s_b^2), with s^2 the variance of all N draws and s_b^2 that of the means of batches of b. In bounded
 * memory: when there are too many batches, neighbours are joined. A figure for people who wait, not for reports.
 */
export interface RunningEss {
  /** Indices of the variables that are watched. */
  readonly watched: Int32Array;
  /** The first of the chains, so that thousands cost no more than some; and how many there are in all. */
  readonly chains: number;
  readonly allChains: number;
  /** Draws in a batch, complete batches of each chain, draws of each chain in the batch under way. */
  readonly size: number;
  readonly batches: number;
  readonly open: number;
  /** [watched][chains][MOST_BATCHES] */
  readonly means: Float64Array;
  /** [watched][chains] sum of the batch under way. */
  readonly openSum: Float64Array;
  /** [watched] the first draw, and sums of differences from it and of their squares over all draws. */
  readonly origin: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  /** Draws of the watched chains. */
  readonly count: number;
}

const MOST_CHAINS = 16;
const MOST_BATCHES = 64;
/** With fewer batches of a chain the estimate is noise. */
const LEAST_BATCHES = 8;

/** `watched`: indices of variables. */
export function startRunningEss(watched: readonly number[], allChains: number): RunningEss {
  const n = watched.length;
  const chains = Math.min(allChains, MOST_CHAINS);
  return {
    watched: Int32Array.from(watched),
    chains,
    allChains,
    size: 1,
    batches: 0,
    open: 0,
    means: new Float64Array(n * chains * MOST_BATCHES),
    openSum: new Float64Array(n * chains),
    origin: new Float64Array(n),
    sum: new Float64Array(n),
    squares: new Float64Array(n),
    count: 0,
  };
}

/** The estimate after another block of draws. */
export function updateRunningEss(state: RunningEss, { values, draws }: DrawBlock): RunningEss {
  const { watched, chains, allChains } = state;
  const [means, openSum, origin, sum, squares] = [
    state.means.slice(),
    state.openSum.slice(),
    state.origin.slice(),
    state.sum.slice(),
    state.squares.slice(),
  ];
  let { size, batches, open } = state;
  for (let v = 0; v < watched.length; v++) {
    const start = watched[v]! * allChains * draws;
    if (state.count === 0) origin[v] = values[start]!;
    for (let i = start; i < start + chains * draws; i++) {
      const d = values[i]! - origin[v]!;
      sum[v]! += d;
      squares[v]! += d * d;
    }
  }
  for (let t = 0; t < draws; t++) {
    for (let v = 0; v < watched.length; v++)
      for (let c = 0; c < chains; c++)
        openSum[v * chains + c]! += values[(watched[v]! * allChains + c) * draws + t]! - origin[v]!;
    if (++open < size) continue;
    for (let s = 0; s < openSum.length; s++) {
      means[s * MOST_BATCHES + batches] = openSum[s]! / size;
      openSum[s] = 0;
    }
    open = 0;
    if (++batches < MOST_BATCHES) continue;
    for (let s = 0; s < openSum.length; s++)
      for (let k = 0; k < MOST_BATCHES / 2; k++) {
        const at = s * MOST_BATCHES;
        means[at + k] = (means[at + 2 * k]! + means[at + 2 * k + 1]!) / 2;
      }
    batches = MOST_BATCHES / 2;
    size *= 2;
  }
  const count = state.count + chains * draws;
  return { watched, chains, allChains, size, batches, open, means, openSum, origin, sum, squares, count };
}

/** The least effective sample size of the watched variables over all chains; undefined where there is too little to tell. */
export function leastEss({
  watched,
  chains,
  allChains,
  size,
  batches,
  means,
  sum,
  squares,
  count,
}: RunningEss): number | undefined {
  if (batches < LEAST_BATCHES) return undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let v = 0; v < watched.length; v++) {
    const variance = (squares[v]! - sum[v]! ** 2 / count) / (count - 1);
    let grand = 0;
    const at = (c: number, k: number): number => means[(v * chains + c) * MOST_BATCHES + k]!;
    for (let c = 0; c < chains; c++) for (let k = 0; k < batches; k++) grand += at(c, k) / (chains * batches);
    let between = 0;
    for (let c = 0; c < chains; c++)
      for (let k = 0; k < batches; k++) between += (at(c, k) - grand) ** 2 / (chains * batches - 1);
    const ess = (count * variance) / (size * between);
    if (ess < least) least = ess;
  }
  // as in core's effective sample sizes: an antithetic estimate beyond this is unstable
  return Number.isFinite(least)
    ? Math.min(least, count * Math.log10(count)) * (allChains / chains)
    : undefined;
}
