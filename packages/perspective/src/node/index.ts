export { readScoresFile, writeScoresFile } from "@bridgewise/core/node";
export type { CalibrationBin, Differences, LengthGroup } from "../compare/agreement.ts";
export { blandAltman, calibrationBins, lengthGroups } from "../compare/agreement.ts";
export { bootstrapIntervals } from "../compare/bootstrap.ts";
export { calibrationSvg } from "../compare/calibration-svg.ts";
export {
  type AttributeComparison,
  type CompareScoresRequest,
  compareScores,
  type ScoreSide,
} from "../compare/compare-scores.ts";
export {
  type Interval,
  pearson,
  pearsonInterval,
  spearman,
  spearmanInterval,
} from "../compare/correlation.ts";
export { namesById, type OpenSideRequest, openSide } from "../compare/open-side.ts";
export { type Judgement, THRESHOLDS, type Verdict } from "../compare/verdict.ts";
export {
  type Corpus,
  type CorpusOptions,
  type CorpusText,
  openCorpus,
  type Survey,
  surveyCorpus,
} from "../corpus/corpus.ts";
export {
  CorpusFault,
  type CorpusProgress,
  type CorpusRequest,
  type CorpusResult,
  RunStopped,
  scoreCorpus,
} from "../corpus/score-corpus.ts";
export {
  type ClassifierScorerOptions,
  classifierScorer,
  type TextClassifier,
} from "../providers/onnx/classifier.ts";
export { makeOnnxScorer, type OnnxOptions } from "../providers/onnx/load-classifier.ts";
export {
  makePrismModeration,
  PRISM_MODERATION,
  type PrismModeration,
  TOXIC_CATEGORIES,
} from "../providers/prism-moderation.ts";

export { conflictRows } from "../store/conflict-rows.ts";
export { type ExportScoresRequest, exportedRows } from "../store/export-scores.ts";
export { type ImportScoresRequest, type ImportScoresResult, importScores } from "../store/import-scores.ts";
export { type MergeStoresRequest, type MergeStoresResult, mergeStores } from "../store/merge-stores.ts";
export {
  chooseKey,
  type StoreStats,
  storedScore,
  storedScores,
  storeStats,
  verifyStore,
} from "../store/queries.ts";
export { SCHEMA_VERSION } from "../store/schema.ts";
export type { ScoreConflict, StagedCounts } from "../store/staging.ts";
export {
  type KnownAttributes,
  type ScoreKey,
  ScoreStore,
  type StoredFailure,
  type StoredScore,
  withStore,
} from "../store/store.ts";
export { StoreError } from "../store/store-error.ts";
