export { type Fit, type SampleOptions, SamplingError } from "../index.ts";
export { sample, type ThreadedOptions } from "./threads.ts";
