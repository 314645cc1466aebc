/**
 * What the R package loo computes otherwise from version to version. Everything else (ratios, tail, generalised Pareto fit, k, elpd, p,
 * standard errors) is the same in both.
 */
export interface LooRules {
  /**
   * Relative efficiency of exp(log likelihood): `split` is posterior's ESS of the mean, of half chains; `unsplit` takes the chains whole.
   */
  readonly efficiency: "split" | "unsplit";
  /**
   * Monte Carlo error of a log density: `lognormal` matches a lognormal distribution's moments (Vehtari et al. 2024, JMLR 25(72), equation 6);
   * `quantiles` takes the variance of the log of 1,000 normal quantiles.
   */
  readonly mcse: "lognormal" | "quantiles";
  /** k above which an estimate is not to be trusted: min(1 - 1 / log10(draws), 0.7), or 0.7, with "ok" from 0.5 on. */
  readonly threshold: "draws" | "fixed";
}

/** loo 2.10.1, the default. */
export const LOO_2_10: LooRules = { efficiency: "split", mcse: "lognormal", threshold: "draws" };
/** loo 2.5.1. */
export const LOO_2_5: LooRules = { efficiency: "unsplit", mcse: "quantiles", threshold: "fixed" };

/** k above which an observation's estimate is not to be trusted. */
export function kThreshold(draws: number, rules: LooRules = LOO_2_10): number {
  return rules.threshold === "fixed" ? 0.7 : Math.min(1 - 1 / Math.log10(draws), 0.7);
}

/** How many observations have k in (above, upTo]. */
export interface KCategory {
  readonly label: "good" | "ok" | "bad" | "very bad";
  readonly above: number;
  readonly upTo: number;
  readonly count: number;
}

/** The categories of loo's `pareto_k_table`. */
export function kCategories(k: Float64Array, draws: number, rules: LooRules = LOO_2_10): KCategory[] {
  const threshold = kThreshold(draws, rules);
  const cuts: readonly (readonly [KCategory["label"], number])[] = [
    ...(rules.threshold === "fixed"
      ? ([
          ["good", 0.5],
          ["ok", threshold],
        ] as const)
      : ([["good", threshold]] as const)),
    ["bad", 1],
    ["very bad", Infinity],
  ];
  return cuts.map(([label, upTo], c) => {
    const above = cuts[c - 1]?.[1] ?? Number.NEGATIVE_INFINITY;
    return {
      label,
      above,
      upTo,
      count: k.reduce((n, value) => n + (value > above && value <= upTo ? 1 : 0), 0),
    };
  });
}
