// Philox 4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405), four counters at a time, one in each 32-bit lane.

export let word0: v128 = i64x2.splat(0);
export let word1: v128 = i64x2.splat(0);
export let word2: v128 = i64x2.splat(0);
export let word3: v128 = i64x2.splat(0);

// @ts-expect-error: decorator
@inline
function lowWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}

// @ts-expect-error: decorator
@inline
function highWords(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}

/** The four words for counter (index, iteration, chain, stream) and key (seed), into word0 to word3. */
// @ts-expect-error: decorator
@inline
export function philox(index: v128, iteration: i32, chains: v128, stream: i32, key0: i32, key1: i32): void {
  const m0 = i32x4.splat(0xd2511f53), m1 = i32x4.splat(0xcd9e8d57);
  const step0 = i32x4.splat(0x9e3779b9), step1 = i32x4.splat(0xbb67ae85);
  let x0 = index, x1 = i32x4.splat(iteration), x2 = chains, x3 = i32x4.splat(stream);
  let k0 = i32x4.splat(key0), k1 = i32x4.splat(key1);
  for (let round = 0; round < 10; round++) {
    const a = i64x2.extmul_low_i32x4_u(x0, m0), b = i64x2.extmul_high_i32x4_u(x0, m0);
    const c = i64x2.extmul_low_i32x4_u(x2, m1), d = i64x2.extmul_high_i32x4_u(x2, m1);
    x0 = v128.xor(v128.xor(highWords(c, d), x1), k0);
    x1 = lowWords(c, d);
    x2 = v128.xor(v128.xor(highWords(a, b), x3), k1);
    x3 = lowWords(a, b);
    k0 = i32x4.add(k0, step0);
    k1 = i32x4.add(k1, step1);
  }
  word0 = x0;
  word1 = x1;
  word2 = x2;
  word3 = x3;
}
