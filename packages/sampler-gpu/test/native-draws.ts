// Prints digests of a program's results: run in a process, or worker thread, of its own for each number of threads.
// Arguments: threads, eager | xla | graph. The build is the one in BRIDGEWISE_CACHE.
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import { nativeRuntime } from "../src/native/index.ts";
import { statelessNormal, statelessUniform } from "../src/trace/random.ts";
import { whileLoop } from "../src/trace/while-loop.ts";

const [threads, how] = process.argv.slice(2) as [string, "eager" | "xla" | "graph"];
const runtime = await nativeRuntime({
  engine: "native",
  mode: how === "eager" ? "eager" : "compiled",
  ...(how !== "eager" && { compiler: how }),
  threads: Number(threads),
});
await runtime.activate();

const [rows, columns, groups, chains] = [20_000, 29, 700, 4];
const x = tf.tensor2d(
  Float32Array.from({ length: rows * columns }, (_, k) => Math.sin(k * k)),
  [rows, columns],
);
const transposed = tf.transpose(x);
const group = tf.tensor1d(
  Int32Array.from({ length: rows }, (_, i) => (i * 7919) % groups),
  "int32",
);
// long sums, gathers, segment sums and random numbers, twice over
const program = await runtime.prepare("draws", [{ shape: [2], dtype: "int32" }], ([seed]) =>
  whileLoop(
    tf.scalar(2, "int32"),
    [tf.zeros([chains, columns]), statelessNormal([chains, groups], seed!), tf.zeros([chains])],
    (i, [b, u, total]) => {
      const key = tf.add(seed!, i);
      const noise = statelessNormal([chains, columns], key);
      const eta = tf.add(tf.matMul(tf.add(b!, noise), transposed), tf.gather(u!, group, 1));
      const residual = tf.sub(statelessUniform([chains, rows], key), tf.sigmoid(eta));
      const sums = tf.transpose(tf.unsortedSegmentSum(tf.transpose(residual), group, groups));
      return [tf.matMul(residual, x), sums, tf.add(total!, tf.sum(tf.softplus(eta), 1))];
    },
  ),
);
const results = program.run([tf.tensor1d([11, 12], "int32")]).map((tensor) => {
  const values = tensor.dataSync();
  return createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
});
if (parentPort) parentPort.postMessage(results);
else console.log(JSON.stringify(results));
