import * as tf from "@tensorflow/tfjs-core";

/**
 * Runs `compute` in a tidy and sees to it that every result is a new tensor of its own: what it returns unchanged from around it
 * (its inputs, captured tensors), or twice, is cloned, so that the caller may dispose all results and nothing else.
 */
export function ownedOutputs(compute: () => readonly tf.Tensor[]): tf.Tensor[] {
  return tf.tidy(() => {
    // tensors are numbered as they are made
    const first = tf.scalar(0).id;
    const seen = new Set<number>();
    return compute().map((x) => {
      const own = x.id > first && !seen.has(x.id);
      seen.add(x.id);
      return own ? x : tf.clone(x);
    });
  });
}
