// @ts-expect-error: decorator
@inline
function logNormal(x: v128): v128 {
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

/** log(x) of two float64 lanes, normal x > 0 (fdlibm e_log.c), errors about 1 ulp; infinity and NaN stay what they are. */
// @ts-expect-error: decorator
@inline
export function logPair(x: v128): v128 {
  return v128.bitselect(logNormal(x), x, f64x2.lt(x, f64x2.splat(Infinity)));
}
