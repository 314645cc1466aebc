/**
 * Counter-based random numbers: Philox 4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405).
 * Each number is a pure function of (seed, chain, iteration, stream, index), so draws do not depend on the number of
 * threads, and a resumed fit goes on as if it had never stopped. The SIMD kernel holds the same generator.
 */

/** What a number is used for: each purpose has its own stream. */
export const STREAM = {
  latentMomentum: 0,
  globalMomentum: 1,
  accept: 2,
  globalStart: 3,
  latentStart: 4,
  generated: 5,
  /** Effects drawn afterwards from their conditional; chain and iteration are then term and level. */
  conditional: 6,
} as const;

export interface Seed {
  readonly low: number;
  readonly high: number;
}

/** Any non-negative safe integer gives its own key. */
export function seedFrom(value: number): Seed {
  return { low: value >>> 0, high: Math.floor(value / 4294967296) >>> 0 };
}

const words = new Uint32Array(4);

/** High 32 bits of the product of two unsigned 32-bit integers. */
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const middle = ah * bl + ((al * bl) >>> 16);
  const other = al * bh + (middle & 0xffff);
  return (ah * bh + Math.floor(middle / 65536) + (other >>> 16)) >>> 0;
}

/** Ten rounds on counter (c0, c1, c2, c3) with key (k0, k1); `out`: four unsigned 32-bit words. */
export function philox(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  let x0 = c0 >>> 0;
  let x1 = c1 >>> 0;
  let x2 = c2 >>> 0;
  let x3 = c3 >>> 0;
  let key0 = k0 >>> 0;
  let key1 = k1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(0xd2511f53, x0);
    const low0 = Math.imul(0xd2511f53, x0) >>> 0;
    const high1 = mulHigh(0xcd9e8d57, x2);
    const low1 = Math.imul(0xcd9e8d57, x2) >>> 0;
    x0 = (high1 ^ x1 ^ key0) >>> 0;
    x1 = low1;
    x2 = (high0 ^ x3 ^ key1) >>> 0;
    x3 = low0;
    key0 = (key0 + 0x9e3779b9) >>> 0;
    key1 = (key1 + 0xbb67ae85) >>> 0;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/** 52 bits of two words as a number in [0, 1). */
const unit = (high: number, low: number): number => ((high & 0xfffff) * 4294967296 + low) * 2 ** -52;

/** A uniform number in [0, 1). */
export function uniform(seed: Seed, chain: number, iteration: number, stream: number): number {
  philox(0, iteration, chain, stream, seed.low, seed.high, words);
  return unit(words[0]!, words[1]!);
}

/** `count` standard normals into out[offset], out[offset + stride], …, by Box and Muller. */
export function fillNormals(
  out: Float64Array | Float32Array,
  count: number,
  seed: Seed,
  chain: number,
  iteration: number,
  stream: number,
  offset = 0,
  stride = 1,
): void {
  let at = offset;
  for (let i = 0; i < count; i += 2) {
    philox(i >>> 1, iteration, chain, stream, seed.low, seed.high, words);
    // 1 - u is in (0, 1], so its logarithm is finite
    const radius = Math.sqrt(-2 * Math.log(1 - unit(words[0]!, words[1]!)));
    const angle = 2 * Math.PI * unit(words[2]!, words[3]!);
    out[at] = radius * Math.cos(angle);
    at += stride;
    if (i + 1 < count) {
      out[at] = radius * Math.sin(angle);
      at += stride;
    }
  }
}
