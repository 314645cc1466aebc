import type { VariableSummary } from "../run/run.ts";
import { type AutocovarianceBuffers, autocovarianceBuffers } from "./autocovariance.ts";
import { checkDraws, type Draws, type DrawsSource } from "./draws.ts";
import { effectiveSampleSize, indicator, TAIL_PROBABILITIES } from "./ess.ts";
import { fold, foldOrder } from "./fold.ts";
import { mean, variance } from "./moments.ts";
import { type OrderBuffers, orderBuffers, sortOrder } from "./order.ts";
import { MAD_CONSTANT, quantileSorted } from "./quantile.ts";
import { normalScores, rankNormalize } from "./ranks.ts";
import { potentialScaleReduction } from "./rhat.ts";
import { splitChains, splitOrder } from "./split.ts";
import { hasMissing, varies } from "./varies.ts";

/**
 * Posterior summary of every variable, as R's posterior computes it (type 7 quantiles, rank-normalised
 * split R-hat, bulk and tail ESS), all on the variable's own scale. null stands for what is not defined
 * or not finite: everything where a draw is missing, the diagnostics where draws do not vary.
 * Each variable is sorted once, in buffers that all variables share.
 */
export function summarize(draws: Draws): Record<string, VariableSummary> {
  checkDraws(draws);
  const size = draws.chains * draws.draws;
  const buffers = summaryBuffers(draws.chains, draws.draws);
  return Object.fromEntries(
    draws.variables.map((name, v) => {
      const x = draws.values.subarray(v * size, (v + 1) * size);
      return [name, plain(summarizeVariable(x, draws.chains, buffers, []))];
    }),
  );
}

/**
 * `summarize` for draws too many to hold at once: in memory for one variable. `each` is called after every
 * variable with how many are done; what it throws ends the work.
 */
export async function summarizeSource(
  source: DrawsSource,
  each?: (done: number) => void,
): Promise<Record<string, VariableSummary>> {
  const summaries = await summarizeQuantiles(source, [], each);
  return Object.fromEntries(Object.entries(summaries).map(([name, summary]) => [name, plain(summary)]));
}

/** A summary as run folders keep it. */
function plain({ quantiles: _, ...summary }: QuantileSummary): VariableSummary {
  return summary;
}

/** A summary with more quantiles: those asked for, in their order. */
export interface QuantileSummary extends VariableSummary {
  readonly quantiles: readonly (number | null)[];
}

/** `summarizeSource` with the type 7 quantiles at `probabilities` (0 to 1) beside. */
export async function summarizeQuantiles(
  source: DrawsSource,
  probabilities: readonly number[],
  each?: (done: number) => void,
): Promise<Record<string, QuantileSummary>> {
  const buffers = summaryBuffers(source.chains, source.draws);
  const entries: [string, QuantileSummary][] = [];
  for (const [v, name] of source.variables.entries()) {
    const summary = summarizeVariable(await source.read(v), source.chains, buffers, probabilities);
    entries.push([name, summary]);
    each?.(v + 1);
  }
  return Object.fromEntries(entries);
}

/** Working memory for variables of one shape; S = chains x draws, T = draws of the split chains. */
interface SummaryBuffers {
  /** [S] */
  readonly order: OrderBuffers;
  readonly foldedOrder: Int32Array;
  readonly sorted: Float64Array;
  readonly folded: Float64Array;
  readonly indicator: Float64Array;
  /** [T] */
  readonly split: Float64Array;
  readonly splitOrder: Int32Array;
  readonly splitSorted: Float64Array;
  readonly normalized: Float64Array;
  /** [2 T - 1] */
  readonly scores: Float64Array;
  readonly autocovariance: AutocovarianceBuffers;
}

function summaryBuffers(chains: number, draws: number): SummaryBuffers {
  const half = Math.floor(draws / 2);
  const size = chains * draws;
  const splitSize = 2 * chains * half;
  return {
    order: orderBuffers(size),
    foldedOrder: new Int32Array(size),
    sorted: new Float64Array(size),
    folded: new Float64Array(size),
    indicator: new Float64Array(size),
    split: new Float64Array(splitSize),
    splitOrder: new Int32Array(splitSize),
    splitSorted: new Float64Array(splitSize),
    normalized: new Float64Array(splitSize),
    scores: normalScores(splitSize),
    autocovariance: autocovarianceBuffers(half),
  };
}

