export { type BuildOptions, type BuildResult, buildEngine } from "./build.ts";
export { cacheFolder } from "./cache-folder.ts";
export { EngineError } from "./engine-error.ts";
export type { EngineRecord } from "./engine-record.ts";
export { type EngineStatus, engineStatus, unusable } from "./engine-status.ts";
export { type LoadOptions, prepareNative } from "./load-tensorflow.ts";
export { type NativeOptions, nativeRuntime } from "./runtime.ts";
export { gradientsPerSecond } from "./speed.ts";
