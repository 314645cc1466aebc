export { type PrismTableRequest, type PrismTableResult, SIMULATED_MARK, writePrismTable } from "./prism.ts";
export { type RunContents, type RunFolder, readRunFolder, writeRunFolder } from "./run-folder.ts";
export { readScoresFile, writeScoresFile } from "./scores.ts";
export { type SimulateRequest, type SimulateResult, writeSimulatedPrism } from "./simulate.ts";
