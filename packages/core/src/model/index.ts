export { type BuiltModel, buildModel, type ModelRequest } from "./build-model.ts";
export { type CompleteRows, completeRows, type DroppedRows } from "./complete-rows.ts";
export type { DeclaredLevels } from "./declared-levels.ts";
export { defaultPriors, type PriorScope } from "./default-priors.ts";
export { describePriors, formatPrior } from "./format-prior.ts";
export type { GroupTerm, Model, ModelPriors } from "./model.ts";
export type { Prior } from "./prior.ts";
export { type PriorClass, type PriorStatement, parsePrior } from "./prior-syntax.ts";
export { type PriorRow, priorTable } from "./prior-table.ts";
export { checkProperPriors } from "./proper-priors.ts";
export {
  corNames,
  effectNames,
  interceptNames,
  levelName,
  sdNames,
  thresholdCount,
  variableNames,
} from "./variables.ts";
