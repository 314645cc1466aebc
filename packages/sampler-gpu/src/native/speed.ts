import * as tf from "@tensorflow/tfjs-core";
import type { TensorRuntime } from "../tensor/runtime.ts";
import { whileLoop } from "../trace/while-loop.ts";

/** The speed test's model: a logistic regression, no different from machine to machine. */
export const SPEED = { rows: 10_000, columns: 24, chains: 4 } as const;

/**
 * Gradients of the log likelihood of SPEED's model per second, each of one chain: y ~ bernoulli(logistic(X b)), all chains at
 * once, ten gradients a dispatch as in a trajectory.
 */
export async function gradientsPerSecond(runtime: TensorRuntime, seconds = 1): Promise<number> {
  const { rows, columns, chains } = SPEED;
  const perDispatch = 10;
  await runtime.activate();
  const values = Float32Array.from({ length: rows * columns }, (_, k) => Math.sin(1 + k * 1.7));
  const y = tf.tensor2d(
    Float32Array.from({ length: rows }, (_, i) => (Math.sin(i * i) > 0 ? 1 : 0)),
    [1, rows],
  );
  const x = tf.tensor2d(values, [rows, columns]);
  const transposed = tf.transpose(x);
  const program = await runtime.prepare(
    "speed",
    [
      { shape: [chains, columns], dtype: "float32" },
      { shape: [], dtype: "int32" },
    ],
    ([b, count]) =>
      whileLoop(count!, [b!], (_i, [b]) => {
        const residual = tf.sub(y, tf.sigmoid(tf.matMul(b!, transposed)));
        return [tf.add(b!, tf.mul(tf.matMul(residual, x), 1e-6))];
      }),
  );
  const start = tf.zeros([chains, columns]);
  const count = tf.scalar(perDispatch, "int32");
  const run = (): void => {
    const results = program.run([start, count]);
    results[0]!.dataSync();
    tf.dispose(results);
  };
  run(); // compiles
  let dispatches = 0;
  const began = performance.now();
  let elapsed = 0;
  while (elapsed < seconds) {
    run();
    dispatches++;
    elapsed = (performance.now() - began) / 1000;
  }
  program.dispose();
  tf.dispose([x, transposed, y, start, count]);
  return (dispatches * perDispatch * chains) / elapsed;
}
