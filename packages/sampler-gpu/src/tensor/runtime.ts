import type { Tensor } from "@tensorflow/tfjs-core";
import type { EngineName } from "../engine.ts";

/** Shape and type of a program's input. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
}

/** A pure function of tensors, made ready to be run many times. */
export interface Program {
  /** Inputs stay the caller's; outputs are the caller's to dispose. */
  run(inputs: readonly Tensor[]): Tensor[];
  dispose(): void;
}

/** Where and how the tensor program runs: op by op on a tfjs backend, or compiled to one TensorFlow function. */
export interface TensorRuntime {
  readonly engine: Exclude<EngineName, "simd">;
  readonly mode: "eager" | "compiled";
  /** Whether tensors that a body takes from around it stay on the device, where inputs travel there at every run. */
  readonly holdsData?: boolean;
  /** Makes the runtime's tfjs backend the current one: tensors made afterwards live there. */
  activate(): Promise<void>;
  /** `body` is called once at trace time where the runtime compiles, at every run where it does not. */
  prepare(
    name: string,
    specs: readonly TensorSpec[],
    body: (inputs: readonly Tensor[]) => Tensor[],
  ): Promise<Program>;
}
