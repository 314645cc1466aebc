import { type DataId, type KernelConfig, registerKernel, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { fillNormals, philox, type Seed } from "../random/philox.ts";

/** What these kernels use of tfjs's wasm backend. */
interface WasmBackend {
  readSync(dataId: DataId): ArrayLike<number>;
  makeOutput(shape: number[], dtype: string): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array;
}

/** The two words of a stateless seed. */
function seedOf(backend: WasmBackend, seed: TensorInfo): Seed {
  const words = backend.readSync(seed.dataId);
  return { low: words[0]! >>> 0, high: words[1]! >>> 0 };
}

function random(kernelName: string, fill: (out: Float32Array, seed: Seed) => void): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs, backend }) => {
      const wasm = backend as unknown as WasmBackend;
      const seed = seedOf(wasm, inputs["seed"] as TensorInfo);
      const out = wasm.makeOutput(attrs!["shape"] as number[], "float32");
      fill(wasm.typedArrayFromHeap(out), seed);
      return out;
    },
  };
}

/** Philox keyed by the seed, its counter the position: as random/philox.ts. */
const normal = random("StatelessRandomNormal", (out, seed) => {
  const values = new Float64Array(out.length);
  fillNormals(values, out.length, seed, 0, 0, 0);
  out.set(values);
});

/** 24 bits a number, so that none rounds to 1. */
const uniform = random("StatelessRandomUniform", (out, seed) => {
  const words = new Uint32Array(4);
  for (let i = 0; i < out.length; i++) {
    if (i % 4 === 0) philox(i / 4, 0, 0, 1, seed.low, seed.high, words);
    out[i] = (words[i % 4]! >>> 8) * 2 ** -24;
  }
});

/** Sums of the rows of x [n, ...] with the same segment, [numSegments, ...]; rows of negative segments are left out, as in TensorFlow. */
const segmentSum: KernelConfig = {
  kernelName: "UnsortedSegmentSum",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const wasm = backend as unknown as WasmBackend;
    const { x, segmentIds } = inputs as { x: TensorInfo; segmentIds: TensorInfo };
    const shape = [attrs!["numSegments"] as number, ...x.shape.slice(1)];
    const out = wasm.makeOutput(shape, "float32");
    // after makeOutput: growing the heap would leave these views behind
    const sums = wasm.typedArrayFromHeap(out).fill(0);
    const from = wasm.typedArrayFromHeap(x);
    const ids = wasm.readSync(segmentIds.dataId);
    const width = util.sizeFromShape(x.shape.slice(1));
    for (let i = 0; i < ids.length; i++) {
      const to = ids[i]! * width;
      if (to < 0) continue;
      for (let c = 0; c < width; c++) sums[to + c]! += from[i * width + c]!;
    }
    return out;
  },
};

/** What tfjs-backend-wasm has no kernel for. */
export function registerWasmKernels(): void {
  for (const kernel of [normal, uniform, segmentSum]) registerKernel(kernel);
}
