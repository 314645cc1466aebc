// Vectors of float32: four chains each; in the float32 kernel this stands for real.ts.
// Sums that decide over acceptance are gathered here for a few rows only and then in float64 (DESIGN 4.5).

import { logPair } from "./log";

export type Real = f32;

export const SHIFT: usize = 2;
export const WIDE: usize = 5;
export const LEAST_EXPONENT: Real = -87.0;
/** Factors are below 2.1 (expRp, expQ): 64 of them stay below 2^69. */
export const FLUSH_BLOCKS: i32 = 15;

// @ts-expect-error: decorator
@inline
function high(v: v128): v128 {
  return v128.shuffle<i32>(v, v, 2, 3, 2, 3);
}

// @ts-expect-error: decorator
@inline
export function addWide(at: usize, v: v128): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(v)));
  v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high(v))), 16);
}

// @ts-expect-error: decorator
@inline
function addPair(at: usize, v: v128, factor: f64): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.mul(f64x2.splat(factor), logPair(v))));
}

// @ts-expect-error: decorator
@inline
export function addLog(at: usize, v: v128, factor: f64): void {
  addPair(at, f64x2.promote_low_f32x4(v), factor);
  addPair(at + 16, f64x2.promote_low_f32x4(high(v)), factor);
}

let product0: v128 = i64x2.splat(0);
let product1: v128 = i64x2.splat(0);

// @ts-expect-error: decorator
@inline
export function startProduct(): void {
  product0 = f64x2.splat(1.0);
  product1 = product0;
}

// @ts-expect-error: decorator
@inline
export function multiply(v: v128): void {
  product0 = f64x2.mul(product0, f64x2.promote_low_f32x4(v));
  product1 = f64x2.mul(product1, f64x2.promote_low_f32x4(high(v)));
}

// @ts-expect-error: decorator
@inline
export function addProduct(at: usize, factor: f64): void {
  addPair(at, product0, factor);
  addPair(at + 16, product1, factor);
  startProduct();
}

/** 1.5 * 2^23: adding it rounds to the nearest integer, whose low bits then stand in the mantissa. */
const ROUND: f32 = 12582912.0;

// exp(x) = scale (q + rp) / (q - rp) by the Pade approximant [3/3], whose error on [-log(2)/2, log(2)/2] is below 1e-8.

// @ts-expect-error: decorator
@inline
export function expTurns(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504)), f32x4.splat(ROUND));
}

// @ts-expect-error: decorator
@inline
export function expScale(turns: v128): v128 {
  return i32x4.add(i32x4.shl(turns, 23), i32x4.splat(0x3f800000));
}

// @ts-expect-error: decorator
@inline
export function expRest(x: v128, turns: v128): v128 {
  const n = f32x4.sub(turns, f32x4.splat(ROUND));
  return f32x4.add(f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(2.12194440e-4)));
}

// @ts-expect-error: decorator
@inline
export function expRp(r: v128, z: v128): v128 {
  return f32x4.mul(r, f32x4.add(f32x4.splat(0.5), f32x4.mul(z, f32x4.splat(<f32>(1.0 / 120.0)))));
}

// @ts-expect-error: decorator
@inline
export function expQ(z: v128): v128 {
  return f32x4.add(f32x4.splat(1.0), f32x4.mul(z, f32x4.splat(0.1)));
}
