export * from "../index.ts";
export { EngineError } from "../native/engine-error.ts";
export type { Sampling, SamplingStep } from "../sample.ts";
export { chooseEngine } from "./choose-engine.ts";
export { sample, sampleStream, startSampling, type ThreadedOptions } from "./threads.ts";
