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
export {
  IMPORT_FORMATS,
  type ImportFormat,
  type ImportRequest,
  type ImportResult,
  importRun,
} from "./import-run.ts";
export { type PrismTableRequest, type PrismTableResult, SIMULATED_MARK, writePrismTable } from "./prism.ts";
export {
  finishRunFolder,
  type RunContents,
  type RunFolder,
  readRunFolder,
  writeManifest,
  writeRunFolder,
} from "./run-folder.ts";
export { readScoresFile, writeScoresFile } from "./scores.ts";
export { type SimulateRequest, type SimulateResult, writeSimulatedPrism } from "./simulate.ts";
export { summarizeFile } from "./summarize-file.ts";
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
