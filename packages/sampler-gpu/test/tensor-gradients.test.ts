import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { registerGradients } from "../src/tensor/gradients.ts";
import { wasmRuntime } from "../src/tensor/wasm-runtime.ts";

type Op = (x: tf.Tensor2D) => tf.Tensor;

/** Functions of x [2, 3], entries in (0.2, 0.9) and apart from each other. */
const OPS: Readonly<Record<string, Op>> = {
  abs: (x) => tf.abs(tf.sub(x, 0.52)),
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: (x) => tf.elu(tf.sub(x, 0.52)),
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  log: tf.log,
  log1p: tf.log1p,
  neg: tf.neg,
  reciprocal: tf.reciprocal,
  relu: (x) => tf.relu(tf.sub(x, 0.52)),
  rsqrt: tf.rsqrt,
  sigmoid: tf.sigmoid,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  tan: tf.tan,
  tanh: tf.tanh,
  "add, broadcast": (x) => tf.add(x, tf.slice(x, [0, 0], [1, 3])),
  atan2: (x) => tf.atan2(x, tf.add(1, tf.square(x))),
  maximum: (x) => tf.maximum(x, 0.52),
  minimum: (x) => tf.minimum(x, tf.reverse(tf.tensor2d([0.52, 0.1, 0.95], [1, 3]), 1)),
  "mul, broadcast": (x) => tf.mul(x, tf.slice(x, [0, 1], [2, 1])),
  "div, broadcast": (x) => tf.div(tf.slice(x, [1, 0], [1, 3]), x),
  pow: (x) => tf.pow(tf.add(x, 1), x),
  squaredDifference: (x) => tf.squaredDifference(x, tf.slice(x, [0, 0], [1, 1])),
  sub: (x) => tf.sub(1, x),
  max: (x) => tf.max(x, 1),
  "mean, axis": (x) => tf.mean(x, 0),
  mean: (x) => tf.mean(x),
  min: (x) => tf.min(x, 0),
  prod: (x) => tf.prod(x, 1),
  "sum, kept": (x) => tf.sum(x, 1, true),
  clip: (x) => tf.clipByValue(x, 0.36, 0.52),
  cumsum: (x) => tf.cumsum(x, 1, true),
  "cumsum, reverse": (x) => tf.cumsum(x, 1, false, true),
  expandDims: (x) => tf.expandDims(x, 1),
  pad: (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  reshape: (x) => tf.reshape(x, [6]),
  slice: (x) => tf.slice(x, [0, 1], [2, 1]),
  tile: (x) => tf.tile(x, [2, 3]),
  transpose: (x) => tf.transpose(x),
  "transpose, three axes": (x) => tf.transpose(tf.reshape(x, [1, 2, 3]), [2, 0, 1]),
  concat: (x) => tf.concat([x, tf.square(x)], 1),
  stack: (x) => tf.stack([x, tf.square(x)], 1),
  split: (x) => tf.mul(...(tf.split(tf.concat([x, tf.square(x)], 0), 2, 0) as [tf.Tensor, tf.Tensor])),
  unstack: (x) => tf.mul(...(tf.unstack(x, 0) as [tf.Tensor, tf.Tensor])),
  matMul: (x) => tf.matMul(x, tf.square(x), true, false),
  "matMul, transposed": (x) => tf.matMul(x, tf.square(x), false, true),
  "matMul, both": (x) => tf.matMul(tf.transpose(x), tf.square(x), true, true),
  gather: (x) => tf.gather(x, tf.tensor1d([2, 0, 2, 1], "int32"), 1),
  where: (x) => tf.where(tf.greater(x, 0.52), tf.square(x), tf.exp(x)),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  logSumExp: (x) => tf.logSumExp(x, 1),
  segmentSum: (x) => tf.unsortedSegmentSum(tf.transpose(x), tf.tensor1d([1, -1, 1], "int32"), 2),
  norm: (x) => tf.norm(x, 2, 1),
  dot: (x) => tf.dot(tf.reshape(x, [6]), tf.reshape(tf.exp(x), [6])),
};

describe("gradients of tfjs ops", () => {
  beforeAll(async () => {
    await wasmRuntime().activate();
    registerGradients();
  });

  it.each(Object.entries(OPS))("%s", (_, op) => {
    const at = [0.31, 0.83, 0.47, 0.66, 0.24, 0.58];
    // weights make every element of the result count differently
    const f = (x: tf.Tensor): tf.Scalar => {
      const y = op(x as tf.Tensor2D);
      const weights = tf.reshape(tf.add(tf.cos(tf.range(0, y.size)), 1.5), y.shape);
      return tf.sum(tf.mul(y, weights)) as tf.Scalar;
    };
    const value = (x: number[]): number => tf.tidy(() => f(tf.tensor2d(x, [2, 3])).dataSync()[0]!);
    const gradient = tf.tidy(() => [
      ...tf
        .grad(f)(tf.tensor2d(at, [2, 3]))
        .dataSync(),
    ]);
    expect(gradient).toHaveLength(6);
    gradient.forEach((slope, k) => {
      const moved = (h: number): number => value(at.map((v, i) => (i === k ? v + h : v)));
      // fourth-order differences: single precision allows no small steps
      const h = 0.02;
      const difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      expect(Math.abs(slope - difference)).toBeLessThan(2e-3 * (1 + Math.abs(slope)));
    });
  });
});
