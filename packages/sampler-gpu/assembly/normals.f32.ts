// Standard normals in float32 by Box and Muller, 24 random bits each (the largest is 5.8); in the float32 kernel this stands for normals.ts.
import { philox, word0, word1, word2, word3 } from "./philox";
import { addWide } from "./real";

/** 1.5 * 2^23: adding it rounds to the nearest integer, whose low bits then stand in the mantissa. */
const ROUND: f32 = 12582912.0;

/** log(x) for normal x > 0 (Cephes logf). */
// @ts-expect-error: decorator
@inline
function logFour(x: v128): v128 {
  // exponent so that the mantissa lies in [sqrt(1/2), sqrt(2))
  const e = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(e, 23)), f32x4.splat(1.0));
  const n = f32x4.convert_i32x4_s(e);
  const z = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, f), z);
  y = f32x4.sub(f32x4.add(y, f32x4.mul(n, f32x4.splat(-2.12194440e-4))), f32x4.mul(f32x4.splat(0.5), z));
  return f32x4.add(f32x4.add(f, y), f32x4.mul(n, f32x4.splat(0.693359375)));
}

// @ts-expect-error: decorator
@inline
function sinCore(r: v128, z: v128): v128 {
  let s = f32x4.splat(-1.9515295891e-4);
  s = f32x4.add(f32x4.mul(s, z), f32x4.splat(8.3321608736e-3));
  s = f32x4.add(f32x4.mul(s, z), f32x4.splat(-1.6666654611e-1));
  return f32x4.add(r, f32x4.mul(r, f32x4.mul(z, s)));
}

// @ts-expect-error: decorator
@inline
function cosCore(z: v128): v128 {
  let c = f32x4.splat(2.443315711809948e-5);
  c = f32x4.add(f32x4.mul(c, z), f32x4.splat(-1.388731625493765e-3));
  c = f32x4.add(f32x4.mul(c, z), f32x4.splat(4.166664568298827e-2));
  return f32x4.add(f32x4.sub(f32x4.splat(1.0), f32x4.mul(f32x4.splat(0.5), z)), f32x4.mul(f32x4.mul(z, z), c));
}

/** sin(2 pi u + shift pi / 2), u in [0, 1]; shift 1 makes it the cosine. */
// @ts-expect-error: decorator
@inline
function sinTurn(u: v128, turns: v128, shift: i32): v128 {
  const n = f32x4.sub(turns, f32x4.splat(ROUND));
  const r = f32x4.mul(f32x4.sub(f32x4.mul(u, f32x4.splat(4.0)), n), f32x4.splat(1.5707963267948966)); // [-pi/4, pi/4]
  const z = f32x4.mul(r, r);
  // the low bits of `turns` hold n: odd swaps sine for cosine, bit 1 is the sign
  const q = i32x4.add(turns, i32x4.splat(shift));
  const odd = i32x4.ne(v128.and(q, i32x4.splat(1)), i32x4.splat(0));
  return v128.xor(v128.bitselect(cosCore(z), sinCore(r, z), odd), i32x4.shl(v128.and(q, i32x4.splat(2)), 30));
}

/** Two normals for each of four lanes: the first to `p`, the second, where `both`, to p + 16; sum p^2 is added at `out`. */
// @ts-expect-error: decorator
@inline
function boxMuller(a: v128, b: v128, p: usize, both: bool, out: usize): void {
  // (word >> 8) + 1 in (0, 2^24], so the logarithm is finite
  const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.add(i32x4.shr_u(a, 8), i32x4.splat(1))), f32x4.splat(5.9604644775390625e-8));
  const radius = f32x4.sqrt(f32x4.max(f32x4.mul(f32x4.splat(-2.0), logFour(u)), f32x4.splat(0.0)));
  const angle = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(b, 8)), f32x4.splat(5.9604644775390625e-8));
  const turns = f32x4.add(f32x4.mul(angle, f32x4.splat(4.0)), f32x4.splat(ROUND));
  const first = f32x4.mul(radius, sinTurn(angle, turns, 1));
  v128.store(p, first);
  addWide(out, f32x4.mul(first, first));
  if (!both) return;
  const second = f32x4.mul(radius, sinTurn(angle, turns, 0));
  v128.store(p, second, 16);
  addWide(out, f32x4.mul(second, second));
}

/** As in normals.ts, for one vector of four chains. */
export function drawMomentum(
  vectors: i32, n: i32, p: usize, iteration: i32, chains: usize, stream: i32, key0: i32, key1: i32, out: usize,
): void {
  const ids = v128.load(chains);
  memory.fill(out, 0, 32);
  for (let i = 0, at = p; i < n; i += 4, at += 64) {
    philox(i32x4.splat(i >> 2), iteration, ids, stream, key0, key1);
    boxMuller(word0, word1, at, i + 1 < n, out);
    if (i + 2 < n) boxMuller(word2, word3, at + 32, i + 3 < n, out);
  }
}
