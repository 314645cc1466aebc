import { DT, type TracedType, type TypedShape, type Values } from "./tensor-type.ts";
import { Message } from "./wire.ts";

/** An attribute of a node (attr_value.proto). */
export type Attr =
  | { readonly type: TracedType }
  | { readonly types: readonly TracedType[] }
  | { readonly bool: boolean }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly shape: readonly number[] }
  | { readonly tensor: TensorValue }
  | { readonly func: string };
export type Attrs = Readonly<Record<string, Attr>>;

/** A constant: all values, or the single one that fills the shape. */
export interface TensorValue extends TypedShape {
  readonly values: Values;
}

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** In a function `argument` or `node:output:index`, in a graph `node` or `node:index`. */
  readonly inputs: readonly string[];
  readonly attrs: Attrs;
  readonly device?: string;
}

export interface FunctionDef {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly dtype: TracedType }[];
  readonly outputs: readonly { readonly name: string; readonly dtype: TracedType; readonly ref: string }[];
  readonly nodes: readonly NodeDef[];
  readonly attrs: Attrs;
}

function shapeMessage(shape: readonly number[]): Message {
  const message = new Message();
  for (const n of shape) message.message(2, new Message().integer(1, n));
  return message;
}

/** tensor.proto: one value alone fills the shape, more are written as they lie in memory. */
function tensorMessage({ dtype, shape, values }: TensorValue): Message {
  const message = new Message().integer(1, DT[dtype]).message(2, shapeMessage(shape));
  const only = values[0];
  if (values.length !== 1 || only === undefined)
    return message.bytes(4, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (dtype === "float32") return message.float(5, only);
  return message.integer(dtype === "int32" ? 7 : 11, only);
}

function attrMessage(attr: Attr): Message {
  const message = new Message();
  if ("types" in attr)
    return message.message(1, new Message().integers(6, attr.types.map((type) => DT[type]))); // biome-ignore format: one line
  if ("string" in attr) return message.bytes(2, attr.string);
  if ("int" in attr) return message.integer(3, attr.int);
  if ("float" in attr) return message.float(4, attr.float);
  if ("bool" in attr) return message.integer(5, attr.bool ? 1 : 0);
  if ("type" in attr) return message.integer(6, DT[attr.type]);
  if ("shape" in attr) return message.message(7, shapeMessage(attr.shape));
  if ("tensor" in attr) return message.message(8, tensorMessage(attr.tensor));
  return message.message(10, new Message().bytes(1, attr.func));
}

const putAttr = (entry: Message, attr: Attr): Message => entry.message(2, attrMessage(attr));

function nodeMessage(node: NodeDef): Message {
  const message = new Message().bytes(1, node.name).bytes(2, node.op);
  for (const input of node.inputs) message.bytes(3, input);
  if (node.device !== undefined) message.bytes(4, node.device);
  return message.map(5, node.attrs, putAttr);
}

const argument = ({ name, dtype }: { name: string; dtype: TracedType }): Message =>
  new Message().bytes(1, name).integer(3, DT[dtype]);

function functionMessage(fn: FunctionDef): Message {
  const signature = new Message()
    .bytes(1, fn.name)
    .messages(2, fn.inputs.map(argument))
    .messages(3, fn.outputs.map(argument));
  return new Message()
    .message(1, signature)
    .messages(3, fn.nodes.map(nodeMessage))
    .map(4, Object.fromEntries(fn.outputs.map((o) => [o.name, o.ref])), (entry, ref) => entry.bytes(2, ref))
    .map(5, fn.attrs, putAttr);
}

/** function.proto's FunctionDefLibrary. */
function libraryMessage(functions: readonly FunctionDef[]): Message {
  return new Message().messages(1, functions.map(functionMessage));
}

/** The version of TensorFlow's graphs whose rules ours follow (core/public/version.h of 2.17). */
const PRODUCER = 1882;

/** graph.proto's GraphDef. */
export function graphMessage(nodes: readonly NodeDef[], functions: readonly FunctionDef[]): Message {
  return new Message()
    .messages(1, nodes.map(nodeMessage))
    .message(2, libraryMessage(functions))
    .message(4, new Message().integer(1, PRODUCER));
}

/** meta_graph.proto's TensorInfo. */
export function tensorInfoMessage(name: string, { dtype, shape }: TypedShape): Message {
  return new Message().bytes(1, name).integer(2, DT[dtype]).message(3, shapeMessage(shape));
}
