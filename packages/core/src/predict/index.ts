export { type FittedModel, modelBasis } from "./designed-rows.ts";
export {
  type DrawColumns,
  LinearPredictor,
  type PredictorRows,
  predictorVariables,
  requireColumn,
} from "./linear-predictor.ts";
export { correlationFactor, drawLevels, drawNewLevels, newLevelVariables } from "./new-levels.ts";
export {
  fittedRows,
  groupsNamed,
  NEW_LEVELS,
  type NewLevels,
  type NewRowsOptions,
  newRows,
  type RowsToPredict,
} from "./new-rows.ts";
export {
  PREDICTION_KINDS,
  type Prediction,
  type PredictionKind,
  type PredictOptions,
  predictRows,
} from "./predictions.ts";
export { thinDraws } from "./thin-draws.ts";
