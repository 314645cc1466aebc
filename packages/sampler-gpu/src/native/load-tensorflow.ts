import { createRequire } from "node:module";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs-core";
import type { Build } from "./cache-folder.ts";
import { EngineError } from "./engine-error.ts";
import { type BuildPlace, placeOf, readRecord } from "./engine-record.ts";

export interface LoadOptions {
  readonly engine: "native" | "cuda";
  /** Threads over the ops of a program that do not wait for each other; 1 by default. */
  readonly threads?: number | undefined;
  /** By default the user's own build. */
  readonly from?: BuildPlace | undefined;
}

/** tfjs-node's backend (nodejs_kernel_backend.ts, tfjs_binding.ts), as much of it as is used. */
export interface TensorFlowBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: {
    readonly TF_Version: string;
    loadSavedModel(folder: string, tags: string): number;
    deleteSavedModel(id: number): void;
    runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): unknown[];
    getNumOfTensors(): number;
  };
  /** Handles of tensors; values that wait in JavaScript are handed over. */
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: unknown): tf.Tensor;
}

export const BACKEND = "tensorflow";

let loaded: { readonly engine: string; readonly threads: number } | undefined;

/**
 * Loads tfjs-node-gpu and with it TensorFlow, once a process: device and threads are fixed then. The tfjs-core that it brings
 * shares this one's engine and registries (`globalThis._tfGlobals`), gradients among them.
 */
export async function loadTensorFlow({ engine, threads = 1, from }: LoadOptions): Promise<TensorFlowBackend> {
  if (!loaded) {
    const place = from ?? (await userBuild(engine));
    const { pkg } = place;
    if (isMainThread) setEnvironment(process.env, engine, threads, place);
    else if (!isEnvironmentSet(process.env, threads))
      throw new EngineError(
        "a worker thread cannot change what TensorFlow reads: call prepareNative() in the main thread before it is started",
      );
    mendUtil();
    // else tfjs warns that it is loaded twice
    tf.enableProdMode();
    try {
      createRequire(join(pkg, "package.json"))(pkg);
    } catch (error) {
      throw new EngineError(
        `the ${engine} engine does not load: ${explainLoad((error as Error).message, engine)}`,
      );
    }
    loaded = { engine, threads };
  }
  if (loaded.engine !== engine || loaded.threads !== threads)
    throw new EngineError(
      `this process runs TensorFlow as '${loaded.engine}' with ${loaded.threads} threads already: use another process for '${engine}' with ${threads}`,
    );
  await tf.setBackend(BACKEND);
  const backend = tf.backend() as unknown as TensorFlowBackend;
  if (engine === "cuda" && !backend.isUsingGpuDevice)
    throw new EngineError(
      "no GPU is visible to TensorFlow: an NVIDIA card and its driver (nvidia-smi) are needed, CUDA_VISIBLE_DEVICES must not hide it, and the engine must be built with 'bridgewise engine build --gpu'",
    );
  return backend;
}

/**
 * Sets what TensorFlow reads from the environment, for worker threads that will load it: their `process.env` is a copy that C code
 * does not see. Each worker has its own backend and sessions in the one process.
 */
export async function prepareNative({ engine, threads = 1, from }: LoadOptions): Promise<void> {
  setEnvironment(process.env, engine, threads, from ?? (await userBuild(engine)));
}

const isEnvironmentSet = (env: NodeJS.ProcessEnv, threads: number): boolean =>
  env["TF_NUM_INTRAOP_THREADS"] === "1" && env["TF_NUM_INTEROP_THREADS"] === String(threads);

async function userBuild(engine: "native" | "cuda"): Promise<BuildPlace> {
  const builds: readonly Build[] = engine === "cuda" ? ["gpu"] : ["cpu", "gpu"];
  const reasons: string[] = [];
  for (const build of builds) {
    const record = await readRecord(build);
    if (typeof record !== "string") return placeOf(record);
    reasons.push(record);
  }
  throw new EngineError(
    `the ${engine} engine is not there (${reasons[0]}): run 'bridgewise engine build${engine === "cuda" ? " --gpu" : ""}'`,
  );
}

/**
 * What TensorFlow reads from the environment as it is loaded. One thread inside an op: Eigen cuts long sums by the number of
 * threads, XLA its loops, and the same seed would give other draws on another machine. oneDNN off: its choice of code depends on
 * the processor, and it brought nothing.
 */
export function setEnvironment(
  env: NodeJS.ProcessEnv,
  engine: "native" | "cuda",
  threads: number,
  { folder }: BuildPlace,
): void {
  env["TF_CPP_MIN_LOG_LEVEL"] ??= "3";
  env["TF_ENABLE_ONEDNN_OPTS"] = "0";
  env["TF_NUM_INTRAOP_THREADS"] = "1";
  env["TF_NUM_INTEROP_THREADS"] = String(threads);
  if (engine === "cuda") {
    // else it takes the whole card
    env["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
    const libdevice = `--xla_gpu_cuda_data_dir=${join(folder, "nvidia/cuda_nvcc")}`;
    env["XLA_FLAGS"] = env["XLA_FLAGS"] ? `${env["XLA_FLAGS"]} ${libdevice}` : libdevice;
  } else env["CUDA_VISIBLE_DEVICES"] = "-1";
}

/** tfjs-node 4.22 calls functions that node:util lost in Node 23. */
function mendUtil(): void {
  const util = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  util["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  util["isArray"] = Array.isArray; // deprecated where it is there
  util["isString"] ??= (value: unknown) => typeof value === "string";
  util["isBoolean"] ??= (value: unknown) => typeof value === "boolean";
  util["isNumber"] ??= (value: unknown) => typeof value === "number";
}

/** The dynamic linker's and V8's words, and the way out. */
export function explainLoad(message: string, engine: "native" | "cuda"): string {
  const rebuild = `run 'bridgewise engine build --force${engine === "cuda" ? " --gpu" : ""}'`;
  const [line = ""] = message.split("\n");
  const version = /version `(GLIBC(?:XX)?_[\d.]+)' not found/.exec(message)?.[1];
  if (version)
    return `this system's C library is too old (${version} is needed): take an older TensorFlow (2.18) with --tensorflow, or a newer system`;
  const symbol = /undefined symbol: (\S+)/.exec(message)?.[1];
  if (symbol)
    return `TensorFlow's library lacks ${symbol} (too old or too new): ${rebuild} with a TensorFlow of 2.18 to 2.21`;
  if (/wrong ELF class|invalid ELF header|cannot open shared object file.*No such file/.test(message))
    return `${line}: a library is missing, damaged or for another kind of processor; ${rebuild}`;
  return `${line}; ${rebuild}`;
}
