import { matchVariables } from "../export/match-variables.ts";
import { warningsOfDraws } from "../run/diagnose.ts";
import { type DrawsSource, selectVariables } from "./draws.ts";
import { type QuantileSummary, summarizeQuantiles } from "./summarize.ts";
import { type ModelPart, partOf } from "./variable-part.ts";

export interface SummaryTableOptions {
  /** Patterns with `*` and `?`; default every variable but single group levels, or all where there are no others. */
  readonly variables?: readonly string[];
  /** Probabilities of the lower and the upper quantile; default 0.025 and 0.975, brms's 95% interval. */
  readonly probs?: readonly [number, number];
  /** Median and MAD instead of mean and standard deviation. */
  readonly robust?: boolean;
  /** Called after every variable with how many are done; what it throws ends the work. */
  readonly each?: (done: number, total: number) => void;
}

/** A row of brms's `summary()`, on the variable's own scale. null where a value is not defined or not finite. */
export interface SummaryRow {
  readonly variable: string;
  readonly part: ModelPart;
  readonly group: string | null;
  /** The variable's name within its part, as brms prints it. */
  readonly label: string;
  /** Mean, or median. */
  readonly estimate: number | null;
  /** Standard deviation, or MAD times 1.4826. */
  readonly est_error: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly rhat: number | null;
  readonly ess_bulk: number | null;
  readonly ess_tail: number | null;
  readonly mcse_mean: number | null;
}

export interface SummaryTable {
  readonly chains: number;
  /** Draws of each chain. */
  readonly draws: number;
  readonly probs: readonly [number, number];
  readonly robust: boolean;
  readonly rows: readonly SummaryRow[];
  /** What is wrong with these variables' draws, as `diagnose` words it. */
  readonly warnings: readonly string[];
}

/**
 * Summary of draws as brms prints it: equal-tailed intervals by type 7 quantiles, rank-normalised split R-hat, bulk and
 * tail ESS; in memory for one variable. InputError for a pattern that matches nothing, RangeError for probabilities that are
 * none or fall.
 */
export async function summaryTable(
  source: DrawsSource,
  options: SummaryTableOptions = {},
): Promise<SummaryTable> {
  const { variables: patterns = [], probs = [0.025, 0.975], robust = false, each } = options;
  if (!(probs[0] >= 0 && probs[0] < probs[1] && probs[1] <= 1))
    throw new RangeError(`probabilities must rise and lie from 0 to 1: ${probs.join(", ")}`);
  const chosen = selectVariables(source, chooseVariables(source.variables, patterns));
  const summaries = await summarizeQuantiles(chosen, probs, (done) => each?.(done, chosen.variables.length));
  const { chains, draws } = source;
  return {
    chains,
    draws,
    probs,
    robust,
    rows: chosen.variables.map((name) => rowOf(name, summaries[name]!, robust)),
    warnings: warningsOfDraws(summaries, chains, draws),
  };
}

function chooseVariables(variables: readonly string[], patterns: readonly string[]): readonly number[] {
  const matching = matchVariables(variables, patterns);
  if (patterns.length > 0) return matching;
  const shown = matching.filter((v) => partOf(variables[v]!).part !== "level");
  return shown.length > 0 ? shown : matching;
}

function rowOf(variable: string, summary: QuantileSummary, robust: boolean): SummaryRow {
  const { part, group, label } = partOf(variable);
  const { mean, median, sd, mad, quantiles, rhat, ess_bulk, ess_tail, mcse_mean } = summary;
  return {
    variable,
    part,
    group: group ?? null,
    label,
    estimate: robust ? median : mean,
    est_error: robust ? mad : sd,
    lower: quantiles[0]!,
    upper: quantiles[1]!,
    rhat,
    ess_bulk,
    ess_tail,
    mcse_mean,
  };
}
