export { readColumns } from "./draw-columns.ts";
export { DrawsReader } from "./draws-reader.ts";
export { DrawsLost, type DrawsMark, DrawsWriter } from "./draws-writer.ts";
export { saveHypotheses, writeHypotheses } from "./hypotheses-file.ts";
export { type OpenedDraws, openDraws } from "./open-draws.ts";
export { type PrismTableRequest, type PrismTableResult, SIMULATED_MARK, writePrismTable } from "./prism.ts";
export { readAhead } from "./read-ahead.ts";
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
