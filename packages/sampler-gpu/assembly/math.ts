// Two float64 lanes at a time. Polynomials: Cephes (exp), fdlibm (log, sin, cos); errors about 1 ulp.

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

/** log(x) for normal x > 0 (fdlibm e_log.c). */
// @ts-expect-error: decorator
@inline
export function log2lanes(x: v128): v128 {
  // exponent so that the mantissa lies in [sqrt(1/2), sqrt(2))
  const shifted = i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd));
  const e = i64x2.shr_s(shifted, 52);
  const m = i64x2.sub(x, i64x2.shl(e, 52));
  const ef = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(e, e, 0, 2, 0, 2));
  const f = f64x2.sub(m, f64x2.splat(1.0));
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2.0), f));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(1.479819860511658591e-1);
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.531383769920937332e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(1.818357216161805012e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.222219843214978396e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(2.857142874366239149e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(3.999999999940941908e-1));
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(6.666666666666735130e-1));
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const tail = f64x2.mul(s, f64x2.add(half, f64x2.mul(p, z)));
  return f64x2.add(
    f64x2.mul(ef, f64x2.splat(6.93147180369123816490e-1)),
    f64x2.sub(f, f64x2.sub(half, f64x2.add(tail, f64x2.mul(ef, f64x2.splat(1.90821492927058770002e-10))))),
  );
}

/** 4 u rounded to an integer n, as ROUND + n: the quadrant of the angle 2 pi u. */
// @ts-expect-error: decorator
@inline
export function quadrant(u: v128): v128 {
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
export function sinTurn(u: v128, turns: v128, shift: i64): v128 {
  const n = f64x2.sub(turns, f64x2.splat(ROUND));
  const r = f64x2.mul(f64x2.sub(f64x2.mul(u, f64x2.splat(4.0)), n), f64x2.splat(1.5707963267948966192)); // [-pi/4, pi/4]
  const z = f64x2.mul(r, r);
  // the low bits of `turns` hold n: odd swaps sine for cosine, bit 1 is the sign
  const q = i64x2.add(turns, i64x2.splat(shift));
  const odd = i64x2.ne(v128.and(q, i64x2.splat(1)), i64x2.splat(0));
  return v128.xor(v128.bitselect(cosCore(z), sinCore(r, z), odd), i64x2.shl(v128.and(q, i64x2.splat(2)), 62));
}
