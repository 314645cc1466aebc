export { betaCdf, betaQuantile } from "./beta.ts";
export { checkDraws, type Draws, type DrawsSource, drawsSource, selectVariables } from "./draws.ts";
export { type EnergyMoments, ebfmi, ebfmiOf, NO_ENERGY, withEnergy } from "./ebfmi.ts";
export { effectiveSampleSize, essBulk, essMean, essMedian, essQuantile, essSd, essTail } from "./ess.ts";
export { estimateOf, INTERVAL, type PosteriorEstimate } from "./estimate.ts";
export { mcseMean, mcseMedian, mcseQuantile, mcseSd } from "./mcse.ts";
export { mean, standardDeviation, variance } from "./moments.ts";
export { normalQuantile } from "./normal.ts";
export { normalCdf } from "./normal-cdf.ts";
export { MAD_CONSTANT, mad, median, quantile, quantileSorted } from "./quantile.ts";
export { averageRanks, rankNormalize } from "./ranks.ts";
export { potentialScaleReduction, rhat, rhatBasic } from "./rhat.ts";
export { rhatNested } from "./rhat-nested.ts";
export { splitChains } from "./split.ts";
export { type QuantileSummary, summarize, summarizeQuantiles, summarizeSource } from "./summarize.ts";
export {
  type SummaryRow,
  type SummaryTable,
  type SummaryTableOptions,
  summaryTable,
} from "./summary-table.ts";
export { type ModelPart, partOf, type VariablePart } from "./variable-part.ts";
