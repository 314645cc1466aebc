import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { SHAPE_GRADIENTS } from "./shape-gradients.ts";

/** dy / dx of an elementwise op times dy, from its input x and its output y. */
type Elementwise = (dy: Tensor, x: Tensor, y: Tensor) => Tensor;

const one = (x: Tensor): Tensor => tf.onesLike(x);
const where = (condition: Tensor, dy: Tensor): Tensor => tf.mul(dy, tf.cast(condition, "float32"));

const ELEMENTWISE: Readonly<Record<string, Elementwise>> = {
  Abs: (dy, x) => tf.mul(dy, tf.sign(x)),
  Asin: (dy, x) => tf.div(dy, tf.sqrt(tf.sub(1, tf.square(x)))),
  Asinh: (dy, x) => tf.div(dy, tf.sqrt(tf.add(1, tf.square(x)))),
  Atan: (dy, x) => tf.div(dy, tf.add(1, tf.square(x))),
  Atanh: (dy, x) => tf.div(dy, tf.sub(1, tf.square(x))),
  Ceil: (dy) => tf.zerosLike(dy),
  Cos: (dy, x) => tf.neg(tf.mul(dy, tf.sin(x))),
  Cosh: (dy, x) => tf.mul(dy, tf.sinh(x)),
  Elu: (dy, x, y) => tf.where(tf.greater(x, 0), dy, tf.mul(dy, tf.add(y, 1))),
  Erf: (dy, x) => tf.mul(dy, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(tf.square(x))))),
  Exp: (dy, _x, y) => tf.mul(dy, y),
  Expm1: (dy, _x, y) => tf.mul(dy, tf.add(y, 1)),
  Floor: (dy) => tf.zerosLike(dy),
  Identity: (dy) => tf.clone(dy),
  Log: (dy, x) => tf.div(dy, x),
  Log1p: (dy, x) => tf.div(dy, tf.add(x, 1)),
  Neg: (dy) => tf.neg(dy),
  Reciprocal: (dy, _x, y) => tf.neg(tf.mul(dy, tf.square(y))),
  Relu: (dy, x) => where(tf.greater(x, 0), dy),
  Round: (dy) => tf.zerosLike(dy),
  Rsqrt: (dy, x, y) => tf.mul(dy, tf.mul(-0.5, tf.div(y, x))),
  Sigmoid: (dy, _x, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y))),
  Sign: (dy) => tf.zerosLike(dy),
  Sin: (dy, x) => tf.mul(dy, tf.cos(x)),
  Sinh: (dy, x) => tf.mul(dy, tf.cosh(x)),
  Softplus: (dy, x) => tf.mul(dy, tf.sigmoid(x)),
  Sqrt: (dy, _x, y) => tf.div(dy, tf.mul(2, y)),
  Square: (dy, x) => tf.mul(dy, tf.mul(2, x)),
  Step: (dy) => tf.zerosLike(dy),
  Tan: (dy, _x, y) => tf.mul(dy, tf.add(1, tf.square(y))),
  Tanh: (dy, _x, y) => tf.mul(dy, tf.sub(1, tf.square(y))),
  ZerosLike: (dy) => tf.zerosLike(dy),
  OnesLike: (dy) => tf.zerosLike(dy),
};

/** Slopes of an op of two operands, which broadcast. */
const BINARY: Readonly<Record<string, (dy: Tensor, a: Tensor, b: Tensor) => [Tensor, Tensor]>> = {
  Add: (dy) => [dy, dy],
  Atan2: (dy, a, b) => {
    const d = tf.div(dy, tf.add(tf.square(a), tf.square(b)));
    return [tf.mul(d, b), tf.neg(tf.mul(d, a))];
  },
  Maximum: (dy, a, b) => [where(tf.greaterEqual(a, b), dy), where(tf.less(a, b), dy)],
  Minimum: (dy, a, b) => [where(tf.lessEqual(a, b), dy), where(tf.greater(a, b), dy)],
  Multiply: (dy, a, b) => [tf.mul(dy, b), tf.mul(dy, a)],
  Pow: (dy, a, b) => {
    const log = tf.where(tf.greater(a, 0), tf.log(a), tf.zerosLike(a));
    return [tf.mul(dy, tf.mul(b, tf.pow(a, tf.sub(b, 1)))), tf.mul(dy, tf.mul(tf.pow(a, b), log))];
  },
  RealDiv: (dy, a, b) => [tf.div(dy, b), tf.neg(tf.div(tf.mul(dy, a), tf.square(b)))],
  SquaredDifference: (dy, a, b) => {
    const d = tf.mul(dy, tf.mul(2, tf.sub(a, b)));
    return [d, tf.neg(d)];
  },
  Sub: (dy) => [dy, tf.neg(dy)],
};

