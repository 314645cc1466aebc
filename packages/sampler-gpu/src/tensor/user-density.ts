import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { isDiagonal } from "../driver/metric.ts";
import type { Density } from "../sample-density.ts";
import { floats, type Tensors } from "./arrays.ts";
import type { Evaluation, TensorDensity } from "./density.ts";
import { registerGradients } from "./gradients.ts";
import type { TensorRuntime } from "./runtime.ts";
import type { Space } from "./space.ts";
import { rewhiten } from "./whitened.ts";

/** Value [chains, pieces] and gradient [chains, dims] at theta [chains, dims]. */
type Evaluate = (theta: Tensor2D) => { value: Tensor2D; gradient: Tensor };

/** The user's functions as one, its results checked at every call (in a compiled program: once). */
function evaluator(density: Density, chains: number): Evaluate {
  const { dims } = density;
  const pieces = (value: Tensor, name: string): Tensor2D => {
    if (value.shape[0] === chains && value.shape.length === 1) return tf.reshape(value, [chains, 1]);
    if (value.shape[0] === chains && value.shape.length === 2) return value as Tensor2D;
    throw new RangeError(
      `${name} must return [chains] or [chains, pieces], a row for each of the ${chains} rows it is given: [${value.shape}]; sum over axis 1, not over all`,
    );
  };
  if (density.logDensityAndGradient) {
    const { logDensityAndGradient } = density;
    return (theta) => {
      const { value, gradient } = logDensityAndGradient(theta);
      if (gradient.shape.join() !== `${chains},${dims}`)
        throw new RangeError(`the gradient must be [chains, dims], [${chains},${dims}]: [${gradient.shape}]`);
      return { value: pieces(value, "logDensityAndGradient"), gradient };
    };
  }
  registerGradients();
  // chains do not depend on each other: the gradient of the sum over them is each one's own
  const withGradient = tf.valueAndGrad((theta) =>
    pieces(density.logDensity(theta as Tensor2D), "logDensity"),
  );
  return (theta) => {
    const { value, grad } = withGradient(theta);
    return { value: value as Tensor2D, gradient: grad };
  };
}

/** A user's density over [chains, dims] in whitened coordinates. */
class UserDensity implements TensorDensity {
  readonly blocks: readonly number[];
  readonly kept: readonly number[];
  readonly pieces: readonly number[];
  readonly reported = 0;
  private readonly evaluateAt: Evaluate;

  constructor(dims: number, pieces: number, evaluateAt: Evaluate) {
    this.blocks = [dims];
    this.kept = [pieces];
    this.pieces = [pieces];
    this.evaluateAt = evaluateAt;
  }

  evaluate(inputs: Tensors, position: readonly Tensor[]): Evaluation {
    const w = position[0] as Tensor2D;
    const { mean, scale, factor, factorT } = inputs;
    const moved = scale ? tf.mul(w, scale) : tf.matMul(w, factorT as Tensor2D);
    const { value, gradient } = this.evaluateAt(tf.add(moved, mean!) as Tensor2D);
    const whitened = scale ? tf.mul(gradient, scale) : tf.matMul(gradient as Tensor2D, factor as Tensor2D);
    return { force: [tf.add(whitened, w)], kept: [value] };
  }

  piecesOf(_inputs: Tensors, kept: readonly Tensor[]): Tensor[] {
    return [...kept];
  }

  reportedOf(): Tensor {
    throw new Error("nothing is reported beside theta");
  }
}

/** The space of a user's density; calls it once, on the runtime, to see what it returns. */
export async function userSpace(density: Density, chains: number, runtime: TensorRuntime): Promise<Space> {
  const { dims, init } = density;
  const evaluateAt = evaluator(density, chains);
  await runtime.activate();
  const pieces = tf.tidy(() => {
    const theta = tf.add(
      tf.zeros([chains, dims]),
      tf.tensor2d(Array.from(init ?? new Float64Array(dims)), [1, dims]),
    );
    return evaluateAt(theta as Tensor2D).value.shape[1];
  });
  return {
    name: "density",
    variant: [],
    density: new UserDensity(dims, pieces, evaluateAt),
    data: {},
    geometry({ metric }) {
      const mean = floats([1, dims], metric.mean);
      if (isDiagonal(metric)) return { mean, scale: floats([1, dims], metric.factor) };
      const transposed = metric.factor.map(
        (_, i) => metric.factor[(i % dims) * dims + Math.floor(i / dims)]!,
      );
      return { mean, factor: floats([dims, dims], metric.factor), factorT: floats([dims, dims], transposed) };
    },
    move: (from, to, [w]) => rewhiten(from.metric, to.metric, w!, []),
    fold() {},
    variables: dims,
    report: ({ theta }, out, offset) => out.set(theta, offset),
  };
}
