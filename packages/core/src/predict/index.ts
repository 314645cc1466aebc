export {
  type DrawColumns,
  LinearPredictor,
  type PredictorRows,
  predictorVariables,
} from "./linear-predictor.ts";
