// Vectors of float64: two chains each. real.f32.ts takes this file's place in the float32 kernel.
// Polynomials: Cephes (exp), fdlibm (sin, cos); errors about 1 ulp.

import { logPair } from "./log";

export type Real = f64;

/** Bytes of a number as a power of two. */
export const SHIFT: usize = 3;
/** Bytes that the float64 sums of one vector's chains take, as a power of two. */
export const WIDE: usize = 4;
/** exp underflows below. */
export const LEAST_EXPONENT: Real = -700.0;
/** Blocks of four rows, as a mask, after which sums and products are put into float64: each factor is below 5, 256 of them below 2^600. */
export const FLUSH_BLOCKS: i32 = 63;

/** [chains] float64 at `at` += v */
// @ts-expect-error: decorator
@inline
export function addWide(at: usize, v: v128): void {
  v128.store(at, f64x2.add(v128.load(at), v));
}

/** [chains] float64 at `at` += factor log(v) */
// @ts-expect-error: decorator
@inline
export function addLog(at: usize, v: v128, factor: f64): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.mul(f64x2.splat(factor), logPair(v))));
}

// a product in float64 of numbers that may be large, one for each chain of a vector

let product: v128 = i64x2.splat(0);

// @ts-expect-error: decorator
@inline
export function startProduct(): void {
  product = f64x2.splat(1.0);
}

/** Eight factors, each far below 2^127, between calls of addProduct. */
// @ts-expect-error: decorator
@inline
export function multiply(v: v128): void {
  product = f64x2.mul(product, v);
}

/** [chains] float64 at `at` += factor log(product); starts the product anew. */
// @ts-expect-error: decorator
@inline
export function addProduct(at: usize, factor: f64): void {
  addLog(at, product, factor);
  startProduct();
}

/** 1.5 * 2^52: adding it rounds to the nearest integer, whose low bits then stand in the mantissa. */
const ROUND: f64 = 6755399441055744.0;

// exp(x) = scale (q + rp) / (q - rp), in pieces, so that a sigmoid costs one division and nothing passes through memory.

/** x log2(e) rounded to an integer n, as ROUND + n; x in [-708, 708]. */
// @ts-expect-error: decorator
@inline
export function expTurns(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634074)), f64x2.splat(ROUND));
}

/** 2^n */
// @ts-expect-error: decorator
@inline
export function expScale(turns: v128): v128 {
  return i64x2.add(i64x2.shl(turns, 52), i64x2.splat(0x3ff0000000000000));
}

/** x - n log(2), in [-log(2)/2, log(2)/2]. */
// @ts-expect-error: decorator
@inline
export function expRest(x: v128, turns: v128): v128 {
  const n = f64x2.sub(turns, f64x2.splat(ROUND));
  return f64x2.sub(
    f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93145751953125e-1))),
    f64x2.mul(n, f64x2.splat(1.42860682030941723212e-6)),
  );
}

// @ts-expect-error: decorator
@inline
export function expRp(r: v128, z: v128): v128 {
  const p = f64x2.add(f64x2.mul(f64x2.splat(1.26177193074810590878e-4), z), f64x2.splat(3.02994407707441961300e-2));
  return f64x2.mul(r, f64x2.add(f64x2.mul(p, z), f64x2.splat(9.99999999999999999910e-1)));
}

// @ts-expect-error: decorator
@inline
export function expQ(z: v128): v128 {
  let q = f64x2.add(f64x2.mul(f64x2.splat(3.00198505138664455042e-6), z), f64x2.splat(2.52448340349684104192e-3));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.27265548208155028766e-1));
  return f64x2.add(f64x2.mul(q, z), f64x2.splat(2.0));
}
