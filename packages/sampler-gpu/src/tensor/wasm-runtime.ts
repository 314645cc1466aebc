import * as tf from "@tensorflow/tfjs-core";
import { eagerProgram } from "./eager.ts";
import type { TensorRuntime } from "./runtime.ts";
import { registerWasmKernels } from "./wasm-kernels.ts";

export interface WasmOptions {
  /**
   * Folder or address, with its last slash, of the files of @tensorflow/tfjs-backend-wasm (`tfjs-backend-wasm-simd.wasm` …). In Node they
   * are found beside the package; in a browser they must be served, or tfjs looks for them beside the script.
   */
  readonly files?: string;
}

let ready: Promise<void> | undefined;

async function load({ files }: WasmOptions): Promise<void> {
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  if (files !== undefined) wasm.setWasmPaths(files);
  registerWasmKernels();
  if (!(await tf.setBackend("wasm"))) {
    throw new Error(
      `tfjs's wasm backend cannot start: are its files (tfjs-backend-wasm*.wasm) at ${files ?? "the script's own place"}?`,
    );
  }
}

/** The tensor program, op by op, on tfjs's WebAssembly backend: one thread, float32, no native code. The first call's options count. */
export function wasmRuntime(options: WasmOptions = {}): TensorRuntime {
  return {
    engine: "wasm",
    mode: "eager",
    async activate() {
      ready ??= load(options);
      await ready;
      if (tf.getBackend() !== "wasm") await tf.setBackend("wasm");
    },
    prepare: async (_name, _specs, body) => eagerProgram(body),
  };
}