/** Sums what a broadcast spread, back to the operand's shape. */
function unbroadcast(dx: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, dx.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(dx, axes) : dx, shape);
}

/** The gradient of a sum over axes, as large as x: dy with the lost axes put back. */
function spread(dy: Tensor, x: Tensor, axis: unknown): Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
  const kept = x.shape.map((size, k) => (axes.includes(k) ? 1 : size));
  return tf.mul(tf.reshape(dy, kept), one(x));
}

const reduction =
  (slope: (x: Tensor, y: Tensor, axis: unknown) => Tensor, axisName = "axis") =>
  (dy: Tensor | Tensor[], [x, y]: Tensor[], attrs: NamedAttrMap): Record<string, () => Tensor> => {
    const axis = attrs[axisName];
    return { x: () => tf.mul(spread(dy as Tensor, x!, axis), slope(x!, y!, axis)) };
  };
/** Elements that are the largest, or smallest. */
const extreme = (x: Tensor, y: Tensor, axis: unknown): Tensor =>
  tf.cast(tf.equal(x, spread(y, x, axis)), "float32");

const REDUCTIONS: Readonly<Record<string, GradConfig["gradFunc"]>> = {
  Max: reduction(extreme, "reductionIndices"),
  Mean: reduction((x, y) => tf.fill(x.shape, y.size / x.size)),
  Min: reduction(extreme),
  Prod: reduction((x, y, axis) => tf.div(spread(y, x, axis), x)),
  Sum: reduction((x) => one(x)),
};

/** Tests, whose results are constant almost everywhere: a condition of `where` may depend on theta. */
const TESTS = [
  "Equal",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "LogicalAnd",
  "LogicalOr",
  "NotEqual",
];

const configs = (): GradConfig[] => [
  ...Object.entries(ELEMENTWISE).map(
    ([kernelName, slope]): GradConfig => ({
      kernelName,
      inputsToSave: ["x"],
      outputsToSave: [true],
      gradFunc: (dy, saved) => ({ x: () => slope(dy as Tensor, saved[0]!, saved[1]!) }),
    }),
  ),
  ...Object.entries(BINARY).map(
    ([kernelName, slopes]): GradConfig => ({
      kernelName,
      inputsToSave: ["a", "b"],
      gradFunc: (dy, saved) => {
        const [a, b] = saved as [Tensor, Tensor];
        return {
          a: () => unbroadcast(slopes(dy as Tensor, a, b)[0], a.shape),
          b: () => unbroadcast(slopes(dy as Tensor, a, b)[1], b.shape),
        };
      },
    }),
  ),
  ...Object.entries(REDUCTIONS).map(
    ([kernelName, gradFunc]): GradConfig => ({
      kernelName,
      inputsToSave: ["x"],
      outputsToSave: [true],
      gradFunc,
    }),
  ),
  ...TESTS.map(
    (kernelName): GradConfig => ({
      kernelName,
      inputsToSave: ["a", "b"],
      gradFunc: (_dy, saved) => ({
        a: () => tf.zeros(saved[0]!.shape),
        b: () => tf.zeros(saved[1]!.shape),
      }),
    }),
  ),
  ...SHAPE_GRADIENTS,
];

/**
 * tfjs-core keeps its gradients in modules that Node cannot import (their own imports have no file endings), and its main file leaves them out.
 * These are the ones of the ops that a log density is made of, for wherever tfjs's own are not registered already.
 */
export function registerGradients(): void {
  for (const config of configs()) if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);
}
