// Standard normals in float64 by Box and Muller, 52 random bits each; normals.f32.ts takes this file's place in the float32 kernel.
import { logPair } from "./log";
import { philox, word0, word1, word2, word3 } from "./philox";

/** 1.5 * 2^52: adding it rounds to the nearest integer, whose low bits then stand in the mantissa. */
const ROUND: f64 = 6755399441055744.0;

/** 52 bits of two words as a number in [0, 1), two lanes. */
// @ts-expect-error: decorator
@inline
function toUnit(high: v128, low: v128): v128 {
  const bits = v128.or(i64x2.shl(v128.and(high, i64x2.splat(0xfffff)), 32), low);
  return f64x2.sub(v128.or(bits, i64x2.splat(0x3ff0000000000000)), f64x2.splat(1.0));
}

/** 4 u rounded to an integer n, as ROUND + n: the quadrant of the angle 2 pi u. */
// @ts-expect-error: decorator
@inline
function quadrant(u: v128): v128 {
  return f64x2.add(f64x2.mul(u, f64x2.splat(4.0)), f64x2.splat(ROUND));
}

// @ts-expect-error: decorator
@inline
function sinCore(r: v128, z: v128): v128 {
  let s = f64x2.splat(1.58969099521155010221e-10);
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-2.50507602534068634195e-8));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(2.75573137070700676789e-6));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-1.98412698298579493134e-4));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(8.33333333332248946124e-3));
  s = f64x2.add(f64x2.mul(s, z), f64x2.splat(-1.66666666666666324348e-1));
  return f64x2.add(r, f64x2.mul(r, f64x2.mul(z, s)));
}

// @ts-expect-error: decorator
@inline
function cosCore(z: v128): v128 {
  let c = f64x2.splat(-1.13596475577881948265e-11);
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(2.08757232129817482790e-9));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-2.75573143513906633035e-7));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(2.48015872894767294178e-5));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(-1.38888888888741095749e-3));
  c = f64x2.add(f64x2.mul(c, z), f64x2.splat(4.16666666666666019037e-2));
  return f64x2.add(f64x2.sub(f64x2.splat(1.0), f64x2.mul(f64x2.splat(0.5), z)), f64x2.mul(f64x2.mul(z, z), c));
}

/** sin(2 pi u + shift pi / 2), u in [0, 1]; shift 1 makes it the cosine. */
// @ts-expect-error: decorator
@inline
function sinTurn(u: v128, turns: v128, shift: i64): v128 {
  const n = f64x2.sub(turns, f64x2.splat(ROUND));
  const r = f64x2.mul(f64x2.sub(f64x2.mul(u, f64x2.splat(4.0)), n), f64x2.splat(1.5707963267948966192)); // [-pi/4, pi/4]
  const z = f64x2.mul(r, r);
  // the low bits of `turns` hold n: odd swaps sine for cosine, bit 1 is the sign
  const q = i64x2.add(turns, i64x2.splat(shift));
  const odd = i64x2.ne(v128.and(q, i64x2.splat(1)), i64x2.splat(0));
  return v128.xor(v128.bitselect(cosCore(z), sinCore(r, z), odd), i64x2.shl(v128.and(q, i64x2.splat(2)), 62));
}

/** Two normals for each of two lanes: the first to `p`, the second, where `both`, to p + stride; sum p^2 is added at `out`. */
// @ts-expect-error: decorator
@inline
function boxMuller(a: v128, b: v128, c: v128, d: v128, p: usize, stride: usize, both: bool, out: usize): void {
  // 1 - u is in (0, 1], so its logarithm is finite
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2.0), logPair(f64x2.sub(f64x2.splat(1.0), toUnit(a, b)))));
  const angle = toUnit(c, d);
  const turns = quadrant(angle);
  const first = f64x2.mul(radius, sinTurn(angle, turns, 1));
  v128.store(p, first);
  let sum = f64x2.mul(first, first);
  if (both) {
    const second = f64x2.mul(radius, sinTurn(angle, turns, 0));
    v128.store(p + stride, second);
    sum = f64x2.add(sum, f64x2.mul(second, second));
  }
  v128.store(out, f64x2.add(v128.load(out), sum));
}

// @ts-expect-error: decorator
@inline
function lowLanes(p: usize, stride: usize, both: bool, out: usize): void {
  boxMuller(i64x2.extend_low_i32x4_u(word0), i64x2.extend_low_i32x4_u(word1), i64x2.extend_low_i32x4_u(word2),
    i64x2.extend_low_i32x4_u(word3), p, stride, both, out);
}

// @ts-expect-error: decorator
@inline
function highLanes(p: usize, stride: usize, both: bool, out: usize): void {
  boxMuller(i64x2.extend_high_i32x4_u(word0), i64x2.extend_high_i32x4_u(word1), i64x2.extend_high_i32x4_u(word2),
    i64x2.extend_high_i32x4_u(word3), p, stride, both, out);
}

/**
 * p [n][chains] = fresh standard normals keyed by (seed, chain, iteration); out: [chains] = sum p^2, float64.
 * chains: [4] int32, two chains stand there twice.
 */
export function drawMomentum(
  vectors: i32, n: i32, p: usize, iteration: i32, chains: usize, stream: i32, key0: i32, key1: i32, out: usize,
): void {
  const ids = v128.load(chains);
  memory.fill(out, 0, vectors << 4);
  if (vectors == 2) {
    for (let i = 0, at = p; i < n; i += 2, at += 64) {
      philox(i32x4.splat(i >> 1), iteration, ids, stream, key0, key1);
      lowLanes(at, 32, i + 1 < n, out);
      highLanes(at + 16, 32, i + 1 < n, out + 16);
    }
  } else {
    for (let i = 0, at = p; i < n; i += 4, at += 64) {
      philox(i32x4.add(i32x4.splat(i >> 1), i32x4(0, 0, 1, 1)), iteration, ids, stream, key0, key1);
      lowLanes(at, 16, i + 1 < n, out);
      if (i + 2 < n) highLanes(at + 32, 16, i + 3 < n, out);
    }
  }
}
