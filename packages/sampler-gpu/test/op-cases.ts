import * as tf from "@tensorflow/tfjs-core";
import { statelessNormal, statelessUniform } from "../src/trace/random.ts";

/** One op, or a few that belong together, on tensors made at the call: what it computes is compared between backends. */
export interface OpCase {
  readonly name: string;
  readonly inputs: () => tf.Tensor[];
  readonly compute: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  /** Largest relative error between code generators, 1e-5 by default. */
  readonly tolerance?: number;
}

/** Values spread over the op's domain. */
const spread = (shape: number[], from: number, to: number): tf.Tensor => {
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from(
    { length: size },
    (_, k) => from + ((to - from) * ((k * 7 + 3) % (size + 1))) / size,
  );
  return tf.tensor(values, shape);
};
const integers = (shape: number[], below: number): tf.Tensor =>
  tf.tensor(
    Int32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, k) => (k * 5 + 2) % below),
    shape,
    "int32",
  );

const unary = (
  name: string,
  compute: (x: tf.Tensor) => tf.Tensor,
  from = -2,
  to = 2,
  tolerance = 1e-5,
): OpCase => ({
  name,
  inputs: () => [spread([3, 4], from, to)],
  compute,
  tolerance,
});
const binary = (name: string, compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): OpCase => ({
  name,
  inputs: () => [spread([2, 3, 4], 0.2, 3), spread([3, 1], 0.5, 2.5)],
  compute,
});
const on = (name: string, shape: number[], compute: OpCase["compute"]): OpCase => ({
  name,
  inputs: () => [spread(shape, -2, 2)],
  compute,
});

