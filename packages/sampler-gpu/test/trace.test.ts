import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { traceBackend } from "../src/trace/backend.ts";
import { RECORDERS } from "../src/trace/op-table.ts";
import { savedModel } from "../src/trace/saved-model.ts";
import { trace } from "../src/trace/trace.ts";
import { whileLoop } from "../src/trace/while-loop.ts";
import { Message } from "../src/trace/wire.ts";
import { OP_CASES } from "./op-cases.ts";

const f32 = (...shape: number[]) => ({ shape, dtype: "float32" as const });
const i32 = (...shape: number[]) => ({ shape, dtype: "int32" as const });

beforeAll(async () => {
  await tf.setBackend("wasm");
});

describe("the wire format", () => {
  const hex = (message: Message) => Buffer.from(message.finish()).toString("hex");

  // the examples of https://protobuf.dev/programming-guides/encoding/
  test("is that of the documentation's examples", () => {
    expect(hex(new Message().integer(1, 150))).toBe("089601");
    expect(hex(new Message().bytes(2, "testing"))).toBe("120774657374696e67");
    expect(hex(new Message().message(3, new Message().integer(1, 150)))).toBe("1a03089601");
    expect(hex(new Message().integers(6, [3, 270, 86942]))).toBe("3206038e029ea705");
    expect(hex(new Message().integer(1, -2))).toBe("08feffffffffffffffff01");
  });

  test("writes maps in the keys' order", () => {
    const put = (entry: Message, value: number) => entry.integer(2, value);
    expect(hex(new Message().map(1, { b: 2, a: 1 }, put))).toBe(
      hex(new Message().map(1, { a: 1, b: 2 }, put)),
    );
  });
});

describe("the op table", () => {
  test("gives every op the shape and type that it has when computed", () => {
    const kernels = new Set<string>();
    const spy = vi.spyOn(tf.engine(), "runKernel");
    let compared = 0;
    for (const { name, inputs, compute } of OP_CASES) {
      const made = inputs();
      const all = (result: tf.Tensor | tf.Tensor[]) => (Array.isArray(result) ? result : [result]);
      const specs = made.map((x) => ({ shape: x.shape, dtype: x.dtype as "float32" | "int32" }));
      spy.mockClear();
      const program = trace("op", specs, (args) => all(compute(...args)));
      for (const [kernel] of spy.mock.calls) kernels.add(kernel);
      let results: tf.Tensor[];
      try {
        results = tf.tidy(() => all(compute(...made)));
      } catch (error) {
        expect((error as Error).message, name).toMatch(/not registered for backend 'wasm'/);
        continue;
      }
      compared++;
      expect(program.outputs, name).toEqual(results.map(({ shape, dtype }) => ({ shape, dtype })));
      tf.dispose([made, results]);
    }
    spy.mockRestore();
    expect(compared).toBeGreaterThan(70);
    expect([...kernels].sort()).toEqual(Object.keys(RECORDERS).sort());
  });

  test("names an op that it lacks, and those that it has", () => {
    expect(() => trace("program", [f32(4)], ([x]) => [tf.topk(x!, 2).values])).toThrow(
      /while 'program' was traced: the op 'TopK' cannot be recorded; these can: Abs, .*ZerosLike/,
    );
    expect(tf.getBackend()).toBe("wasm");
  });

  test.each([
    [
      "two types",
      { a: i32(3), b: f32(3) },
      "Add",
      /Add\(int32\[3\], float32\[3\]\): int32\[3\] and float32\[3\] are of two types/,
    ],
    [
      "the wrong type",
      { a: i32(2, 2), b: f32(2, 2) },
      "BatchMatMul",
      /'a' is int32\[2, 2\]: float32 is needed/,
    ],
    ["inner dimensions", { a: f32(2, 3), b: f32(2, 3) }, "BatchMatMul", /inner dimensions 3 and 2 differ/],
    [
      "no common shape",
      { a: f32(2), b: f32(3) },
      "Sub",
      /Sub\(float32\[2\], float32\[3\]\): Operands could not be broadcast/,
    ],
    [
      "too few segment ids",
      { x: f32(4, 2), segmentIds: i32(3) },
      "UnsortedSegmentSum",
      /'segmentIds' are 3 for 4 rows/,
    ],
  ])("checks shapes and types when it records: %s", (_what, inputs, kernel, message) => {
    const names = Object.keys(inputs);
    expect(() =>
      trace("program", Object.values(inputs), (args) => [
        tf
          .engine()
          .runKernel(kernel, Object.fromEntries(names.map((name, k) => [name, args[k]!])), {}) as tf.Tensor,
      ]),
    ).toThrow(message);
  });
});

