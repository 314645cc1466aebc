export { bayesR2 } from "./bayes-r2.ts";
export { type Calibration, type CalibrationBin, calibration } from "./calibration.ts";
export { type CheckOptions, checkModel, type ExplainedVariance, type ModelChecks } from "./check-model.ts";
export { checksShape } from "./checks-shape.ts";
export {
  type CountCheck,
  countChecks,
  type DensityOverlay,
  densityOverlay,
} from "./distributions.ts";
export { formulaInflation } from "./formula-inflation.ts";
export { type IsotonicBlock, isotonicRegression } from "./isotonic.ts";
export { looPitValues } from "./loo-pit.ts";
export { type PitHistogram, pitHistogram, pitValues } from "./pit.ts";
export { type Replicates, replicate, replicateAt } from "./replicates.ts";
export {
  checkLevels,
  checkStatistics,
  type LevelCheck,
  type StatisticCheck,
  skewness,
} from "./statistics.ts";
export {
  type VarianceParts,
  type VarianceShares,
  varianceParts,
  varianceShares,
} from "./variance-shares.ts";
export { type Collinearity, type VarianceInflation, varianceInflation } from "./vif.ts";
