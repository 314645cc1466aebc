import * as tf from "@tensorflow/tfjs-core";
import { FunctionGraph, type Output, type TracedValue } from "./function-graph.ts";
import type { TensorValue } from "./graph-def.ts";
import { RECORDERS } from "./op-table.ts";
import { describeTensor, type TypedShape, type Values } from "./tensor-type.ts";

export const TRACE = "trace";

/**
 * A tfjs backend that records. Its kernels append nodes to the function under trace; its tensors hold known values or a
 * reference to what will be computed. Tensors of other backends that the traced code uses are read there and stay there.
 */
export class TraceBackend extends tf.KernelBackend {
  private readonly held = new Map<tf.DataId, { readonly value: TracedValue; refs: number }>();
  private readonly stack: FunctionGraph[] = [];

  /** The innermost function under trace. */
  get graph(): FunctionGraph {
    const graph = this.stack.at(-1);
    if (!graph)
      throw new Error("the backend 'trace' only records programs: activate an engine's backend first");
    return graph;
  }

  /** Records what `body` does as a function; its arguments are those that `inputs` says. */
  record<A>(name: string, body: (graph: FunctionGraph) => A): A {
    const graph = new FunctionGraph(name, this.stack.at(-1) ?? null, (x) => this.lookUp(x));
    this.stack.push(graph);
    try {
      return body(graph);
    } finally {
      this.stack.pop();
    }
  }

  /** The tensor that stands for a node's output in traced code. */
  tensor(graph: FunctionGraph, output: Output): tf.Tensor {
    return tf.engine().makeTensorFromTensorInfo(this.info(graph, output), this);
  }

  info(graph: FunctionGraph, x: Output | TensorValue): tf.TensorInfo {
    const value = "values" in x ? { values: x.values } : { graph, ref: x.ref };
    return { dataId: this.hold(value), shape: [...x.shape], dtype: x.dtype };
  }

  arguments(graph: FunctionGraph, specs: readonly TypedShape[]): tf.Tensor[] {
    return specs.map((spec) => this.tensor(graph, graph.argument(spec)));
  }

  /** The values of a tensor where they are known. */
  private lookUp(x: tf.TensorInfo): TracedValue {
    return this.held.get(x.dataId)?.value ?? { values: tf.engine().readSync(x.dataId) as Values };
  }

  private hold(value: TracedValue, dataId: tf.DataId = {}, refs = 1): tf.DataId {
    this.held.set(dataId, { value, refs });
    return dataId;
  }

  override write(values: tf.backend_util.BackendValues): tf.DataId {
    return this.hold({ values: values as Values });
  }

  override move(
    dataId: tf.DataId,
    values: tf.backend_util.BackendValues,
    _shape: number[],
    _dtype: tf.DataType,
    refs: number,
  ): void {
    this.hold({ values: values as Values }, dataId, refs);
  }

  override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
    const value = this.held.get(dataId)?.value;
    if (value && "values" in value) return value.values;
    throw new Error(
      `the values of a tensor were asked for (dataSync, arraySync, print) while '${value?.graph.name}' was traced: they are known only when it runs; compute with tensors, and choose by tf.where`,
    );
  }

  override async read(dataId: tf.DataId): Promise<tf.backend_util.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const entry = this.held.get(dataId);
    if (!entry) return true;
    entry.refs--;
    if (!force && entry.refs > 0) return false;
    return this.held.delete(dataId);
  }

  override refCount(dataId: tf.DataId): number {
    return this.held.get(dataId)?.refs ?? 0;
  }

  override incRef(dataId: tf.DataId): void {
    const entry = this.held.get(dataId);
    if (entry) entry.refs++;
  }

  override numDataIds(): number {
    return this.held.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {
    this.held.clear();
  }
}

let backend: TraceBackend | undefined;

/** The one trace backend of this process, with its kernels; registered at first use. */
export function traceBackend(): TraceBackend {
  if (backend) return backend;
  const made = new TraceBackend();
  // last of all where tfjs chooses a backend by itself
  tf.registerBackend(TRACE, () => made, -1);
  for (const [kernelName, recorder] of Object.entries(RECORDERS))
    tf.registerKernel({
      kernelName,
      backendName: TRACE,
      kernelFunc: ({ inputs, attrs }) => {
        const { graph } = made;
        try {
          const outputs = recorder(graph, inputs as never, attrs ?? {});
          return Array.isArray(outputs)
            ? outputs.map((output) => made.info(graph, output))
            : made.info(graph, outputs);
        } catch (error) {
          throw new Error(`${kernelName}(${describeInputs(inputs)}): ${(error as Error).message}`, {
            cause: error,
          });
        }
      },
    });
  backend = made;
  return made;
}

const describeInputs = (inputs: tf.NamedTensorInfoMap): string =>
  Object.values(inputs)
    .map((x) => (x ? describeTensor(x) : "none"))
    .join(", ");
