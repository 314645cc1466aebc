// Runs a known program on a build, op by op and compiled, in a process of its own: what breaks here breaks nothing else.
// Arguments: engine, the build's place as JSON, seconds of a speed test (0: none). Prints a CheckReport.
import * as tf from "@tensorflow/tfjs-core";
import { whileLoop } from "../trace/while-loop.ts";
import type { CheckReport } from "./check-build.ts";
import type { BuildPlace } from "./engine-record.ts";
import { loadTensorFlow } from "./load-tensorflow.ts";
import { nativeRuntime } from "./runtime.ts";
import { gradientsPerSecond } from "./speed.ts";

const STEPS = 3;
const X = [0.3, -1.2, 2.5, 0];

/** x <- x - 0.1 f'(x) three times, f(x) = log(1 + exp(x)) + x^2, in double precision. */
const expected = X.map((start) => {
  let x = start;
  for (let i = 0; i < STEPS; i++) x -= 0.1 * (1 / (1 + Math.exp(-x)) + 2 * x);
  return x;
});

const density = (x: tf.Tensor): tf.Tensor => tf.sum(tf.add(tf.softplus(x), tf.square(x)));
const descend = ([x, steps]: readonly tf.Tensor[]): tf.Tensor[] =>
  whileLoop(steps!, [x!], (_i, [x]) => [tf.sub(x!, tf.mul(tf.grad(density)(x!), 0.1))]);

const [engine, place, seconds] = process.argv.slice(2) as ["native" | "cuda", string, string];
const options = { engine, from: JSON.parse(place) as BuildPlace } as const;
const backend = await loadTensorFlow(options);
const errors: Record<string, number> = {};
let speed: number | null = null;
for (const mode of ["eager", "compiled"] as const) {
  const runtime = await nativeRuntime({ ...options, mode });
  const program = await runtime.prepare(
    "check",
    [
      { shape: [4], dtype: "float32" },
      { shape: [], dtype: "int32" },
    ],
    descend,
  );
  const [result] = program.run([tf.tensor1d(X), tf.scalar(STEPS, "int32")]);
  const values = result!.dataSync();
  errors[mode] = Math.max(...expected.map((value, k) => Math.abs(value - values[k]!)));
  program.dispose();
  if (mode === "compiled" && Number(seconds) > 0)
    speed = await gradientsPerSecond(Number(seconds), { runtime });
}
const report: CheckReport = {
  tensorflow: backend.binding.TF_Version,
  device: backend.isUsingGpuDevice ? "GPU" : "CPU",
  errors: { eager: errors["eager"]!, compiled: errors["compiled"]! },
  gradientsPerSecond: speed,
};
console.log(JSON.stringify(report));
