import { graphMessage, type NodeDef, tensorInfoMessage } from "./graph-def.ts";
import type { TypedShape } from "./tensor-type.ts";
import type { TracedProgram } from "./trace.ts";
import { Message } from "./wire.ts";

export interface ModelOptions {
  /** Where the program runs, `/device:GPU:0`; by default where TensorFlow puts it. */
  readonly device?: string;
  /** XLA's fused code, or TensorFlow's kernels one by one as the graph says. */
  readonly compiler: "xla" | "graph";
  /** Whether the program's data are part of the model, kept on its device, or fed at every run like its inputs. */
  readonly data: "held" | "fed";
}

/** A program as a SavedModel's one file and the names to run it by. */
export interface SavedModel {
  readonly bytes: Uint8Array;
  /** Comma-separated `node:index`, as the addon takes them: the program's inputs, then the fed data; its outputs. */
  readonly inputs: string;
  readonly outputs: string;
}

/**
 * XLA compiles the function, or the run fails: never silently op by op. The attribute stands on the call and on the function:
 * on the function alone, TensorFlow 2.21 inlines the call and runs it op by op.
 */
const MUST_COMPILE = { _XlaMustCompile: { bool: true } } as const;

/**
 * A SavedModel (saved_model.proto) of placeholders, one call of the program and no variables. The `saved_model.pb` is all that
 * the folder needs.
 */
export function savedModel(program: TracedProgram, { device, compiler, data }: ModelOptions): SavedModel {
  const attrs = compiler === "xla" ? MUST_COMPILE : {};
  const functions = program.functions.map((fn) => (fn.name === program.name ? { ...fn, attrs } : fn));
  const place = device === undefined ? {} : { device };
  const placeholder = (name: string, { dtype, shape }: TypedShape): NodeDef => ({
    name,
    op: "Placeholder",
    inputs: [],
    attrs: { dtype: { type: dtype }, shape: { shape } },
  });
  const inputs = program.inputs.map((spec, k) => placeholder(`in${k}`, spec));
  const held = program.data.map((tensor, k): NodeDef => {
    const name = `data${k}`;
    if (data === "fed") return placeholder(name, tensor);
    return {
      name,
      op: "Const",
      inputs: [],
      attrs: { dtype: { type: tensor.dtype }, value: { tensor } },
      ...place,
    };
  });
  const args = [...program.inputs, ...program.data];
  const call: NodeDef = {
    name: "call",
    // the stateless call would be folded where all its inputs are constants
    op: "StatefulPartitionedCall",
    inputs: [...inputs, ...held].map(({ name }) => name),
    attrs: {
      Tin: { types: args.map(({ dtype }) => dtype) },
      Tout: { types: program.outputs.map(({ dtype }) => dtype) },
      f: { func: program.name },
      ...attrs,
    },
    ...place,
  };
  const fed = data === "fed" ? args : program.inputs;
  const fedNames = [...inputs, ...held].slice(0, fed.length).map(({ name }) => name);
  const put = (entry: Message, [name, spec]: readonly [string, TypedShape]): Message =>
    entry.message(2, tensorInfoMessage(name, spec));
  const signature = new Message()
    .map(
      1,
      Object.fromEntries(fed.map((spec, k) => [fedNames[k]!, [`${fedNames[k]}:0`, spec] as const])),
      put,
    )
    .map(
      2,
      Object.fromEntries(program.outputs.map((spec, k) => [`out${k}`, [`call:${k}`, spec] as const])),
      put,
    )
    .bytes(3, "tensorflow/serving/predict");
  const metaGraph = new Message()
    .message(1, new Message().bytes(4, "serve"))
    .message(2, graphMessage([...inputs, ...held, call], functions))
    .map(5, { serving_default: signature }, (entry, value) => entry.message(2, value));
  return {
    bytes: new Message().integer(1, 1).message(2, metaGraph).finish(),
    inputs: fedNames.map((name) => `${name}:0`).join(","),
    outputs: program.outputs.map((_, k) => `call:${k}`).join(","),
  };
}
