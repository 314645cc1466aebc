import { normalQuantile } from "../posterior/normal.ts";
import { normalCdf } from "../posterior/normal-cdf.ts";
import { median } from "../posterior/quantile.ts";
import { type Estimate, sumOf } from "./estimate.ts";

/** What is compared: a model's pointwise log predictive densities, by LOO or by K-fold. */
export interface Compared {
  readonly label: string;
  /** [rows] of the same observations in the same order in every model. */
  readonly elpd: Float64Array;
  /** Pareto k of each, with the threshold, where they come from PSIS. */
  readonly k?: Float64Array;
  readonly threshold?: number;
}

/** A model's place, best first. */
export interface ModelComparison {
  readonly label: string;
  readonly elpd: Estimate;
  /** elpd less the best model's, 0 or less, and the standard error of that paired difference. */
  readonly elpdDiff: number;
  readonly seDiff: number;
  /** Phi(-elpd_diff / se_diff): how probable it is that this model predicts worse than the best; null for models that do as well. */
  readonly pWorse: number | null;
  /** Why the normal approximation behind se_diff and p_worse is in doubt; empty where it is not. */
  readonly diagDiff: "" | "N < 100" | "|elpd_diff| < 4";
  /** `3 k_psis > 0.7`: elpd itself is in doubt; empty where it is not. */
  readonly diagElpd: string;
}

/** Fewer observations than this, or a smaller difference, and the normal approximation is in doubt (Sivula et al. 2025, doi:10.1214/25-BA1569). */
const FEW_ROWS = 100;
const SMALL_DIFFERENCE = 4;

/**
 * `loo_compare` of loo 2.10.1: models by elpd, highest first, with paired differences from the best. RangeError for fewer than two models, or
 * models with different numbers of rows.
 */
export function compareModels(models: readonly Compared[]): ModelComparison[] {
  if (models.length < 2) throw new RangeError("a comparison needs two models at least");
  const first = models[0]!;
  const other = models.find((model) => model.elpd.length !== first.elpd.length);
  if (other !== undefined)
    throw new RangeError(
      `'${first.label}' has ${first.elpd.length} rows and '${other.label}' ${other.elpd.length}: models can be compared on the same rows alone`,
    );
  const rows = first.elpd.length;
  const sums = models.map((model) => ({ model, elpd: sumOf(model.elpd) }));
  sums.sort((a, b) => b.elpd.estimate - a.elpd.estimate);
  const best = sums[0]!.model;
  return sums.map(({ model, elpd }) => {
    const difference = sumOf(model.elpd.map((value, i) => value - best.elpd[i]!));
    const { estimate: elpdDiff, se: seDiff } = difference;
    return {
      label: model.label,
      elpd,
      elpdDiff,
      seDiff,
      pWorse: elpdDiff === 0 ? null : normalCdf(-elpdDiff / seDiff),
      diagDiff:
        elpdDiff === 0
          ? ""
          : rows < FEW_ROWS
            ? "N < 100"
            : elpdDiff > -SMALL_DIFFERENCE
              ? "|elpd_diff| < 4"
              : "",
      diagElpd: diagElpd(model),
    };
  });
}

/** With more models than this the best may be the best by chance. */
const MANY_MODELS = 11;

/**
 * Whether among more than 11 models the best one's lead over the median model is no larger than chance alone makes the largest of so many
 * (McLatchie & Vehtari 2023, arXiv:2309.03742; `loo_order_stat_check` of loo 2.10.1). `comparison`: best first.
 */
export function leadMayBeChance(comparison: readonly Pick<ModelComparison, "elpd">[]): boolean {
  const n = comparison.length;
  if (n <= MANY_MODELS) return false;
  const baseline = comparison[Math.floor(n / 2) - 1]!.elpd.estimate;
  const differences = Float64Array.from(comparison, ({ elpd }) => elpd.estimate - baseline);
  const middle = median(differences);
  const upper = differences.filter((difference) => difference >= middle);
  const spread = Math.sqrt(upper.reduce((sum, difference) => sum + difference ** 2, 0) / upper.length);
  return differences[0]! <= spread * normalQuantile(1 - 1 / (2 * (n - 1)));
}

function diagElpd({ k, threshold }: Compared): string {
  if (k === undefined || threshold === undefined) return "";
  const bad = k.reduce((n, value) => n + (value > threshold ? 1 : 0), 0);
  return bad === 0 ? "" : `${bad} k_psis > ${Math.round(100 * threshold) / 100}`;
}
