import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { FunctionGraph, Output } from "./function-graph.ts";
import type { Attr, TensorValue } from "./graph-def.ts";
import { describeTensor, type TracedType, tracedType } from "./tensor-type.ts";

/** Inputs by tfjs's names; an array where tfjs gives one (Concat, Pack, AddN). */
export type Inputs = Readonly<Record<string, TensorInfo>>;
// biome-ignore lint/suspicious/noExplicitAny: tfjs's kernels know their own attributes; each recorder names the ones it reads
export type KernelAttrs = Readonly<Record<string, any>>;

/**
 * Appends what a tfjs kernel computes to a function, or computes what is known already; shapes and types are checked here, at
 * trace time.
 */
export type Recorder = (
  graph: FunctionGraph,
  inputs: Inputs,
  attrs: KernelAttrs,
) => Output | TensorValue | Output[];

export const FLOAT: readonly TracedType[] = ["float32"];
export const NUMBER: readonly TracedType[] = ["float32", "int32"];
export const BOOL: readonly TracedType[] = ["bool"];
export const ANY: readonly TracedType[] = ["float32", "int32", "bool"];

/** An input that the op needs, of one of these types. */
export function operand(
  inputs: Inputs,
  name: string,
  types: readonly TracedType[] = ANY,
): TensorInfo & { dtype: TracedType } {
  const x = inputs[name];
  if (!x) throw new Error(`input '${name}' is missing`);
  const dtype = tracedType(x.dtype, `'${name}'`);
  if (!types.includes(dtype))
    throw new Error(`'${name}' is ${describeTensor(x)}: ${types.join(" or ")} is needed`);
  return { dataId: x.dataId, shape: x.shape, dtype };
}

/** Two inputs of one type. */
export function pair(inputs: Inputs, types: readonly TracedType[], names = ["a", "b"]): [Operand, Operand] {
  const a = operand(inputs, names[0]!, types);
  const b = operand(inputs, names[1]!, types);
  if (a.dtype !== b.dtype) throw new Error(`${describeTensor(a)} and ${describeTensor(b)} are of two types`);
  return [a, b];
}
export type Operand = ReturnType<typeof operand>;

export const typeAttr = (type: TracedType): Attr => ({ type });
export const INT: Attr = { type: "int32" };
