import type { Precision } from "../settings.ts";
import { kernelBase64 } from "./kernel.generated.ts";

/** Numbers of the kernel's precision. */
export type RealArray = Float64Array | Float32Array;

/** Bytes of a SIMD vector: two chains in float64, four in float32. */
const VECTOR = 16;
export const bytesOf = (precision: Precision): number => (precision === "float64" ? 8 : 4);
export const lanesOf = (precision: Precision): number => VECTOR / bytesOf(precision);

/** The kernel's functions (assembly/): all pointers are byte offsets into its memory, `vectors` how many hold the chains of a block. */
export interface Kernel {
  rowsPass(
    vectors: number,
    gaussian: number,
    blocks: number,
    columns: number,
    terms: number,
    x: number,
    y: number,
    index: number,
    beta: number,
    effects: number,
    gradBeta: number,
    gradEffects: number,
    weight: number,
    value: number,
    out: number,
  ): void;
  forward(
    vectors: number,
    levels: number,
    columns: number,
    table: number,
    responses: number,
    responseOf: number,
    dtheta: number,
    transportTau: number,
    parent: number,
    parentMode: number,
    parentU: number,
    parentTotal: number,
    z: number,
    u: number,
    total: number,
    scale: number,
  ): void;
  backward(
    vectors: number,
    levels: number,
    columns: number,
    table: number,
    responses: number,
    responseOf: number,
    gradTheta: number,
    tau: number,
    transportTau: number,
    follows: number,
    parent: number,
    gradParent: number,
    gradTotal: number,
    z: number,
    u: number,
    scale: number,
    p: number,
    gz: number,
    kick: number,
    cos: number,
    sin: number,
    last: number,
    out: number,
  ): void;
  drawMomentum(
    vectors: number,
    n: number,
    p: number,
    iteration: number,
    chains: number,
    stream: number,
    key0: number,
    key1: number,
    out: number,
  ): void;
  kickRotate(
    vectors: number,
    n: number,
    z: number,
    p: number,
    gz: number,
    kick: number,
    cos: number,
    sin: number,
  ): void;
  /** From here to `solve`: in the float64 kernel only. */
  predictColumns(
    vectors: number,
    blocks: number,
    columns: number,
    x: number,
    offset: number,
    beta: number,
    eta: number,
  ): void;
  gatherColumns(
    vectors: number,
    blocks: number,
    columns: number,
    x: number,
    eta: number,
    slope: number,
  ): void;
  predictEffects(
    vectors: number,
    rows: number,
    q: number,
    index: number,
    z: number,
    effects: number,
    eta: number,
  ): void;
  gatherEffects(
    vectors: number,
    rows: number,
    q: number,
    index: number,
    z: number,
    eta: number,
    slope: number,
  ): void;
  largerShares(n: number, x: number, to: number): void;
  demote(vectors: number, n: number, from: number, to: number): void;
  promote(vectors: number, n: number, from: number, to: number): void;
  combine(
    vectors: number,
    entries: number,
    count: number,
    matrices: number,
    coefficient: number,
    form: number,
  ): void;
  contract(
    vectors: number,
    entries: number,
    count: number,
    matrices: number,
    weight: number,
    out: number,
  ): void;
  solve(vectors: number, n: number, a: number, inverse: number, b: number, half: number, outer: number): void;
  select(vectors: number, n: number, mask: number, to: number, from: number): void;
}

/** Space is handed out once, at start; nothing is freed. Views must be made after the last `reserve`. */
export class KernelMemory {
  private top = 64 * 1024;

  /** Byte offset of `bytes` bytes, aligned to a cache line. */
  reserve(bytes: number): number {
    const at = this.top;
    this.top += (bytes + 63) & ~63;
    return at;
  }

  /** Kernels of these precisions over one memory. */
  async instantiate<const P extends readonly Precision[]>(
    ...precisions: P
  ): Promise<{ kernels: { readonly [K in keyof P]: Kernel }; buffer: ArrayBuffer }> {
    const pages = Math.ceil(this.top / 65536) + 1;
    const memory = new WebAssembly.Memory({ initial: pages });
    const kernels = await Promise.all(precisions.map((precision) => instantiate(precision, memory)));
    return { kernels: kernels as { readonly [K in keyof P]: Kernel }, buffer: memory.buffer };
  }
}

async function instantiate(precision: Precision, memory: WebAssembly.Memory): Promise<Kernel> {
  const binary = Uint8Array.from(atob(kernelBase64[precision]), (c) => c.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(binary, {
    env: {
      memory,
      abort() {
        throw new Error("the SIMD kernel stopped");
      },
    },
  });
  return instance.exports as unknown as Kernel;
}
