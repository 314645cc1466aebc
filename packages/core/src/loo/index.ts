export { type Compared, compareModels, leadMayBeChance, type ModelComparison } from "./compare.ts";
export { type Estimate, sumOf } from "./estimate.ts";
export { type FoldOptions, foldsOf, splitRows } from "./folds.ts";
export {
  fitGeneralizedPareto,
  type GeneralizedPareto,
  generalizedParetoQuantile,
} from "./generalized-pareto.ts";
export { heldOutDensity, heldOutVariables, logMeanExp } from "./held-out.ts";
export {
  checkFinite,
  type LogLikelihood,
  logLikelihoodOf,
  logLikelihoodOfMatrix,
} from "./log-likelihood.ts";
export { type Loo, type LooOptions, type LooPointwise, loo, looOfPointwise, pointwiseLoo } from "./loo.ts";
export {
  type KfoldFile,
  kfoldFileShape,
  type LooFile,
  looFileShape,
  type RefitsFile,
  refitsFileShape,
} from "./loo-file.ts";
export { checkPredictors, modelOfRows } from "./model-rows.ts";
export { type ObservationLoo, ObservationLooSampler } from "./observation.ts";
export { psis, tailLength } from "./psis.ts";
export { RelativeEfficiency } from "./relative-efficiency.ts";
export { type KCategory, kCategories, kThreshold, LOO_2_5, LOO_2_10, type LooRules } from "./rules.ts";
export { type Waic, waicOf } from "./waic.ts";
