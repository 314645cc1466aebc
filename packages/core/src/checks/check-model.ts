import type { RandomNumbers } from "../family/index.ts";
import type { Model } from "../model/model.ts";
import { effectNames } from "../model/variables.ts";
import { estimateOf, type PosteriorEstimate } from "../posterior/estimate.ts";
import type { DrawColumns } from "../predict/linear-predictor.ts";
import { drawNewLevels } from "../predict/new-levels.ts";
import { groupsNamed } from "../predict/new-rows.ts";
import { bayesR2 } from "./bayes-r2.ts";
import { type Calibration, calibration } from "./calibration.ts";
import { type CountCheck, countChecks, type DensityOverlay, densityOverlay } from "./distributions.ts";
import { looPitValues } from "./loo-pit.ts";
import { type PitHistogram, pitHistogram, pitValues } from "./pit.ts";
import { replicate } from "./replicates.ts";
import { checkLevels, checkStatistics, type LevelCheck, type StatisticCheck } from "./statistics.ts";
import { varianceParts, varianceShares } from "./variance-shares.ts";

/** R2 with and without group effects; conditional is null where the draws lack them. */
export interface ExplainedVariance {
  readonly conditional: PosteriorEstimate | null;
  readonly marginal: PosteriorEstimate;
}

/** checks.json: plain data, ready for figures. Every interval is 95%, equal-tailed. */
export interface ModelChecks {
  readonly rows: number;
  readonly draws: number;
  /** Of the replicated data sets. */
  readonly replicates: number;
  /** Groups whose effects the draws lack: replicated data draw them anew from N(0, Sigma), as for new levels. */
  readonly groups_drawn: readonly string[];
  readonly r2: {
    /** brms's `bayes_R2`, on the response's scale. */
    readonly bayes: ExplainedVariance;
    /** Nakagawa's, on the linear predictor's scale; null for beta. */
    readonly nakagawa: (ExplainedVariance & { readonly residual_scale: string }) | null;
  };
  /** Intraclass correlations on that scale; null without groups. */
  readonly icc: {
    readonly adjusted: PosteriorEstimate;
    readonly unadjusted: PosteriorEstimate;
    /** Shares of groups + residual. */
    readonly by_group: Readonly<Record<string, PosteriorEstimate>>;
  } | null;
  readonly predictive: {
    readonly statistics: readonly StatisticCheck[];
    /** Of continuous responses. */
    readonly density: DensityOverlay | null;
    /** Of the others: 0 and 1, counts, or categories. */
    readonly counts: readonly CountCheck[] | null;
    /** Means of the levels of one group. */
    readonly by_group: { readonly group: string; readonly levels: readonly LevelCheck[] } | null;
    readonly pit: PitHistogram;
  };
  /** Of binary responses. */
  readonly calibration: Calibration | null;
}

export interface CheckOptions {
  /** Replicated data sets, default 100. */
  readonly replicates?: number;
  /** Group whose levels' means are checked; default the one with the fewest levels, if they are at most 50. */
  readonly by?: string;
  /** Judge each response by predictions that did not see it; needs all groups' effects. Default: by those that did. */
  readonly looPit?: boolean;
  readonly random: RandomNumbers;
  /** Told after each block of rows; `rows` counts each pass through them. */
  readonly onRows?: (done: number, rows: number) => void;
}

const REPLICATES = 100;
const MOST_LEVELS = 50;

/** All checks of a fitted model. `draws`: those that `checkVariables` names; effects of groups may be missing. */
export function checkModel(model: Model, draws: DrawColumns, options: CheckOptions): ModelChecks {
  const { replicates: wanted = REPLICATES, random, onRows } = options;
  const lacking = model.groups.filter((group) => draws.column(effectNames(group)[0]!) === undefined);
  const onRow = rowCounter(((lacking.length > 0 ? 3 : 4) + (options.looPit ? 1 : 0)) * model.rows, onRows);
  const marginal = estimateOf(bayesR2(model, draws, [], onRow));
  const conditional = lacking.length > 0 ? null : estimateOf(bayesR2(model, draws, model.groups, onRow));
  const parts = varianceParts(model, draws, onRow);
  const shares = parts && varianceShares(parts);
  const rows = {
    model,
    rows: model,
    drawn: model.groups.map((group) => (lacking.includes(group) ? group.levels : [])),
  };
  const replicates = replicate(rows, drawNewLevels(rows, draws, random), wanted, random, onRow);
  const { y, family } = model;
  const kind =
    family === "bernoulli"
      ? "binary"
      : family === "binomial"
        ? "counts"
        : family === "cumulative"
          ? "ordinal"
          : "continuous";
  const group = groupToCheck(model, options.by);
  return {
    rows: model.rows,
    draws: draws.draws,
    replicates: replicates.count,
    groups_drawn: lacking.map(({ name }) => name),
    r2: {
      bayes: { conditional, marginal },
      nakagawa:
        parts && shares
          ? {
              conditional: estimateOf(shares.r2Conditional),
              marginal: estimateOf(shares.r2Marginal),
              residual_scale: parts.scale,
            }
          : null,
    },
    icc:
      shares?.iccAdjusted && shares.iccUnadjusted
        ? {
            adjusted: estimateOf(shares.iccAdjusted),
            unadjusted: estimateOf(shares.iccUnadjusted),
            by_group: Object.fromEntries(
              Array.from(shares.byGroup, ([name, values]) => [name, estimateOf(values)]),
            ),
          }
        : null,
    predictive: {
      statistics: checkStatistics(y, replicates, kind),
      density: kind === "continuous" ? densityOverlay(y, replicates) : null,
      counts: kind === "continuous" ? null : countChecks(y, replicates, model.categories),
      by_group: group && {
        group: group.name,
        levels: checkLevels(y, replicates, group.levels, group.index),
      },
      pit: options.looPit
        ? pitHistogram(looPitValues(model, draws, random, onRow), "loo")
        : pitHistogram(pitValues(y, replicates, random), "plain"),
    },
    calibration: kind === "binary" ? calibration(replicates.expected, y) : null,
  };
}

/** Rows between reports. */
const BLOCK = 200;

function rowCounter(total: number, onRows: CheckOptions["onRows"]): () => void {
  let done = 0;
  return () => {
    if (++done % BLOCK === 0) onRows?.(done, total);
  };
}

function groupToCheck({ groups }: Model, by: string | undefined): Model["groups"][number] | null {
  if (by !== undefined) return groupsNamed({ groups }, [by])[0]!;
  const small = groups.filter(({ levels }) => levels.length <= MOST_LEVELS);
  return small.sort((a, b) => a.levels.length - b.levels.length)[0] ?? null;
}
