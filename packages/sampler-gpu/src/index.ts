export type { Progress } from "./driver/drive.ts";
export { SamplingError } from "./engine.ts";
export type { DensityName } from "./plan.ts";
export { type Fit, type SampleOptions, sample } from "./sample.ts";
