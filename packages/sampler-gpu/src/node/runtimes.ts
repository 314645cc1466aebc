import type { EngineName } from "../engine.ts";
import type { TensorRuntime } from "../tensor/runtime.ts";

/** Where the tensor program runs for an engine; TensorFlow's engines compile it. Loaded when it is needed. */
export async function runtimeOf(
  engine: Exclude<EngineName, "simd">,
  threads: number | undefined,
): Promise<TensorRuntime> {
  if (engine === "wasm") {
    const { wasmRuntime } = await import("../tensor/wasm-runtime.ts");
    return wasmRuntime();
  }
  const { nativeRuntime } = await import("../native/runtime.ts");
  return nativeRuntime({ engine, mode: "compiled", ...(threads !== undefined && { threads }) });
}
