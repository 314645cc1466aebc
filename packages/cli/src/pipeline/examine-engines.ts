import { cpus, totalmem } from "node:os";
import type { EngineSettings, Precision } from "@bridgewise/sampler-gpu";
import type { EngineStatus } from "@bridgewise/sampler-gpu/native";

export interface EngineReport extends EngineStatus {
  readonly engine: EngineSettings["engine"];
  readonly precision: Precision | null;
}

/** Seconds of each engine's speed test. */
const SECONDS = 1;

/** Looks at every engine in turn, so that none slows another. */
export async function examineEngines(): Promise<EngineReport[]> {
  const { engineStatus } = await import("@bridgewise/sampler-gpu/native");
  return [
    { engine: "simd", precision: "float64", ...(await simd("float64")) },
    { engine: "simd", precision: "float32", ...(await simd("float32")) },
    { engine: "wasm", precision: null, ...(await wasm()) },
    { engine: "native", precision: null, ...(await engineStatus("native", SECONDS)) },
    { engine: "cuda", precision: null, ...(await engineStatus("cuda", SECONDS)) },
  ];
}

const here = (versions: Record<string, string>, gradientsPerSecond: number | null): EngineStatus => ({
  usable: true,
  why: null,
  remedy: null,
  versions,
  device: cpus()[0]?.model ?? "CPU",
  memory: totalmem(),
  gradientsPerSecond,
});

async function simd(precision: Precision): Promise<EngineStatus> {
  const { gradientsPerSecond } = await import("@bridgewise/sampler-gpu/native");
  return here({ node: process.version.slice(1) }, await gradientsPerSecond(SECONDS, { precision }));
}

async function wasm(): Promise<EngineStatus> {
  const { gradientsPerSecond, unusable } = await import("@bridgewise/sampler-gpu/native");
  const { tfjsWasmVersion, wasmRuntime } = await import("@bridgewise/sampler-gpu");
  try {
    const speed = await gradientsPerSecond(SECONDS, { runtime: wasmRuntime() });
    return here({ "tfjs-wasm": await tfjsWasmVersion() }, speed);
  } catch (error) {
    return unusable((error as Error).message, "use a Node with WebAssembly SIMD");
  }
}
