import { variance } from "../posterior/moments.ts";
import { type Estimate, sumOf } from "./estimate.ts";
import { checkFinite, type LogLikelihood } from "./log-likelihood.ts";
import { ObservationLooSampler } from "./observation.ts";
import { type KCategory, kCategories, kThreshold, LOO_2_10, type LooRules } from "./rules.ts";

/** Figures of each observation, all [rows]. */
export interface LooPointwise {
  readonly elpd: Float64Array;
  /** lpd - elpd: what the observation adds to the effective number of parameters. */
  readonly p: Float64Array;
  readonly k: Float64Array;
  readonly nEff: Float64Array;
  readonly mcse: Float64Array;
  readonly rEff: Float64Array;
  /** Variance of the log likelihood over draws: WAIC's p. */
  readonly pWaic: Float64Array;
}

export interface Loo {
  readonly rows: number;
  /** Draws of all chains. */
  readonly draws: number;
  /** Expected log predictive density of new data, on the log scale; higher is better. */
  readonly elpd: Estimate;
  /** Effective number of parameters. */
  readonly p: Estimate;
  /** -2 elpd. */
  readonly looic: Estimate;
  /** Monte Carlo standard error of elpd; NaN where some k is above the threshold (loo's `mcse_loo`). */
  readonly mcse: number;
  readonly threshold: number;
  readonly categories: readonly KCategory[];
  readonly pointwise: LooPointwise;
}

export interface LooOptions {
  /** Default: those of loo 2.10.1. */
  readonly rules?: LooRules;
  /** Called after each observation; what it throws ends the work. */
  readonly onRow?: (done: number, total: number) => void;
}

const COLUMNS = ["elpd", "p", "k", "nEff", "mcse", "rEff", "pWaic"] as const;

/**
 * PSIS-LOO: out-of-sample predictive accuracy from one fit (Vehtari, Gelman & Gabry 2017, doi:10.1007/s11222-016-9696-4), by the rules of
 * the R package loo. Memory: draws x 6, and 7 figures a row. A log likelihood that is not finite is an InputError.
 */
export function loo(logLikelihood: LogLikelihood, options: LooOptions = {}): Loo {
  const rows = Array.from({ length: logLikelihood.rows }, (_, row) => row);
  return looOfPointwise(
    pointwiseLoo(logLikelihood, rows, options),
    logLikelihood.chains * logLikelihood.draws,
    options.rules,
  );
}

/** The pointwise part, of some rows in the order given. */
export function pointwiseLoo(
  logLikelihood: LogLikelihood,
  rows: readonly number[],
  { rules = LOO_2_10, onRow }: LooOptions = {},
): LooPointwise {
  const { chains, draws } = logLikelihood;
  if (rows.length === 0) throw new RangeError("leave-one-out needs at least one row");
  const sampler = new ObservationLooSampler(chains, draws, rules);
  const logLik = new Float64Array(chains * draws);
  const pointwise = Object.fromEntries(
    COLUMNS.map((name) => [name, new Float64Array(rows.length)]),
  ) as Record<(typeof COLUMNS)[number], Float64Array>;
  rows.forEach((row, i) => {
    logLikelihood.row(row, logLik);
    checkFinite(logLik, row);
    const { elpd, lpd, k, nEff, mcse, rEff } = sampler.of(logLik);
    const figures = { elpd, p: lpd - elpd, k, nEff, mcse, rEff, pWaic: variance(logLik) };
    for (const name of COLUMNS) pointwise[name][i] = figures[name];
    onRow?.(i + 1, rows.length);
  });
  return pointwise;
}

/** The estimates that follow from the observations'. */
export function looOfPointwise(pointwise: LooPointwise, draws: number, rules: LooRules = LOO_2_10): Loo {
  const { elpd, p, k, mcse } = pointwise;
  const threshold = kThreshold(draws, rules);
  const bad = k.some((value) => value > threshold);
  return {
    rows: elpd.length,
    draws,
    elpd: sumOf(elpd),
    p: sumOf(p),
    looic: sumOf(elpd.map((value) => -2 * value)),
    mcse: bad ? Number.NaN : Math.sqrt(mcse.reduce((sum, value) => sum + value * value, 0)),
    threshold,
    categories: kCategories(k, draws, rules),
    pointwise,
  };
}
