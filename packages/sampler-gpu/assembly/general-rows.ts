// The general density's pass over its rows but for the families' own: predictors from coefficients and effects, the slopes back, and logistic
// functions. Chains are lanes, two to a vector; arrays are [index][chain]. Rows come in blocks of four, x as [blocks][columns][4], 0 in padded rows.

import { LEAST_EXPONENT, expQ, expRest, expRp, expScale, expTurns } from "./real";

// @ts-expect-error: decorator
@inline
function addTo(at: usize, v: v128): void {
  v128.store(at, f64x2.add(v128.load(at), v));
}

/** eta = offset + X beta of `blocks` blocks of rows. */
export function predictColumns(vectors: i32, blocks: i32, columns: i32, x: usize, offset: usize, beta: usize, eta: usize): void {
  const stride = <usize>vectors << 4;
  const xStride = <usize>columns << 5;
  for (let block = 0; block < blocks; block++, x += xStride, offset += 32, eta += 4 * stride) {
    for (let pair: usize = 0; pair < stride; pair += 16) {
      let a0 = v128.load64_splat(offset), a1 = v128.load64_splat(offset, 8), a2 = v128.load64_splat(offset, 16), a3 = v128.load64_splat(offset, 24);
      let b = beta + pair;
      for (let c = x, end = x + xStride; c < end; c += 32, b += stride) {
        const p = v128.load(b);
        a0 = f64x2.add(a0, f64x2.mul(v128.load64_splat(c), p));
        a1 = f64x2.add(a1, f64x2.mul(v128.load64_splat(c, 8), p));
        a2 = f64x2.add(a2, f64x2.mul(v128.load64_splat(c, 16), p));
        a3 = f64x2.add(a3, f64x2.mul(v128.load64_splat(c, 24), p));
      }
      const to = eta + pair;
      v128.store(to, a0);
      v128.store(to + stride, a1);
      v128.store(to + 2 * stride, a2);
      v128.store(to + 3 * stride, a3);
    }
  }
}

/** slope += X' eta over `blocks` blocks of rows. */
export function gatherColumns(vectors: i32, blocks: i32, columns: i32, x: usize, eta: usize, slope: usize): void {
  const stride = <usize>vectors << 4;
  const xStride = <usize>columns << 5;
  for (let block = 0; block < blocks; block++, x += xStride, eta += 4 * stride) {
    for (let pair: usize = 0; pair < stride; pair += 16) {
      const from = eta + pair;
      const a0 = v128.load(from), a1 = v128.load(from + stride), a2 = v128.load(from + 2 * stride), a3 = v128.load(from + 3 * stride);
      let g = slope + pair;
      for (let c = x, end = x + xStride; c < end; c += 32, g += stride) {
        const low = f64x2.add(f64x2.mul(v128.load64_splat(c), a0), f64x2.mul(v128.load64_splat(c, 8), a1));
        const high = f64x2.add(f64x2.mul(v128.load64_splat(c, 16), a2), f64x2.mul(v128.load64_splat(c, 24), a3));
        addTo(g, f64x2.add(low, high));
      }
    }
  }
}

/** eta += the effects of a term of q coefficients; index: [rows] int32, the level's first effect; z: [rows][q], or 0 for q = 1 and all ones. */
export function predictEffects(vectors: i32, rows: i32, q: i32, index: usize, z: usize, effects: usize, eta: usize): void {
  const stride = <usize>vectors << 4;
  for (let i = 0; i < rows; i++, index += 4, eta += stride) {
    const level = effects + <usize>load<u32>(index) * stride;
    if (z == 0) {
      for (let pair: usize = 0; pair < stride; pair += 16) addTo(eta + pair, v128.load(level + pair));
      continue;
    }
    for (let pair: usize = 0; pair < stride; pair += 16) {
      let sum = v128.load(eta + pair);
      let u = level + pair;
      for (let a = 0, at = z; a < q; a++, at += 8, u += stride) sum = f64x2.add(sum, f64x2.mul(v128.load64_splat(at), v128.load(u)));
      v128.store(eta + pair, sum);
    }
    z += <usize>q << 3;
  }
}

/** slope of the effects += that of their rows' eta. */
export function gatherEffects(vectors: i32, rows: i32, q: i32, index: usize, z: usize, eta: usize, slope: usize): void {
  const stride = <usize>vectors << 4;
  for (let i = 0; i < rows; i++, index += 4, eta += stride) {
    const level = slope + <usize>load<u32>(index) * stride;
    if (z == 0) {
      for (let pair: usize = 0; pair < stride; pair += 16) addTo(level + pair, v128.load(eta + pair));
      continue;
    }
    for (let pair: usize = 0; pair < stride; pair += 16) {
      const own = v128.load(eta + pair);
      let u = level + pair;
      for (let a = 0, at = z; a < q; a++, at += 8, u += stride) addTo(u, f64x2.mul(v128.load64_splat(at), own));
    }
    z += <usize>q << 3;
  }
}

/** 1 / (1 + exp(-|x|)) of n numbers, an even count; NaN stays. */
export function largerShares(n: i32, x: usize, to: usize): void {
  for (let end = x + (<usize>n << 3); x < end; x += 16, to += 16) {
    const e = f64x2.max(f64x2.neg(f64x2.abs(v128.load(x))), f64x2.splat(LEAST_EXPONENT));
    const turns = expTurns(e);
    const r = expRest(e, turns);
    const z = f64x2.mul(r, r);
    const rp = expRp(r, z);
    const q = expQ(z);
    const bottom = f64x2.sub(q, rp);
    v128.store(to, f64x2.div(bottom, f64x2.add(bottom, f64x2.mul(expScale(turns), f64x2.add(q, rp)))));
  }
}
