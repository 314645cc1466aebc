import * as tf from "@tensorflow/tfjs-core";
import { ownedOutputs } from "./owned-outputs.ts";

/**
 * Applies `body` `count` times: state = body(i, state), i from 0.
 * @param count int32 scalar; below 1 the state stays as it is
 * @param state keeps its shapes and types
 * @returns the last state; new tensors, the caller's to dispose
 */
export function whileLoop(
  count: tf.Tensor,
  state: readonly tf.Tensor[],
  body: (i: tf.Tensor, state: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  const iterations = count.dataSync()[0] ?? 0;
  let current = ownedOutputs(() => [...state]);
  for (let i = 0; i < iterations; i++) {
    const next = ownedOutputs(() => body(tf.scalar(i, "int32"), current));
    tf.dispose(current);
    current = next;
  }
  return current;
}
