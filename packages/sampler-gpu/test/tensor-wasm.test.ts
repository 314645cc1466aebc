import { wasmRuntime } from "../src/tensor/wasm-runtime.ts";
import { tensorSpec } from "./tensor-spec.ts";

tensorSpec("wasm, eager", () => wasmRuntime());
