export { drawsFromArrow, drawsToArrow } from "./arrow.ts";
export {
  type DiagnoseInput,
  diagnose,
  EBFMI_LIMIT,
  ESS_PER_CHAIN,
  RHAT_LIMIT,
  RHAT_TARGET,
  warningsOfDraws,
} from "./diagnose.ts";
export type { DrawsBlock } from "./draws-block.ts";
export { flowShape } from "./flow-shape.ts";
export type {
  Flow,
  FlowStep,
  ImportedDraws,
  RunDiagnostics,
  RunManifest,
  RunSeconds,
  RunSummary,
  VariableSummary,
} from "./run.ts";
export { type RunInputs, runHash } from "./run-hash.ts";
export { diagnosticsShape, manifestShape, summaryShape } from "./run-shapes.ts";
export type { Mismatch, Shape } from "./shape.ts";
