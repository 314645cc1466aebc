import type { PosteriorEstimate } from "../posterior/estimate.ts";
import { count, finite, list, nullable, object, oneOf, record, type Shape, text } from "../run/shape.ts";
import type { Calibration, CalibrationBin } from "./calibration.ts";
import type { ExplainedVariance, ModelChecks } from "./check-model.ts";
import type { CountCheck, DensityOverlay } from "./distributions.ts";
import type { IsotonicBlock } from "./isotonic.ts";
import type { PitHistogram } from "./pit.ts";
import type { LevelCheck, StatisticCheck } from "./statistics.ts";

const estimate = object<PosteriorEstimate>({ estimate: finite, error: finite, lower: finite, upper: finite });
const explained = object<ExplainedVariance>({ conditional: nullable(estimate), marginal: estimate });

const statistic = object<StatisticCheck>({
  statistic: text,
  observed: finite,
  replicated: estimate,
  p_value: finite,
});

const predictive = object<ModelChecks["predictive"]>({
  statistics: list(statistic),
  density: nullable(object<DensityOverlay>({ x: list(finite), y: list(finite), y_rep: list(list(finite)) })),
  counts: nullable(list(object<CountCheck>({ value: text, observed: finite, replicated: estimate }))),
  by_group: nullable(
    object<NonNullable<ModelChecks["predictive"]["by_group"]>>({
      group: text,
      levels: list(
        object<LevelCheck>({
          level: text,
          rows: count,
          observed: finite,
          replicated: estimate,
          p_value: finite,
        }),
      ),
    }),
  ),
  pit: object<PitHistogram>({ kind: oneOf("plain", "loo"), counts: list(finite), expected: finite }),
});

const calibration = object<Calibration>({
  bins: list(
    object<CalibrationBin>({
      rows: count,
      predicted: finite,
      observed: finite,
      lower: finite,
      upper: finite,
    }),
  ),
  brier: finite,
  log_score: finite,
  reliability: object<Calibration["reliability"]>({
    blocks: list(object<IsotonicBlock>({ from: finite, to: finite, rows: count, value: finite })),
    miscalibration: finite,
    discrimination: finite,
    uncertainty: finite,
  }),
});

/** checks.json */
export const checksShape: Shape<ModelChecks> = object<ModelChecks>({
  rows: count,
  draws: count,
  replicates: count,
  groups_drawn: list(text),
  r2: object<ModelChecks["r2"]>({
    bayes: explained,
    nakagawa: nullable(
      object<NonNullable<ModelChecks["r2"]["nakagawa"]>>({
        conditional: nullable(estimate),
        marginal: estimate,
        residual_scale: text,
      }),
    ),
  }),
  icc: nullable(
    object<NonNullable<ModelChecks["icc"]>>({
      adjusted: estimate,
      unadjusted: estimate,
      by_group: record(estimate),
    }),
  ),
  predictive,
  calibration: nullable(calibration),
});