describe("a trace", () => {
  test("is the nodes in order, small constants once, larger tensors as arguments", () => {
    const data = tf.tensor2d(
      Float32Array.from({ length: 600 }, (_, k) => k),
      [300, 2],
    );
    const {
      functions,
      data: taken,
      outputs,
    } = trace("predict", [f32(1, 2)], ([b]) => {
      const two = tf.scalar(2);
      const eta = tf.matMul(b!, data, false, true);
      return [tf.add(tf.mul(eta, two), tf.mul(eta, two)), tf.sum(tf.mul(data, tf.zeros([300, 2])))];
    });
    const [fn] = functions;
    expect(fn!.nodes.map((node) => node.op)).toEqual(
      ["BatchMatMulV2", "Const", "Mul", "Mul", "AddV2", "Const", "Mul", "Const", "Sum"], // biome-ignore format: one line
    );
    expect(fn!.inputs).toEqual([
      { name: "a0", dtype: "float32" },
      { name: "a1", dtype: "float32" },
    ]);
    // 300 zeros are one value
    expect(fn!.nodes[5]!.attrs["value"]).toEqual({
      tensor: { dtype: "float32", shape: [300, 2], values: Float32Array.of(0) },
    });
    expect(taken).toEqual([{ dtype: "float32", shape: [300, 2], values: data.dataSync() }]);
    expect(outputs).toEqual([f32(1, 300), f32()]);
    data.dispose();
  });

  test("is the same bytes for the same program, others for another constant", () => {
    const bytes = (by: number) =>
      Buffer.from(
        savedModel(
          trace("scale", [f32(3)], ([x]) => [tf.mul(x!, by)]),
          { compiler: "xla", data: "fed" },
        ).bytes,
      ).toString("hex");
    expect(bytes(2)).toBe(bytes(2));
    expect(bytes(2)).not.toBe(bytes(3));
  });

  test("leaves no tensors and the backend that was there, also when it fails", () => {
    const held = traceBackend().numDataIds();
    const { numTensors } = tf.memory();
    trace("program", [f32(4)], ([x]) => [tf.add(x!, 1), x!, tf.scalar(3)]);
    expect(() => trace("program", [f32(4)], ([x]) => [tf.tensor1d([...x!.dataSync()])])).toThrow(
      /values of a tensor were asked for .* while 'program' was traced/,
    );
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(traceBackend().numDataIds()).toBe(held);
    expect(tf.getBackend()).toBe("wasm");
  });
});

