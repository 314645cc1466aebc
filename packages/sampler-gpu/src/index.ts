export { type ConditionalEffectsOptions, conditionalEffects } from "./density/conditional-effects.ts";
export { CheckpointError, decodeCheckpoint, encodeCheckpoint } from "./driver/checkpoint.ts";
export type { DrawBlock } from "./driver/draw-block.ts";
export type { Progress } from "./driver/drive.ts";
export type { Snapshot } from "./driver/state.ts";
export { ENGINES, type EngineName, SamplingError } from "./engine.ts";
export type { DensityName } from "./plan.ts";
export { type Fit, type FitInfo, type SampleOptions, sample, sampleStream } from "./sample.ts";
export {
  type Density,
  type DensityFit,
  type DensityInfo,
  type DensityOptions,
  sampleDensity,
  sampleDensityStream,
} from "./sample-density.ts";
export {
  type EngineSettings,
  engineSettings,
  PARAMETRISATIONS,
  type Parametrisation,
  PRECISIONS,
  type Precision,
} from "./settings.ts";
export type { Program, TensorRuntime, TensorSpec } from "./tensor/runtime.ts";
export { tfjsWasmVersion, type WasmOptions, wasmRuntime } from "./tensor/wasm-runtime.ts";
