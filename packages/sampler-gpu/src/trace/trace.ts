import * as tf from "@tensorflow/tfjs-core";
import { TRACE, traceBackend } from "./backend.ts";
import type { FunctionDef, TensorValue } from "./graph-def.ts";
import { RECORDERS } from "./op-table.ts";
import { type TypedShape, tracedType } from "./tensor-type.ts";

/** tfjs code as TensorFlow functions. */
export interface TracedProgram {
  readonly name: string;
  /** The functions of its loops, and last the program's own: `inputs`, then `data`, are its arguments. */
  readonly functions: readonly FunctionDef[];
  readonly inputs: readonly TypedShape[];
  /** Larger tensors that the code took from around it, in the order of the arguments. */
  readonly data: readonly TensorValue[];
  readonly outputs: readonly TypedShape[];
}

/**
 * Calls `body` once on tensors that record what is done with them. It must be a pure function of its inputs and of tensors
 * around it: what it computes in plain JavaScript, random numbers among it (tf.randomNormal), is fixed from then on. An op that
 * cannot be recorded is an error that names it and lists those that can.
 */
export function trace(
  name: string,
  inputs: readonly TypedShape[],
  body: (inputs: tf.Tensor[]) => tf.Tensor[],
): TracedProgram {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
    throw new Error(`a program's name is letters, digits and _, a letter first: '${name}'`);
  const backend = traceBackend();
  const engine = tf.engine();
  const before = engine.backendName;
  void tf.setBackend(TRACE); // synchronous for a backend that is made at once
  engine.startScope();
  try {
    return backend.record(name, (graph) => {
      const results = body(backend.arguments(graph, inputs));
      const outputs = results.map((x) => ({ shape: x.shape, dtype: tracedType(x.dtype, "an output") }));
      const functions = [...graph.library, graph.finish(results)];
      return { name, functions, inputs, data: graph.data, outputs };
    });
  } catch (error) {
    throw explain(error as Error, name);
  } finally {
    engine.endScope();
    if (before) void tf.setBackend(before);
  }
}

function explain(error: Error, name: string): Error {
  const op = /^Kernel '(.+)' not registered for backend 'trace'/.exec(error.message)?.[1];
  const what = op
    ? `the op '${op}' cannot be recorded; these can: ${Object.keys(RECORDERS).sort().join(", ")}`
    : error.message;
  return new Error(`while '${name}' was traced: ${what}`, { cause: error });
}
