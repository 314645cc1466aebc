export { CHECKS, readChecks } from "./checks-file.ts";
export { readColumns } from "./draw-columns.ts";
export { DrawsReader } from "./draws-reader.ts";
export { DrawsLost, type DrawsMark, DrawsWriter } from "./draws-writer.ts";
export {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportRequest,
  type ExportResult,
  exportRun,
  exportText,
  TEXT_FORMATS,
} from "./export-run.ts";
export { readHypotheses, saveHypotheses, writeHypotheses } from "./hypotheses-file.ts";
export {
  IMPORT_FORMATS,
  type ImportFormat,
  type ImportRequest,
  type ImportResult,
  importRun,
} from "./import-run.ts";
export {
  discardRefits,
  KFOLD,
  LOO,
  readKfold,
  readLoo,
  readRefits,
  writeKfold,
  writeLoo,
  writePointwise,
  writeRefits,
} from "./loo-files.ts";
export { type LooThreadOptions, looOfDraws, sharedArray } from "./loo-threads.ts";
export { type OpenedDraws, openDraws } from "./open-draws.ts";
export { isParquet, parquetRecords } from "./parquet-records.ts";
export { isPlanOutput, type PlanOutput, readPlanOutput } from "./plan-output.ts";
export { type PrismTableRequest, type PrismTableResult, SIMULATED_MARK, writePrismTable } from "./prism.ts";
export { checkPrismFolder } from "./prism-check.ts";
export { readAhead } from "./read-ahead.ts";
export {
  finishRunFolder,
  type RunContents,
  type RunFolder,
  readRunFolder,
  writeManifest,
  writeRunFolder,
} from "./run-folder.ts";
export { readScoresFile, scoresFormatOf, writeScoresFile } from "./scores.ts";
export { type SimulateRequest, type SimulateResult, writeSimulatedPrism } from "./simulate.ts";
export { type StagedFile, type WriteOptions, writeFiles } from "./staged-files.ts";
export { summarizeFile } from "./summarize-file.ts";
export { readText } from "./text-file.ts";
export {
  discardUnfinished,
  finishedCheckpoint,
  isFinished,
  makeRunFolder,
  partialDraws,
  saveCheckpoint,
  takeUpDraws,
  unfinishedCheckpoint,
  writingTo,
} from "./unfinished-run.ts";
export { writeText } from "./write-text.ts";
