import * as tf from "@tensorflow/tfjs-core";
import type { Program, TensorRuntime, TensorSpec } from "../tensor/runtime.ts";
import { ownedOutputs } from "../trace/owned-outputs.ts";
import { type ModelOptions, savedModel } from "../trace/saved-model.ts";
import { describeTensor, sameShape } from "../trace/tensor-type.ts";
import { trace } from "../trace/trace.ts";
import type { BuildPlace } from "./engine-record.ts";
import { BACKEND, loadTensorFlow, type TensorFlowBackend } from "./load-tensorflow.ts";
import { cachedProgram, temporaryProgram } from "./program-cache.ts";

export interface NativeOptions {
  readonly engine: "native" | "cuda";
  readonly mode: "eager" | "compiled";
  /** Threads over independent ops; results do not depend on it. 1 by default, and fixed once TensorFlow is loaded. */
  readonly threads?: number;
  /** For compiled programs: XLA's fused code (the default), or TensorFlow's kernels as the graph says, ready at once. */
  readonly compiler?: "xla" | "graph";
  /** By default the user's own build (`bridgewise engine build`). */
  readonly from?: BuildPlace;
}

/**
 * TensorFlow through tfjs-node's addon. Compiled, a program's larger captured tensors are its data: on a CPU they are handed over
 * by reference at every run; on a GPU they are constants of the graph and stay on the card.
 * @throws EngineError where the engine is not built, does not load, or sees no GPU
 */
export async function nativeRuntime(options: NativeOptions): Promise<TensorRuntime> {
  const { engine, mode, compiler = "xla" } = options;
  const backend = await loadTensorFlow(options);
  const activate = async (): Promise<void> => {
    if (tf.getBackend() !== BACKEND) await tf.setBackend(BACKEND);
  };
  const model: ModelOptions =
    engine === "cuda" ? { compiler, data: "held", device: "/device:GPU:0" } : { compiler, data: "fed" };
  return {
    engine,
    mode,
    holdsData: model.data === "held",
    activate,
    async prepare(name, specs, body) {
      await activate();
      return mode === "eager"
        ? eagerProgram(name, specs, body)
        : compiledProgram(backend, model, name, specs, body);
    },
  };
}

type Body = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

function eagerProgram(name: string, specs: readonly TensorSpec[], body: Body): Program {
  return {
    run(inputs) {
      checkRun(name, specs, inputs);
      return ownedOutputs(() => body(inputs));
    },
    dispose() {},
  };
}

/** Exported for the test of data held by the graph, which a CPU runs as well. */
export async function compiledProgram(
  backend: TensorFlowBackend,
  options: ModelOptions,
  name: string,
  specs: readonly TensorSpec[],
  body: Body,
): Promise<Program> {
  const { binding } = backend;
  const program = trace(name, specs, body);
  const { bytes, inputs: inputNames, outputs: outputNames } = savedModel(program, options);
  const load = (folder: string): number => binding.loadSavedModel(folder, "serve");
  const fed = options.data === "fed";
  const holdsData = !fed && program.data.length > 0;
  const session = holdsData ? await temporaryProgram(bytes, load) : load(await cachedProgram(name, bytes));
  // a copy: TensorFlow shares the array's memory, and its owner may write it anew
  const data = (fed ? program.data : []).map(({ values, shape, dtype }) =>
    tf.keep(tf.tensor(values.slice(), [...shape], dtype)),
  );
  let disposed = false;
  return {
    run(inputs) {
      if (disposed) throw new Error(`the program '${name}' was disposed`);
      checkRun(name, specs, inputs);
      const ids = backend.getInputTensorIds([...inputs, ...data]);
      const outputs = binding.runSavedModel(session, ids, inputNames, outputNames);
      return outputs.map((metadata) => backend.createOutputTensor(metadata));
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      binding.deleteSavedModel(session);
      tf.dispose(data);
    },
  };
}

function checkRun(name: string, specs: readonly TensorSpec[], inputs: readonly tf.Tensor[]): void {
  if (tf.getBackend() !== BACKEND)
    throw new Error(`'${name}' runs on another backend: activate() its runtime first`);
  if (inputs.length !== specs.length)
    throw new Error(`'${name}' takes ${specs.length} tensors, ${inputs.length} were given`);
  for (const [k, spec] of specs.entries()) {
    const x = inputs[k]!;
    if (x.dtype !== spec.dtype || !sameShape(x.shape, spec.shape))
      throw new Error(
        `'${name}' takes ${describeTensor(spec)} as input ${k}, ${describeTensor(x)} was given`,
      );
  }
}
