import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import type { Attrs, FunctionDef, NodeDef, TensorValue } from "./graph-def.ts";
import { describeTensor, type TracedType, type TypedShape, tracedType, type Values } from "./tensor-type.ts";

/** Output of a node, or argument, of a function under trace. */
export interface Output extends TypedShape {
  readonly ref: string;
}

/** What a tensor is while a program is traced: known values, or what a function will compute. */
export type TracedValue =
  | { readonly values: Values }
  | { readonly graph: FunctionGraph; readonly ref: string };

/** Tensors with more values than this are data: the program's arguments, not constants of the functions that use them. */
const CONSTANT_LIMIT = 256;

/**
 * A TensorFlow function as it is recorded. Constants are kept once a function. Values of the function around it, and data, are
 * *captured*: they become arguments, which a loop passes on unchanged. Constants in a loop's body made XLA's code 1.5 times
 * slower.
 */
export class FunctionGraph {
  readonly name: string;
  private readonly parent: FunctionGraph | null;
  private readonly lookUp: (x: TensorInfo) => TracedValue;
  private readonly nodes: NodeDef[] = [];
  readonly args: Output[] = [];
  /** What the function around this one passes for each captured argument: its own refs; for the outermost function, the data. */
  readonly captured: { readonly outer: string; readonly arg: Output }[] = [];
  readonly data: TensorValue[] = [];
  /** Functions that the outermost function calls, directly or not. */
  readonly library: FunctionDef[];
  private readonly capturedBy = new Map<DataId, string>();
  private readonly constants = new Map<DataId | string, string>();

  constructor(name: string, parent: FunctionGraph | null, lookUp: (x: TensorInfo) => TracedValue) {
    this.name = name;
    this.parent = parent;
    this.library = parent?.library ?? [];
    this.lookUp = lookUp;
  }

  /** Appends a node; the result is its name. */
  node(op: string, inputs: readonly string[], attrs: Attrs): string {
    const name = `${op}_${this.nodes.length}`;
    this.nodes.push({ name, op, inputs, attrs });
    return name;
  }

  argument({ shape, dtype }: TypedShape): Output {
    const arg = { ref: `a${this.args.length}`, shape, dtype };
    this.args.push(arg);
    return arg;
  }

  /** A small constant by its values. */
  constant(dtype: TracedType, shape: readonly number[], values: readonly number[]): string {
    const key = `${dtype}[${shape}]${values}`;
    return this.once(key, () => this.constantNode({ dtype, shape, values: typed(dtype, values) }));
  }

  integers(values: readonly number[]): string {
    return this.constant("int32", [values.length], values);
  }

  integer(value: number): string {
    return this.constant("int32", [], [value]);
  }

  /** The reference by which this function's nodes read a tensor. */
  use(x: TensorInfo): string {
    const value = this.lookUp(x);
    const dtype = tracedType(x.dtype, "a tensor");
    if ("values" in value) {
      const values = uniform(value.values) ? value.values.slice(0, 1) : value.values;
      if (values.length > CONSTANT_LIMIT) return this.capture(x, dtype, value.values);
      return this.once(x.dataId, () => this.constantNode({ dtype, shape: x.shape, values }));
    }
    if (value.graph === this) return value.ref;
    if (!this.isInside(value.graph))
      throw new Error(
        `a tensor ${describeTensor(x)} of the traced function '${value.graph.name}' is used in '${this.name}', outside of it: return it from there`,
      );
    return this.capture(x, dtype);
  }

  finish(outputs: readonly TensorInfo[]): FunctionDef {
    return this.define(
      outputs.map((x) => ({ ref: this.use(x), shape: x.shape, dtype: tracedType(x.dtype, "an output") })),
    );
  }

  define(outputs: readonly Output[]): FunctionDef {
    return {
      name: this.name,
      inputs: this.args.map(({ ref, dtype }) => ({ name: ref, dtype })),
      outputs: outputs.map(({ ref, dtype }, k) => ({ name: `r${k}`, ref, dtype })),
      nodes: this.nodes,
      attrs: {},
    };
  }

  private isInside(graph: FunctionGraph): boolean {
    return this.parent !== null && (this.parent === graph || this.parent.isInside(graph));
  }

  private capture(x: TensorInfo, dtype: TracedType, values?: Values): string {
    const known = this.capturedBy.get(x.dataId);
    if (known !== undefined) return known;
    const outer = this.parent?.use(x) ?? "";
    const arg = this.argument({ shape: x.shape, dtype });
    this.captured.push({ outer, arg });
    if (this.parent === null && values) this.data.push({ dtype, shape: x.shape, values });
    this.capturedBy.set(x.dataId, arg.ref);
    return arg.ref;
  }

  private once(key: DataId | string, make: () => string): string {
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const ref = make();
    this.constants.set(key, ref);
    return ref;
  }

  private constantNode(tensor: TensorValue): string {
    // a copy: the values' owner may write them anew
    const value = { ...tensor, values: tensor.values.slice() };
    return `${this.node("Const", [], { dtype: { type: tensor.dtype }, value: { tensor: value } })}:output:0`;
  }
}

export function typed(dtype: TracedType, values: readonly number[]): Values {
  if (dtype === "float32") return Float32Array.from(values);
  return dtype === "int32" ? Int32Array.from(values) : Uint8Array.from(values);
}

/** All values the same to the bit (-0 is not 0), as zeros and ones are: one value is written for all. */
function uniform(values: Values): boolean {
  const first = values[0];
  return values.length > 0 && values.every((value) => Object.is(value, first));
}
