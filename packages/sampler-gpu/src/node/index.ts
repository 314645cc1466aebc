export * from "../index.ts";
export { EngineError } from "../native/engine-error.ts";
export type { Sampling, SamplingStep } from "../sample.ts";
export { sample, sampleStream, startSampling, type ThreadedOptions } from "./threads.ts";