/** x: [chains][draws]. */
function summarizeVariable(
  x: Float64Array,
  chains: number,
  buffers: SummaryBuffers,
  probabilities: readonly number[],
): QuantileSummary {
  if (x.length === 0 || hasMissing(x)) return { ...UNDEFINED, quantiles: probabilities.map(() => null) };
  const { sorted, autocovariance } = buffers;
  const order = sortOrder(x, buffers.order);
  gather(x, order, sorted);
  const q = (p: number): number => quantileSorted(sorted, p);
  const [median, q5, q95] = [q(0.5), q(0.05), q(0.95)];
  const quantiles = probabilities.map((p) => finiteOrNull(q(p)));
  const average = mean(x);
  const sd = Math.sqrt(variance(x, 0, x.length, average));

  const ess = (y: Float64Array): number =>
    effectiveSampleSize(splitChains(y, chains, buffers.split), 2 * chains, autocovariance);
  const [tailLow, tailHigh] = TAIL_PROBABILITIES;
  const essTail = varies(x)
    ? Math.min(
        ess(indicator(x, q(tailLow), buffers.indicator)),
        ess(indicator(x, q(tailHigh), buffers.indicator)),
      )
    : Number.NaN;
  const essMean = ess(x);

  const z = normalized(x, order, sorted, chains, buffers);
  const rhatBulk = potentialScaleReduction(z, 2 * chains);
  const essBulk = effectiveSampleSize(z, 2 * chains, autocovariance);

  // Distances from an infinite median are not defined; `sorted` is used again from here on.
  let mad = Number.NaN;
  let rhatTails = Number.NaN;
  if (Number.isFinite(median)) {
    const folded = fold(x, median, buffers.folded);
    const foldedOrder = foldOrder(folded, x, median, order, buffers.foldedOrder);
    gather(folded, foldedOrder, sorted);
    mad = MAD_CONSTANT * quantileSorted(sorted, 0.5);
    rhatTails = potentialScaleReduction(normalized(folded, foldedOrder, sorted, chains, buffers), 2 * chains);
  }

  return {
    mean: finiteOrNull(average),
    median: finiteOrNull(median),
    sd: finiteOrNull(sd),
    mad: finiteOrNull(mad),
    q5: finiteOrNull(q5),
    q95: finiteOrNull(q95),
    rhat: finiteOrNull(Math.max(rhatBulk, rhatTails)),
    ess_bulk: finiteOrNull(essBulk),
    ess_tail: finiteOrNull(essTail),
    mcse_mean: finiteOrNull(sd / Math.sqrt(essMean)),
    quantiles,
  };
}

/** Normal scores of the split chains; valid until the next call. `order` sorts x, `sorted` is x in that order. */
function normalized(
  x: Float64Array,
  order: Int32Array,
  sorted: Float64Array,
  chains: number,
  { split, splitOrder: splitTarget, splitSorted, scores, normalized: target }: SummaryBuffers,
): Float64Array {
  const y = splitChains(x, chains, split);
  const yOrder = splitOrder(order, chains, splitTarget);
  // with an even number of draws nothing was left out
  if (yOrder === order) return rankNormalize(y, order, scores, target, sorted);
  gather(y, yOrder, splitSorted);
  return rankNormalize(y, yOrder, scores, target, splitSorted);
}

function gather(x: Float64Array, order: Int32Array, target: Float64Array): void {
  for (let k = 0; k < order.length; k++) target[k] = x[order[k]!]!;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const UNDEFINED: VariableSummary = {
  mean: null,
  median: null,
  sd: null,
  mad: null,
  q5: null,
  q95: null,
  rhat: null,
  ess_bulk: null,
  ess_tail: null,
  mcse_mean: null,
};