describe("whileLoop", () => {
  test("is one StatelessWhile: captured tensors are arguments that the body returns as they are", () => {
    const data = tf.tensor1d(Float32Array.from({ length: 300 }, (_, k) => k));
    const program = trace("walk", [f32(300), i32(), f32()], ([x, count, by]) =>
      whileLoop(count!, [x!], (i, [x]) => [tf.add(tf.mul(x!, by!), tf.add(data, tf.cast(i, "float32")))]),
    );
    expect(program.functions.map((fn) => fn.name)).toEqual(["walk_loop0_body", "walk_loop0_cond", "walk"]);
    const [body, cond, main] = program.functions;
    // counter, count, state, then `by` and the data
    expect(body!.inputs.map(({ dtype }) => dtype)).toEqual([
      "int32",
      "int32",
      "float32",
      "float32",
      "float32",
    ]);
    expect(body!.outputs.map(({ ref }) => ref)).toEqual(["AddV2_5:z:0", "a1", "AddV2_3:z:0", "a3", "a4"]);
    expect(body!.nodes.map(({ op }) => op)).toEqual(["Mul", "Cast", "AddV2", "AddV2", "Const", "AddV2"]);
    expect(cond!.nodes.map(({ op, inputs }) => [op, inputs])).toEqual([["Less", ["a0", "a1"]]]);
    expect(main!.nodes.at(-1)).toMatchObject({
      op: "StatelessWhile",
      inputs: ["Const_0:output:0", "a1", "a0", "a2", "a3"],
      attrs: { cond: { func: "walk_loop0_cond" }, body: { func: "walk_loop0_body" } },
    });
    expect(program.data.map(({ shape }) => shape)).toEqual([[300]]);
    data.dispose();
  });

  test("nests: an inner loop takes the outer functions' values through each of them", () => {
    const { functions } = trace("nest", [f32(), i32()], ([x, n]) =>
      whileLoop(n!, [tf.scalar(0)], (_i, [s]) => whileLoop(n!, [s!], (_j, [s]) => [tf.add(s!, x!)])),
    );
    const names = functions.map((fn) => fn.name);
    expect(names).toHaveLength(5);
    expect(new Set(names).size).toBe(5);
    const inner = functions.find((fn) => fn.name === "nest_loop0_body_loop0_body")!;
    expect(inner.inputs).toHaveLength(4);
    const outer = functions.find((fn) => fn.name === "nest_loop0_body")!;
    // counter, count, state, and what the inner loop needs: n and x
    expect(outer.inputs).toHaveLength(5);
  });

  test("says which part of the state changed, and that it has no gradient", () => {
    const loop = (body: (x: tf.Tensor) => tf.Tensor[]) => () =>
      trace("program", [f32(2), i32()], ([x, n]) => whileLoop(n!, [x!], (_i, [x]) => body(x!)));
    expect(loop((x) => [tf.concat([x, x])])).toThrow(/changed state 0 from float32\[2\] to float32\[4\]/);
    expect(loop((x) => [tf.cast(x, "int32")])).toThrow(/changed state 0 from float32\[2\] to int32\[2\]/);
    expect(loop(() => [])).toThrow(/returned 0 tensors for a state of 1/);
    expect(() =>
      trace("program", [f32(2), i32()], ([x, n]) => [
        tf.grad((y) => tf.sum(whileLoop(n!, [y], (_i, [y]) => [tf.mul(y!, 2)])[0]!))(x!),
      ]),
    ).toThrow(/whileLoop has no gradient in a traced program/);
    expect(() => whileLoop(tf.scalar(2), [], () => [])).toThrow(/count is an int32 scalar: float32\[\]/);
  });

  test.each([0, 1, 5])("is a plain loop elsewhere, and leaves no tensors (%i iterations)", (count) => {
    const { numTensors } = tf.memory();
    tf.tidy(() => {
      const before = tf.memory().numTensors;
      const [x, by, n] = [tf.tensor1d([1, 2]), tf.scalar(2), tf.scalar(count, "int32")];
      const outside = tf.memory().numTensors;
      // one is computed, one stays as it was, one is the same tensor again
      const state = whileLoop(n, [x, by, by], (i, [x, by]) => [
        tf.add(tf.mul(x!, by!), tf.cast(i, "float32")),
        by!,
        by!,
      ]);
      expect(tf.memory().numTensors - outside).toBe(3);
      const expected = [1, 2].map((start) => {
        let value = start;
        for (let i = 0; i < count; i++) value = 2 * value + i;
        return value;
      });
      expect([...state[0]!.dataSync()]).toEqual(expected);
      expect([...state[1]!.dataSync()]).toEqual([2]);
      tf.dispose(state);
      expect([...by.dataSync()]).toEqual([2]);
      expect(tf.memory().numTensors - before).toBe(3);
    });
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});
