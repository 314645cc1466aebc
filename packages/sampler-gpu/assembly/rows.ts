// One pass over the rows: linear predictor, residual, gradient. Chains are lanes; arrays are [index][chain].
// LANES is a type whose size says how many pairs of chains there are: 1 (i32: two chains) or 2 (i64: four chains).
import { expQ, expRest, expRp, expScale, expTurns } from "./math";

// @ts-expect-error: decorator
@inline
const ONE: f64 = 1.0;

let sum0: v128 = f64x2.splat(0.0);
let sum1: v128 = f64x2.splat(0.0);
let top0: v128 = f64x2.splat(1.0);
let top1: v128 = f64x2.splat(1.0);
let bottom0: v128 = f64x2.splat(1.0);
let bottom1: v128 = f64x2.splat(1.0);

/**
 * y - sigmoid(eta). With a = exp(-|eta|) = top / bottom, sigmoid is bottom or top over (bottom + top).
 * `value`: also sum y eta - max(eta, 0), and multiply up 1 + a = (bottom + top) / bottom.
 */
// @ts-expect-error: decorator
@inline
function bernoulliResidual(eta: v128, y: v128, value: bool, pair: i32): v128 {
  const x = f64x2.max(f64x2.neg(f64x2.abs(eta)), f64x2.splat(-700.0));
  const turns = expTurns(x);
  const r = expRest(x, turns);
  const z = f64x2.mul(r, r);
  const rp = expRp(r, z);
  const q = expQ(z);
  const top = f64x2.mul(expScale(turns), f64x2.add(q, rp));
  const bottom = f64x2.sub(q, rp);
  const all = f64x2.add(top, bottom);
  const positive = f64x2.ge(eta, f64x2.splat(0.0));
  if (value) {
    const part = f64x2.sub(f64x2.mul(y, eta), f64x2.max(eta, f64x2.splat(0.0)));
    if (pair == 0) {
      sum0 = f64x2.add(sum0, part);
      top0 = f64x2.mul(top0, all);
      bottom0 = f64x2.mul(bottom0, bottom);
    } else {
      sum1 = f64x2.add(sum1, part);
      top1 = f64x2.mul(top1, all);
      bottom1 = f64x2.mul(bottom1, bottom);
    }
  }
  return f64x2.sub(y, f64x2.div(v128.bitselect(bottom, top, positive), all));
}

// @ts-expect-error: decorator
@inline
function logRatio(a: v128, b: v128): v128 {
  return f64x2(
    Math.log(f64x2.extract_lane(a, 0)) - Math.log(f64x2.extract_lane(b, 0)),
    Math.log(f64x2.extract_lane(a, 1)) - Math.log(f64x2.extract_lane(b, 1)),
  );
}

// @ts-expect-error: decorator
@inline
function gaussianResidual(eta: v128, y: v128, value: bool, pair: i32, weight: v128): v128 {
  const d = f64x2.sub(y, eta);
  if (value) {
    if (pair == 0) sum0 = f64x2.add(sum0, f64x2.mul(d, d));
    else sum1 = f64x2.add(sum1, f64x2.mul(d, d));
  }
  return f64x2.mul(d, weight);
}

// @ts-expect-error: decorator
@inline
function addTo(at: usize, v: v128): void {
  v128.store(at, f64x2.add(v128.load(at), v));
}

/**
 * blocks: blocks of 4 rows (padded rows have x = 0 and point to a level whose gradient is thrown away).
 * x: [blocks][columns][4]; y: [blocks * 4]; index: [terms][blocks * 4] int32 level offsets into `effects`;
 * beta, gradBeta: [columns][chains]; effects, gradEffects: [levels][chains];
 * weight: [chains] 1 / sigma^2 (gaussian); out: [chains] log likelihood (bernoulli) or sum of squares (gaussian).
 */
