import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { TensorSpec } from "./runtime.ts";

/** A tensor to be, in plain memory. */
export interface HostArray extends TensorSpec {
  readonly values: Float32Array | Int32Array;
}

/** Tensors of a program by name; the same names in the same order at every run. */
export type Arrays = Readonly<Record<string, HostArray>>;
export type Tensors = Readonly<Record<string, Tensor>>;

export const floats = (shape: readonly number[], values: ArrayLike<number>): HostArray => ({
  shape,
  dtype: "float32",
  values: Float32Array.from(values),
});

export const integers = (shape: readonly number[], values: ArrayLike<number>): HostArray => ({
  shape,
  dtype: "int32",
  values: Int32Array.from(values),
});

/** On the current backend; the caller's to dispose. */
export function upload(arrays: Arrays): Tensors {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor(values, [...shape], dtype),
    ]),
  );
}

/** Gives names back to a program's inputs. */
export function named(names: readonly string[], tensors: readonly Tensor[]): Tensors {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
}

export function disposeAll(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
