import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** Standard normals of this shape, float32: a pure function of `seed` (int32, [2]). */
export function statelessNormal(shape: readonly number[], seed: Tensor): Tensor {
  return tf.engine().runKernel("StatelessRandomNormal", { seed }, { shape: [...shape] });
}

/** Uniform numbers in [0, 1), float32: a pure function of `seed` (int32, [2]). */
export function statelessUniform(shape: readonly number[], seed: Tensor): Tensor {
  return tf.engine().runKernel("StatelessRandomUniform", { seed }, { shape: [...shape] });
}
