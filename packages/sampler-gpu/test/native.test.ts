import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkBuild } from "../src/native/check-build.ts";
import { placeOf } from "../src/native/engine-record.ts";
import { type BuildResult, buildEngine, nativeRuntime } from "../src/native/index.ts";
import { loadTensorFlow, type TensorFlowBackend } from "../src/native/load-tensorflow.ts";
import { compiledProgram } from "../src/native/runtime.ts";
import type { TensorRuntime } from "../src/tensor/runtime.ts";
import { statelessNormal, statelessUniform } from "../src/trace/random.ts";
import { whileLoop } from "../src/trace/while-loop.ts";
import { OP_CASES } from "./op-cases.ts";

const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const missing = [
  ...(has("g++", "--version") ? [] : ["g++"]),
  ...(has("python3", "-m", "pip", "--version") ? [] : ["python3 with pip"]),
];
if (missing.length > 0)
  console.warn(`The native engine's tests are skipped: no ${missing.join(", no ")} here.`);

const folder = mkdtempSync(join(tmpdir(), "bridgewise-native-"));
const f32 = (...shape: number[]) => ({ shape, dtype: "float32" as const });
const i32 = (...shape: number[]) => ({ shape, dtype: "int32" as const });

describe.skipIf(missing.length > 0)("the native engine", () => {
  let built: BuildResult;
  let backend: TensorFlowBackend;
  let eager: TensorRuntime;
  let xla: TensorRuntime;
  let graph: TensorRuntime;
  let runtimes: [string, TensorRuntime][];

  beforeAll(async () => {
    process.env["BRIDGEWISE_CACHE"] = folder;
    built = await buildEngine({ onProgress: (line) => console.log(line) });
    backend = await loadTensorFlow({ engine: "native" });
    eager = await nativeRuntime({ engine: "native", mode: "eager" });
    xla = await nativeRuntime({ engine: "native", mode: "compiled" });
    graph = await nativeRuntime({ engine: "native", mode: "compiled", compiler: "graph" });
    runtimes = [
      ["eager", eager],
      ["xla", xla],
      ["graph", graph],
    ];
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true, force: true }), 120_000);

  test("is built once: the second time nothing is done, and nothing temporary is left", async () => {
    expect(built.made).toBe(true);
    expect(built.record.versions.tensorflow).toMatch(/^2\.\d+\.\d+/);
    const began = performance.now();
    const again = await buildEngine();
    expect(again).toEqual({ ...built, made: false });
    expect(performance.now() - began).toBeLessThan(1000);
    expect(readdirSync(join(folder, "engine"))).toEqual(["cpu"]);
  });

  test("computes a density, its gradient by autodiff and a loop as float64 does", async () => {
    const [rows, columns, chains, steps] = [500, 3, 2, 4];
    const x = Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, k) => Math.sin((i * 3 + k) ** 2)),
    );
    const y = x.map(([a]) => (a! + 0.3 > 0 ? 1 : 0));
    const start = [
      [0.1, -0.4, 0.2],
      [1, 0.5, -2],
    ];
    const expected = start.map((b0) => {
      let b = b0;
      let density = 0;
      for (let s = 0; s < steps; s++) {
        const gradient = b.map((v) => -v);
        density = -b.reduce((sum, v) => sum + v * v, 0) / 2;
        x.forEach((row, i) => {
          const eta = row.reduce((sum, v, k) => sum + v * b[k]!, 0);
          density += y[i]! * eta - Math.log1p(Math.exp(eta));
          row.forEach((v, k) => {
            gradient[k]! += v * (y[i]! - 1 / (1 + Math.exp(-eta)));
          });
        });
        b = b.map((v, k) => v + 0.01 * gradient[k]!);
      }
      return { b, density };
    });
    for (const [name, runtime] of runtimes) {
      await runtime.activate();
      const data = tf.tensor2d(x);
      const response = tf.tensor2d([y]);
      const logDensity = (b: tf.Tensor): tf.Tensor => {
        const eta = tf.matMul(b, data, false, true);
        const rows = tf.sub(tf.mul(response, eta), tf.softplus(eta));
        return tf.sub(tf.sum(rows, 1), tf.mul(tf.sum(tf.square(b), 1), 0.5));
      };
      const program = await runtime.prepare("ascend", [f32(chains, columns), i32()], ([b, count]) =>
        whileLoop(count!, [b!, tf.zeros([chains])], (_i, [b]) => {
          const { value, grad } = tf.valueAndGrad((b: tf.Tensor) => tf.sum(logDensity(b)))(b!);
          value.dispose();
          return [tf.add(b!, tf.mul(grad, 0.01)), logDensity(b!)];
        }),
      );
      const inputs = [tf.tensor2d(start), tf.scalar(steps, "int32")];
      const [b, density] = program.run(inputs);
      const values = b!.arraySync() as number[][];
      const densities = density!.dataSync();
      expected.forEach((chain, c) => {
        chain.b.forEach((v, k) => {
          expect(Math.abs(values[c]![k]! - v), name).toBeLessThan(2e-6 * (1 + Math.abs(v)));
        });
        // a sum of 500 terms of about 1
        expect(Math.abs(densities[c]! - chain.density), name).toBeLessThan(1e-6 * rows);
      });
      program.dispose();
      tf.dispose([data, response, b!, density!, ...inputs]);
    }
  });

  test("gives every op's results compiled as op by op", async () => {
    await eager.activate();
    let compared = 0;
    for (const { name, inputs, compute, tolerance = 1e-5 } of OP_CASES) {
      const made = inputs();
      const specs = made.map((x) => ({ shape: x.shape, dtype: x.dtype as "float32" | "int32" }));
      const body = (args: readonly tf.Tensor[]): tf.Tensor[] => [compute(...args)].flat();
      // tfjs-node has no kernel for this one
      const reference = name === "broadcast kernel" ? graph : eager;
      const outcomes: { values: ArrayLike<number>; shape: number[]; dtype: string }[][] = [];
      for (const runtime of [reference, xla, graph]) {
        const program = await runtime.prepare("op", specs, body);
        const results = program.run(made);
        outcomes.push(results.map((x) => ({ values: x.dataSync(), shape: x.shape, dtype: x.dtype })));
        tf.dispose(results);
        program.dispose();
      }
      const [expected, ...others] = outcomes;
      for (const outcome of others)
        expected!.forEach((tensor, k) => {
          expect({ ...outcome[k]!, values: 0 }, name).toEqual({ ...tensor, values: 0 });
          Array.from(tensor.values).forEach((value, i) => {
            const error = Math.abs(outcome[k]!.values[i]! - value);
            expect(error, `${name}[${i}] ${value}`).toBeLessThanOrEqual(
              tolerance * Math.max(1, Math.abs(value)),
            );
            compared++;
          });
        });
      tf.dispose(made);
    }
    expect(compared).toBeGreaterThan(2000);
  });

  test("leaves no tensors and no sessions", async () => {
    for (const [name, runtime] of runtimes) {
      await runtime.activate();
      const handles = backend.binding.getNumOfTensors();
      const { numTensors } = tf.memory();
      const data = tf.tensor1d(Float32Array.from({ length: 1000 }, (_, k) => k));
      const program = await runtime.prepare("leak", [f32(1000), i32(), i32(2)], ([x, n, seed]) => [
        ...whileLoop(n!, [x!, data], (_i, [x, d]) => [
          tf.add(tf.mul(x!, 0.5), tf.add(d!, statelessNormal([1000], seed!))),
          d!,
        ]),
        x!,
      ]);
      const inputs = [tf.zeros([1000]), tf.scalar(3, "int32"), tf.tensor1d([1, 2], "int32")];
      for (let i = 0; i < 20; i++) tf.dispose(program.run(inputs));
      program.dispose();
      tf.dispose([data, ...inputs]);
      expect(tf.memory().numTensors, name).toBe(numTensors);
      expect(backend.binding.getNumOfTensors(), name).toBe(handles);
    }
  });

  test("keeps a program by its content, and data out of the cache", async () => {
    const programs = (): string[] =>
      readdirSync(join(folder, "programs")).filter((name) => name.startsWith("cached-"));
    await xla.activate();
    const source = Float32Array.from({ length: 5000 }, (_, k) => Math.sin(k));
    const data = tf.tensor1d(source);
    const make = (by: number) => xla.prepare("cached", [f32(5000)], ([x]) => [tf.mul(tf.add(x!, data), by)]);
    const first = await make(2);
    expect(programs()).toHaveLength(1);
    const second = await make(2);
    expect(programs()).toHaveLength(1);
    const third = await make(3);
    expect(programs()).toHaveLength(2);
    for (const name of programs())
      expect(
        spawnSync("stat", ["-c", "%s", join(folder, "programs", name, "saved_model.pb")]).stdout.toString(),
      ).toMatch(/^\d{3,4}\n$/);
    const held = await compiledProgram(
      backend,
      { compiler: "xla", data: "held" },
      "held",
      [f32(5000)],
      ([x]) => [tf.mul(tf.add(x!, data), 2)],
    );
    expect(readdirSync(join(folder, "programs")).filter((name) => name.startsWith("held"))).toEqual([]);
    source.fill(0); // programs keep what was there when they were made
    const x = tf.ones([5000]);
    const results = [first, second, held].map((program) => program.run([x])[0]!);
    const [a, b, c] = results.map((result) => [...result.dataSync()]);
    expect(a![1]).toBeCloseTo(2 * (1 + Math.sin(1)), 5);
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    for (const program of [first, second, third, held]) program.dispose();
    tf.dispose([data, x, ...results]);
  });

  test("draws standard normal and uniform numbers by key", async () => {
    for (const [name, runtime] of runtimes) {
      await runtime.activate();
      const n = 200_000;
      const program = await runtime.prepare("draw", [i32(2)], ([seed]) => [
        statelessNormal([n], seed!),
        statelessUniform([n], seed!),
      ]);
      const draw = (a: number, b: number): Float32Array[] => {
        const seed = tf.tensor1d([a, b], "int32");
        const results = program.run([seed]);
        const values = results.map((x) => x.dataSync() as Float32Array);
        tf.dispose([seed, ...results]);
        return values;
      };
      const [normal, uniform] = draw(1, 2);
      expect(draw(1, 2)).toEqual([normal, uniform]);
      expect(draw(2, 1)[0]).not.toEqual(normal);
      const moment = (values: Float32Array, power: number): number =>
        values.reduce((sum, v) => sum + v ** power, 0) / values.length;
      // means of x^k within 4 standard errors; var(x^k) = E x^2k - (E x^k)^2
      for (const [power, mean, variance] of [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96]] as const) // biome-ignore format: a table
        expect(Math.abs(moment(normal!, power) - mean), `${name} normal ${power}`).toBeLessThan(
          4 * Math.sqrt(variance / n),
        );
      for (const [power, mean, variance] of [[1, 1 / 2, 1 / 12], [2, 1 / 3, 4 / 45]] as const) // biome-ignore format: a table
        expect(Math.abs(moment(uniform!, power) - mean), `${name} uniform ${power}`).toBeLessThan(
          4 * Math.sqrt(variance / n),
        );
      expect(uniform!.every((v) => v >= 0 && v < 1)).toBe(true);
      program.dispose();
    }
  });

  test("gives the same numbers with one thread and with two, and compiles by XLA where it says so", async () => {
    const script = fileURLToPath(new URL("native-draws.ts", import.meta.url));
    const dump = join(folder, "dump");
    const draws = async (threads: number, how: string, flags: string): Promise<string> => {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--conditions=@bridgewise/source", script, String(threads), how],
        { env: { ...process.env, BRIDGEWISE_CACHE: folder, XLA_FLAGS: flags } },
      );
      return stdout;
    };
    for (const how of ["eager", "graph", "xla"]) {
      const one = await draws(1, how, `--xla_dump_to=${dump}`);
      expect(JSON.parse(one)).toHaveLength(3);
      expect(await draws(2, how, ""), how).toBe(one);
      expect(existsSync(dump), how).toBe(how === "xla");
      if (how !== "graph") continue;
      // the main thread has set the environment; two workers at once
      const inWorker = (): Promise<unknown> =>
        new Promise((resolve, reject) => {
          const execArgv = ["--conditions=@bridgewise/source"];
          const worker = new Worker(script, { argv: ["1", how], execArgv });
          worker.once("message", resolve).once("error", reject);
        });
      const expected = JSON.parse(one);
      expect(await Promise.all([inWorker(), inWorker()])).toEqual([expected, expected]);
    }
  });

  test("checks what a program is given", async () => {
    const program = await xla.prepare("given", [f32(2)], ([x]) => [x!]);
    const [short, whole] = [tf.zeros([1]), tf.zeros([2], "int32")];
    expect(() => program.run([])).toThrow("'given' takes 1 tensors, 0 were given");
    expect(() => program.run([short])).toThrow("'given' takes float32[2] as input 0, float32[1] was given");
    expect(() => program.run([whole])).toThrow("'given' takes float32[2] as input 0, int32[2] was given");
    program.dispose();
    expect(() => program.run([short])).toThrow("the program 'given' was disposed");
    tf.dispose([short, whole]);
  });

  test("says that no GPU is there, and that a process has one setting", async () => {
    await expect(checkBuild("cuda", placeOf(built.record))).rejects.toThrow(
      /no GPU is visible to TensorFlow: .*engine build --gpu/,
    );
    await expect(nativeRuntime({ engine: "cuda", mode: "eager" })).rejects.toThrow(
      "this process runs TensorFlow as 'native' with 1 threads already: use another process for 'cuda' with 1",
    );
  });
});
