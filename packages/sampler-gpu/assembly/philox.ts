// Philox 4x32-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405), one chain in each 64-bit lane, words kept in the low 32 bits.
import { log2lanes, quadrant, sinTurn } from "./math";

export let normalA: v128 = f64x2.splat(0.0);
export let normalB: v128 = f64x2.splat(0.0);

// @ts-expect-error: decorator
@inline
function toUnit(high: v128, low: v128): v128 {
  // 52 random bits in the mantissa of [1, 2), minus 1
  const bits = v128.or(i64x2.shl(v128.and(high, i64x2.splat(0xfffff)), 32), low);
  return f64x2.sub(v128.or(bits, i64x2.splat(0x3ff0000000000000)), f64x2.splat(1.0));
}

/** Two standard normals a chain (Box-Muller) for counter (index, iteration, chain, stream) and key (seed). */
// @ts-expect-error: decorator
@inline
export function normals(index: i64, iteration: i64, chains: v128, stream: i64, key0: i64, key1: i64): void {
  const low = i64x2.splat(0xffffffff);
  let x0 = i64x2.splat(index);
  let x1 = i64x2.splat(iteration);
  let x2 = chains;
  let x3 = i64x2.splat(stream);
  let k0 = key0;
  let k1 = key1;
  for (let round = 0; round < 10; round++) {
    const p0 = i64x2.mul(x0, i64x2.splat(0xd2511f53));
    const p1 = i64x2.mul(x2, i64x2.splat(0xcd9e8d57));
    const y0 = v128.xor(v128.xor(i64x2.shr_u(p1, 32), x1), i64x2.splat(k0));
    const y2 = v128.xor(v128.xor(i64x2.shr_u(p0, 32), x3), i64x2.splat(k1));
    x1 = v128.and(p1, low);
    x3 = v128.and(p0, low);
    x0 = y0;
    x2 = y2;
    k0 = (k0 + 0x9e3779b9) & 0xffffffff;
    k1 = (k1 + 0xbb67ae85) & 0xffffffff;
  }
  // 1 - u is in (0, 1], so its logarithm is finite
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2.0), log2lanes(f64x2.sub(f64x2.splat(1.0), toUnit(x0, x1)))));
  const angle = toUnit(x2, x3);
  const turns = quadrant(angle);
  normalA = f64x2.mul(radius, sinTurn(angle, turns, 1));
  normalB = f64x2.mul(radius, sinTurn(angle, turns, 0));
}
