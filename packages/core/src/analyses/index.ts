export { deriveColumns } from "./derive-columns.ts";
export type { AttributeDistribution, DataOverview, DistributionPart } from "./overview.ts";
export { PLAN_FORMAT, parsePlan } from "./parse-plan.ts";
export type {
  AnalysisRole,
  DerivedColumn,
  Plan,
  PlannedAnalysis,
  PlannedComparison,
  PlannedFit,
  PlannedHypothesis,
  PlannedSensitivity,
  SensitivityVariation,
  Subset,
  Variation,
} from "./plan.ts";
export { type PlanFitsOptions, planFits } from "./plan-fits.ts";
export type {
  ElpdComparison,
  Estimated,
  Multiplicity,
  PlanFitResult,
  PlanResults,
  PlanTables,
  PublishedRow,
  SensitivityRow,
  TableRow,
  TenthEffect,
} from "./results.ts";
export { selectWhere } from "./select-where.ts";