export const OP_CASES: readonly OpCase[] = [
  unary("abs", tf.abs),
  unary("acos", tf.acos, -0.9, 0.9),
  unary("acosh", tf.acosh, 1.1, 4),
  unary("asin", tf.asin, -0.9, 0.9),
  unary("asinh", tf.asinh),
  unary("atan", tf.atan),
  unary("atanh", tf.atanh, -0.9, 0.9),
  unary("ceil", tf.ceil),
  unary("cos", tf.cos),
  unary("cosh", tf.cosh),
  unary("elu", tf.elu),
  unary("erf", tf.erf),
  unary("exp", tf.exp),
  unary("expm1", tf.expm1),
  unary("floor", tf.floor),
  unary("log", tf.log, 0.1, 4),
  unary("log1p", tf.log1p, -0.5, 4),
  unary("logSoftmax", (x) => tf.logSoftmax(x)),
  unary("neg", tf.neg),
  unary("reciprocal", tf.reciprocal, 0.5, 3),
  unary("relu", tf.relu),
  unary("relu6", tf.relu6, -2, 9),
  unary("round", tf.round),
  unary("rsqrt", tf.rsqrt, 0.1, 4),
  unary("selu", tf.selu),
  unary("sigmoid", tf.sigmoid, -9, 9),
  unary("sign", tf.sign),
  unary("sin", tf.sin),
  unary("sinh", tf.sinh),
  unary("softmax", (x) => tf.softmax(x)),
  unary("softplus", tf.softplus, -30, 30),
  unary("sqrt", tf.sqrt, 0.1, 4),
  unary("square", tf.square),
  unary("tan", tf.tan, -1, 1),
  unary("tanh", tf.tanh),
  unary("isFinite", (x) => tf.isFinite(tf.div(1, tf.sub(x, x)))),
  unary("isInf", (x) => tf.isInf(tf.div(1, tf.sub(x, x)))),
  unary("isNaN", (x) => tf.isNaN(tf.div(tf.sub(x, x), tf.sub(x, x)))),
  unary("cast", (x) => tf.cast(x, "int32")),
  unary("clipByValue", (x) => tf.clipByValue(x, -1, 0.5)),
  unary("leakyRelu", (x) => tf.leakyRelu(x, 0.1)),
  unary("step", (x) => tf.step(x, 0.25)),
  unary("logicalNot", (x) => tf.logicalNot(tf.greater(x, 0))),
  unary("where", (x) => tf.where(tf.greater(x, 0), x, tf.mul(x, 3))),
  unary("addN", (x) => tf.addN([x, x, tf.square(x)])),
  unary("clone", (x) => tf.clone(x)),
  unary("zerosLike, onesLike", (x) => tf.sub(tf.onesLike(x), tf.zerosLike(x))),
  unary("logicalXor", (x) => tf.logicalXor(tf.greater(x, 0), tf.less(x, 1))),
  binary("add", tf.add),
  binary("atan2", tf.atan2),
  binary("floorDiv", tf.floorDiv),
  binary("maximum", tf.maximum),
  binary("minimum", tf.minimum),
  binary("mod", tf.mod),
  binary("mul", tf.mul),
  binary("pow", tf.pow),
  binary("div", tf.div),
  binary("squaredDifference", tf.squaredDifference),
  binary("sub", tf.sub),
  binary("equal", tf.equal),
  binary("greater", tf.greater),
  binary("greaterEqual", tf.greaterEqual),
  binary("less", tf.less),
  binary("lessEqual", tf.lessEqual),
  binary("notEqual", tf.notEqual),
  binary("logicalAnd", (a, b) => tf.logicalAnd(tf.greater(a, 1), tf.less(b, 1))),
  binary("logicalOr", (a, b) => tf.logicalOr(tf.greater(a, 1), tf.less(b, 1))),
  on("sum", [3, 4, 2], (x) => [tf.sum(x!), tf.sum(x!, 1), tf.sum(x!, [0, 2], true)]),
  on("mean", [3, 4], (x) => [tf.mean(x!), tf.mean(x!, 0)]),
  on("max", [3, 4], (x) => [tf.max(x!, 1), tf.max(x!, 0, true)]),
  on("min", [3, 4], (x) => tf.min(x!, 1)),
  on("prod", [3, 4], (x) => tf.prod(x!, 1)),
  on("all, any", [3, 4], (x) => [tf.all(tf.greater(x!, -1), 1), tf.any(tf.greater(x!, 1), 0)]),
  on("argMax, argMin", [3, 4], (x) => [tf.argMax(x!, 1), tf.argMin(x!, 0)]),
  on("cumsum, cumprod", [3, 4], (x) => [tf.cumsum(x!, 1, true), tf.cumprod(x!, 0, false, true)]),
  on("logSumExp", [3, 4], (x) => tf.logSumExp(x!, 1)),
  {
    name: "matMul",
    inputs: () => [spread([2, 3, 4], -1, 1), spread([2, 5, 4], -1, 1), spread([3, 4], -1, 1)],
    compute: (a, b, c) => [
      tf.matMul(a!, b!, false, true),
      tf.matMul(c!, c!, true),
      tf.matMul(a!, tf.transpose(c!)),
    ],
  },
  {
    name: "unsortedSegmentSum",
    inputs: () => [spread([6, 2], -1, 1), integers([6], 4)],
    compute: (x, ids) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 5),
  },
  on("reshape, expandDims, squeeze", [3, 4], (x) =>
    tf.squeeze(tf.expandDims(tf.reshape(x!, [2, -1]), 1), [1]),
  ),
  on("slice", [3, 4], (x) => [tf.slice(x!, [1, 0], [2, -1]), tf.slice(x!, 1)]),
  on("stridedSlice", [4, 6], (x) => tf.stridedSlice(x!, [0, 5], [4, 0], [2, -2], 0, 0, 0, 0, 0)),
  on("concat", [3, 4], (x) => tf.concat([x!, tf.square(x!)], -1)),
  on("stack, unstack", [3, 4], (x) => [tf.stack([x!, tf.neg(x!)], 1), ...tf.unstack(x!, 0)]),
  on("split", [3, 6], (x) => [...tf.split(x!, 3, 1), ...tf.split(x!, [1, 5], 1)]),
  on("transpose", [2, 3, 4], (x) => tf.transpose(x!, [2, 0, 1])),
  on("tile, broadcastTo", [1, 3], (x) => [tf.tile(x!, [2, 2]), tf.broadcastTo(x!, [4, 3])]),
  on(
    "broadcast kernel",
    [1, 3],
    (x) => tf.engine().runKernel("BroadcastTo", { x: x! }, { shape: [4, 3] }) as tf.Tensor,
  ),
  on("pad", [2, 3], (x) => tf.pad(x!, [[1, 0], [0, 2]], 7)), // biome-ignore format: a matrix
  on("reverse", [2, 3], (x) => tf.reverse(x!, 1)),
  {
    name: "gather",
    inputs: () => [spread([3, 5], -1, 1), integers([4], 5), integers([3, 2], 5)],
    compute: (x, columns, each) => [tf.gather(x!, columns!, 1), tf.gather(x!, each!, 1, 1)],
  },
  {
    name: "gatherND, scatterND",
    inputs: () => [spread([3, 4], -1, 1), tf.tensor2d([2, 0, 1, 3], [2, 2], "int32")],
    compute: (x, at) => [tf.gatherND(x!, at!), tf.scatterND(at!, tf.gatherND(x!, at!), [3, 4])],
  },
  on("fill, range, linspace", [4], (x) =>
    tf.addN([tf.mul(x!, tf.fill([4], 2)), tf.range(0, 4), tf.linspace(0, 1, 4)]),
  ),
  {
    name: "oneHot",
    inputs: () => [integers([5], 4)],
    compute: (x) => tf.oneHot(x as tf.Tensor1D, 4, 2, -1),
  },
  {
    name: "random",
    inputs: () => [tf.tensor1d([3, 4], "int32")],
    // the generators of the two code paths differ: shapes and types are compared here, draws elsewhere
    compute: (seed) => [tf.mul(statelessNormal([2, 3], seed!), 0), tf.mul(statelessUniform([4], seed!), 0)],
  },
];
