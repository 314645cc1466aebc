export {
  evaluateHypotheses,
  type HypothesisOptions,
  type HypothesisRow,
  type HypothesisTable,
} from "./evaluate.ts";
export { type DrawExpression, type DrawValues, valueAt, variablesIn } from "./expression.ts";
export { DRAW_FUNCTIONS, type DrawFunction } from "./functions.ts";
export { hypothesesShape, numberOrInf } from "./hypotheses-shape.ts";
export { type DensityGrid, kernelDensity, ruleOfThumb } from "./kernel-density.ts";
export { type Hypothesis, parseHypothesis, type Sign } from "./parse-hypothesis.ts";
export { densityAt, savageDickey } from "./savage-dickey.ts";
export { splineAt } from "./spline.ts";
export { VariableNames } from "./variable-names.ts";
