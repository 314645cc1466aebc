import type { TensorRuntime } from "./runtime.ts";

export interface WasmOptions {
  /**
   * Folder or address, with its last slash, of the files of @tensorflow/tfjs-backend-wasm (`tfjs-backend-wasm-simd.wasm` …). In Node they
   * are found beside the package; in a browser they must be served, or tfjs looks for them beside the script.
   */
  readonly files?: string;
}

let ready: Promise<void> | undefined;

async function load({ files }: WasmOptions): Promise<void> {
  const tf = await import("@tensorflow/tfjs-core");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  const { registerWasmKernels } = await import("./wasm-kernels.ts");
  if (files !== undefined) wasm.setWasmPaths(files);
  registerWasmKernels();
  if (!(await tf.setBackend("wasm"))) {
    throw new Error(
      `tfjs's wasm backend cannot start: are its files (tfjs-backend-wasm*.wasm) at ${files ?? "the script's own place"}?`,
    );
  }
}

/**
 * The tensor program, op by op, on tfjs's WebAssembly backend: one thread, float32, no native code. The options of the first one that is
 * used count. tfjs is loaded when it is needed.
 */
export function wasmRuntime(options: WasmOptions = {}): TensorRuntime {
  return {
    engine: "wasm",
    mode: "eager",
    async activate() {
      ready ??= load(options);
      await ready;
      const tf = await import("@tensorflow/tfjs-core");
      if (tf.getBackend() !== "wasm") await tf.setBackend("wasm");
    },
    async prepare(_name, _specs, body) {
      const { eagerProgram } = await import("./eager.ts");
      return eagerProgram(body);
    },
  };
}

/** Version of the tfjs-wasm that would be used. */
export async function tfjsWasmVersion(): Promise<string> {
  return (await import("@tensorflow/tfjs-backend-wasm")).version_wasm;
}
