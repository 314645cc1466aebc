export { type ColumnExpression, parseColumnExpression } from "./column-expression.ts";
export { COLUMN_FUNCTIONS, type ColumnArguments, type ColumnFunction } from "./column-functions.ts";
export { deriveColumns } from "./derive-columns.ts";
export { estimatedOf } from "./estimated.ts";
export {
  combinedDifference,
  explainDifference,
  type KnownData,
  MARKED_DIFFERENCE,
} from "./explain-difference.ts";
export { type FitColumns, fitColumns } from "./fit-columns.ts";
export { checkHypotheses, fitFrame, missingColumns, textLevels } from "./fit-frame.ts";
export { multiplicityOf } from "./multiplicity.ts";
export type { AttributeDistribution, DataOverview, DistributionPart } from "./overview.ts";
export { overviewShape } from "./overview-shape.ts";
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
export { PUBLISHED_FORMAT, type Published, parsePublished } from "./published.ts";
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
export { selectWhere } from "./select-where.ts";
export { sensitivityRows } from "./sensitivity-rows.ts";
export { DAGGER_RATIO, STAR_RATIO, star } from "./star.ts";
export { type TableRowInput, tableRow } from "./table-row.ts";
export { tenthEffect, tenthKind } from "./tenth-effect.ts";
