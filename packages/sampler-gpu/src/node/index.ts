export { type Fit, type Progress, type SampleOptions, SamplingError } from "../index.ts";
export { EngineError } from "../native/engine-error.ts";
export { sample, type ThreadedOptions } from "./threads.ts";