// @ts-expect-error: decorator
@inline
function rows<LANES, GAUSSIAN>(
  blocks: i32, columns: i32, terms: i32, x: usize, y: usize, index: usize, beta: usize, effects: usize,
  gradBeta: usize, gradEffects: usize, weight: usize, value: bool, out: usize,
): void {
  const four = sizeof<LANES>() == 8;
  const gaussian = sizeof<GAUSSIAN>() == 8;
  const shift: i32 = four ? 5 : 4;
  const stride: usize = four ? 32 : 16;
  const zero = f64x2.splat(0.0);
  sum0 = zero; sum1 = zero;
  let l0 = zero, l1 = zero;
  top0 = f64x2.splat(ONE); top1 = top0; bottom0 = top0; bottom1 = top0;
  const w0 = gaussian ? v128.load(weight) : zero;
  const w1 = gaussian && four ? v128.load(weight, 16) : zero;
  const indexStride = <usize>blocks << 4;
  const xStride = <usize>columns << 5;
  for (let block = 0; block < blocks; block++) {
    const xb = x + <usize>block * xStride;
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero, b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    let b = beta;
    for (let c = xb, end = xb + xStride; c < end; c += 32) {
      const x0 = v128.load64_splat(c), x1 = v128.load64_splat(c, 8), x2 = v128.load64_splat(c, 16), x3 = v128.load64_splat(c, 24);
      const p = v128.load(b);
      a0 = f64x2.add(a0, f64x2.mul(x0, p)); a1 = f64x2.add(a1, f64x2.mul(x1, p));
      a2 = f64x2.add(a2, f64x2.mul(x2, p)); a3 = f64x2.add(a3, f64x2.mul(x3, p));
      if (four) {
        const q = v128.load(b, 16);
        b0 = f64x2.add(b0, f64x2.mul(x0, q)); b1 = f64x2.add(b1, f64x2.mul(x1, q));
        b2 = f64x2.add(b2, f64x2.mul(x2, q)); b3 = f64x2.add(b3, f64x2.mul(x3, q));
      }
      b += stride;
    }
    const first = index + (<usize>block << 4);
    for (let t = 0, at = first; t < terms; t++, at += indexStride) {
      const e0 = effects + (<usize>load<u32>(at) << shift), e1 = effects + (<usize>load<u32>(at, 4) << shift);
      const e2 = effects + (<usize>load<u32>(at, 8) << shift), e3 = effects + (<usize>load<u32>(at, 12) << shift);
      a0 = f64x2.add(a0, v128.load(e0)); a1 = f64x2.add(a1, v128.load(e1));
      a2 = f64x2.add(a2, v128.load(e2)); a3 = f64x2.add(a3, v128.load(e3));
      if (four) {
        b0 = f64x2.add(b0, v128.load(e0, 16)); b1 = f64x2.add(b1, v128.load(e1, 16));
        b2 = f64x2.add(b2, v128.load(e2, 16)); b3 = f64x2.add(b3, v128.load(e3, 16));
      }
    }
    const yb = y + (<usize>block << 5);
    const y0 = v128.load64_splat(yb), y1 = v128.load64_splat(yb, 8), y2 = v128.load64_splat(yb, 16), y3 = v128.load64_splat(yb, 24);
    if (gaussian) {
      a0 = gaussianResidual(a0, y0, value, 0, w0); a1 = gaussianResidual(a1, y1, value, 0, w0);
      a2 = gaussianResidual(a2, y2, value, 0, w0); a3 = gaussianResidual(a3, y3, value, 0, w0);
      if (four) {
        b0 = gaussianResidual(b0, y0, value, 1, w1); b1 = gaussianResidual(b1, y1, value, 1, w1);
        b2 = gaussianResidual(b2, y2, value, 1, w1); b3 = gaussianResidual(b3, y3, value, 1, w1);
      }
    } else {
      a0 = bernoulliResidual(a0, y0, value, 0); a1 = bernoulliResidual(a1, y1, value, 0);
      a2 = bernoulliResidual(a2, y2, value, 0); a3 = bernoulliResidual(a3, y3, value, 0);
      if (four) {
        b0 = bernoulliResidual(b0, y0, value, 1); b1 = bernoulliResidual(b1, y1, value, 1);
        b2 = bernoulliResidual(b2, y2, value, 1); b3 = bernoulliResidual(b3, y3, value, 1);
      }
      // each factor is below 5, so 256 of them stay below 2^600
      if (value && (block & 63) == 63) {
        l0 = f64x2.add(l0, logRatio(top0, bottom0));
        top0 = f64x2.splat(ONE); bottom0 = top0;
        if (four) { l1 = f64x2.add(l1, logRatio(top1, bottom1)); top1 = f64x2.splat(ONE); bottom1 = top1; }
      }
    }
    let g = gradBeta;
    for (let c = xb, end = xb + xStride; c < end; c += 32) {
      const x0 = v128.load64_splat(c), x1 = v128.load64_splat(c, 8), x2 = v128.load64_splat(c, 16), x3 = v128.load64_splat(c, 24);
      addTo(g, f64x2.add(f64x2.add(f64x2.mul(x0, a0), f64x2.mul(x1, a1)), f64x2.add(f64x2.mul(x2, a2), f64x2.mul(x3, a3))));
      if (four) {
        addTo(g + 16, f64x2.add(f64x2.add(f64x2.mul(x0, b0), f64x2.mul(x1, b1)), f64x2.add(f64x2.mul(x2, b2), f64x2.mul(x3, b3))));
      }
      g += stride;
    }
    for (let t = 0, at = first; t < terms; t++, at += indexStride) {
      const e0 = gradEffects + (<usize>load<u32>(at) << shift), e1 = gradEffects + (<usize>load<u32>(at, 4) << shift);
      const e2 = gradEffects + (<usize>load<u32>(at, 8) << shift), e3 = gradEffects + (<usize>load<u32>(at, 12) << shift);
      addTo(e0, a0); addTo(e1, a1); addTo(e2, a2); addTo(e3, a3);
      if (four) { addTo(e0 + 16, b0); addTo(e1 + 16, b1); addTo(e2 + 16, b2); addTo(e3 + 16, b3); }
    }
  }
  if (value) {
    if (gaussian) {
      v128.store(out, sum0);
      if (four) v128.store(out, sum1, 16);
    } else {
      v128.store(out, f64x2.sub(sum0, f64x2.add(l0, logRatio(top0, bottom0))));
      if (four) v128.store(out, f64x2.sub(sum1, f64x2.add(l1, logRatio(top1, bottom1))), 16);
    }
  }
}

export function rowsPass(
  lanes: i32, gaussian: bool, blocks: i32, columns: i32, terms: i32, x: usize, y: usize, index: usize, beta: usize,
  effects: usize, gradBeta: usize, gradEffects: usize, weight: usize, value: bool, out: usize,
): void {
  if (lanes == 4) {
    if (gaussian) rows<i64, i64>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else if (value) rows<i64, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else rows<i64, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, false, out);
  } else {
    if (gaussian) rows<i32, i64>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else if (value) rows<i32, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else rows<i32, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, false, out);
  }
}
