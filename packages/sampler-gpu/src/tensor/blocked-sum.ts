import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** Numbers added up one after the other in float32: tfjs-wasm's Sum is one sequential accumulator. */
const BLOCK = 128;

/** Sums of x [chains, m] along its rows, [chains, 1], in two stages: rounding grows with the block, not with m. */
export function blockedSum(x: Tensor): Tensor {
  const [chains, m] = x.shape as [number, number];
  const blocks = Math.floor(m / BLOCK);
  if (blocks < 2) return tf.sum(x, 1, true);
  const whole = blocks * BLOCK;
  const main = tf.reshape(tf.slice(x, [0, 0], [chains, whole]), [chains, blocks, BLOCK]);
  const sum = tf.sum(tf.sum(main, 2), 1, true);
  return whole === m ? sum : tf.add(sum, tf.sum(tf.slice(x, [0, whole], [chains, m - whole]), 1, true));
}
