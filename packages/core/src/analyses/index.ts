export type { AttributeDistribution, DataOverview, DistributionPart } from "./overview.ts";
export { overviewShape } from "./overview-shape.ts";
export type {
  AnalysisRole,
  DerivedColumn,
  Plan,
  PlannedAnalysis,
  PlannedComparison,
  PlannedFit,
  PlannedHypothesis,
  Subset,
  Variation,
} from "./plan.ts";
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
export { resultsShape } from "./results-shape.ts";
