import * as tf from "@tensorflow/tfjs-core";
import { TRACE, type TraceBackend, traceBackend } from "./backend.ts";
import { FunctionGraph, type Output } from "./function-graph.ts";
import { ownedOutputs } from "./owned-outputs.ts";
import { describeTensor, sameShape, type TypedShape, tracedType } from "./tensor-type.ts";

/**
 * Applies `body` `count` times: state = body(i, state), i from 0. While a program is traced it becomes one StatelessWhile, else
 * a plain loop that keeps only the latest state.
 * @param count int32 scalar; below 1 the state stays as it is
 * @param state keeps its shapes and types
 * @returns the last state; new tensors, the caller's to dispose
 */
export function whileLoop(
  count: tf.Tensor,
  state: readonly tf.Tensor[],
  body: (i: tf.Tensor, state: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  if (count.dtype !== "int32" || count.shape.length !== 0)
    throw new Error(`whileLoop's count is an int32 scalar: ${describeTensor(count)}`);
  return tf.getBackend() === TRACE
    ? recordLoop(traceBackend(), count, state, body)
    : runLoop(count, state, body);
}

function runLoop(
  count: tf.Tensor,
  init: readonly tf.Tensor[],
  body: (i: tf.Tensor, state: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  const iterations = count.dataSync()[0] ?? 0;
  let state = ownedOutputs(() => [...init]);
  for (let i = 0; i < iterations; i++) {
    const next = ownedOutputs(() => {
      const results = body(tf.scalar(i, "int32"), state);
      checkState(init, results);
      return results;
    });
    tf.dispose(state);
    state = next;
  }
  return state;
}

function recordLoop(
  backend: TraceBackend,
  count: tf.Tensor,
  state: readonly tf.Tensor[],
  body: (i: tf.Tensor, state: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  if (tf.engine().state.gradientDepth > 0)
    throw new Error("whileLoop has no gradient in a traced program: take the gradient inside its body");
  const { graph } = backend;
  const stateSpecs = state.map(
    (x): TypedShape => ({ shape: x.shape, dtype: tracedType(x.dtype, "a loop's state") }),
  );
  const counter: TypedShape = { shape: [], dtype: "int32" };
  const name = `${graph.name}_loop${graph.library.length}`;

  const bodyName = `${name}_body`;
  const { captured, specs } = backend.record(bodyName, (inner) => {
    const i = inner.argument(counter);
    const n = inner.argument(counter);
    let outputs: Output[] = [];
    tf.tidy(() => {
      const results = body(backend.tensor(inner, i), backend.arguments(inner, stateSpecs));
      checkState(state, results);
      outputs = results.map((x, k) => ({ ...stateSpecs[k]!, ref: inner.use(x) }));
    });
    const next = inner.node("AddV2", [i.ref, inner.integer(1)], { T: { type: "int32" } });
    const all = [{ ...counter, ref: `${next}:z:0` }, n, ...outputs, ...inner.captured.map(({ arg }) => arg)];
    graph.library.push(inner.define(all));
    return { captured: inner.captured, specs: inner.args };
  });

  const condName = `${name}_cond`;
  const cond = new FunctionGraph(condName, null, () => {
    throw new Error("unreachable: the condition reads its arguments alone");
  });
  const [i, n] = specs.map((spec) => cond.argument(spec));
  const less = cond.node("Less", [i!.ref, n!.ref], { T: { type: "int32" } });
  graph.library.push(cond.define([{ ref: `${less}:z:0`, shape: [], dtype: "bool" }]));

  const inputs = [
    graph.integer(0),
    graph.use(count),
    ...state.map((x) => graph.use(x)),
    ...captured.map((c) => c.outer),
  ];
  const node = graph.node("StatelessWhile", inputs, {
    T: { types: specs.map((spec) => spec.dtype) },
    cond: { func: condName },
    body: { func: bodyName },
  });
  return stateSpecs.map((spec, k) => backend.tensor(graph, { ...spec, ref: `${node}:output:${k + 2}` }));
}

function checkState(state: readonly tf.Tensor[], results: readonly tf.Tensor[]): void {
  if (results.length !== state.length)
    throw new Error(`whileLoop's body returned ${results.length} tensors for a state of ${state.length}`);
  results.forEach((x, k) => {
    const was = state[k]!;
    if (x.dtype !== was.dtype || !sameShape(x.shape, was.shape))
      throw new Error(
        `whileLoop's body changed state ${k} from ${describeTensor(was)} to ${describeTensor(x)}: it keeps shapes and types`,
      );
  });
}
