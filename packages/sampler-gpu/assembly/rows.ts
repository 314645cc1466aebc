// One pass over the rows: linear predictor, residual, gradient. Chains are lanes; arrays are [index][chain].
import { FLUSH_BLOCKS, LEAST_EXPONENT, Real, SHIFT, WIDE, addLog, addWide, expQ, expRest, expRp, expScale, expTurns } from "./real";

let sum0: v128 = i64x2.splat(0);
let sum1: v128 = i64x2.splat(0);
let top0: v128 = i64x2.splat(0);
let top1: v128 = i64x2.splat(0);
let bottom0: v128 = i64x2.splat(0);
let bottom1: v128 = i64x2.splat(0);

/**
 * y - sigmoid(eta). With a = exp(-|eta|) = top / bottom, sigmoid is bottom or top over (bottom + top).
 * `value`: also sum y eta - max(eta, 0), and multiply up 1 + a = (bottom + top) / bottom.
 */
// @ts-expect-error: decorator
@inline
function bernoulliResidual(eta: v128, y: v128, value: bool, second: bool): v128 {
  const zero = v128.splat<Real>(0.0);
  const x = v128.max<Real>(v128.neg<Real>(v128.abs<Real>(eta)), v128.splat<Real>(LEAST_EXPONENT));
  const turns = expTurns(x);
  const r = expRest(x, turns);
  const z = v128.mul<Real>(r, r);
  const rp = expRp(r, z);
  const q = expQ(z);
  const top = v128.mul<Real>(expScale(turns), v128.add<Real>(q, rp));
  const bottom = v128.sub<Real>(q, rp);
  const all = v128.add<Real>(top, bottom);
  const positive = v128.ge<Real>(eta, zero);
  if (value) {
    const part = v128.sub<Real>(v128.mul<Real>(y, eta), v128.max<Real>(eta, zero));
    if (second) {
      sum1 = v128.add<Real>(sum1, part);
      top1 = v128.mul<Real>(top1, all);
      bottom1 = v128.mul<Real>(bottom1, bottom);
    } else {
      sum0 = v128.add<Real>(sum0, part);
      top0 = v128.mul<Real>(top0, all);
      bottom0 = v128.mul<Real>(bottom0, bottom);
    }
  }
  return v128.sub<Real>(y, v128.div<Real>(v128.bitselect(bottom, top, positive), all));
}

// @ts-expect-error: decorator
@inline
function gaussianResidual(eta: v128, y: v128, value: bool, second: bool, weight: v128): v128 {
  const d = v128.sub<Real>(y, eta);
  if (value) {
    if (second) sum1 = v128.add<Real>(sum1, v128.mul<Real>(d, d));
    else sum0 = v128.add<Real>(sum0, v128.mul<Real>(d, d));
  }
  return v128.mul<Real>(d, weight);
}

// @ts-expect-error: decorator
@inline
function addTo(at: usize, v: v128): void {
  v128.store(at, v128.add<Real>(v128.load(at), v));
}

/** Puts what was gathered since the last time into `out`. */
// @ts-expect-error: decorator
@inline
function flush(out: usize, two: bool, gaussian: bool): void {
  addWide(out, sum0);
  sum0 = v128.splat<Real>(0.0);
  if (two) {
    addWide(out + (1 << WIDE), sum1);
    sum1 = v128.splat<Real>(0.0);
  }
  if (gaussian) return;
  addLog(out, top0, -1.0);
  addLog(out, bottom0, 1.0);
  top0 = v128.splat<Real>(1.0);
  bottom0 = top0;
  if (two) {
    addLog(out + (1 << WIDE), top1, -1.0);
    addLog(out + (1 << WIDE), bottom1, 1.0);
    top1 = top0;
    bottom1 = top0;
  }
}

/**
 * blocks: blocks of 4 rows (padded rows have x = 0 and point to a level whose gradient is thrown away).
 * x: [blocks][columns][4]; y: [blocks * 4]; index: [terms][blocks * 4] int32 level offsets into `effects`;
 * beta, gradBeta: [columns][chains]; effects, gradEffects: [levels][chains];
 * weight: [chains] 1 / sigma^2 (gaussian); out: [chains] float64 log likelihood (bernoulli) or sum of squares (gaussian).
 * LANES is a type whose size says how many vectors of chains there are: 1 (i32) or 2 (i64).
 */
// @ts-expect-error: decorator
@inline
function rows<LANES, GAUSSIAN>(
  blocks: i32, columns: i32, terms: i32, x: usize, y: usize, index: usize, beta: usize, effects: usize,
  gradBeta: usize, gradEffects: usize, weight: usize, value: bool, out: usize,
): void {
  const two = sizeof<LANES>() == 8;
  const gaussian = sizeof<GAUSSIAN>() == 8;
  const shift: i32 = two ? 5 : 4;
  const stride: usize = two ? 32 : 16;
  const zero = v128.splat<Real>(0.0);
  sum0 = zero; sum1 = zero;
  top0 = v128.splat<Real>(1.0); top1 = top0; bottom0 = top0; bottom1 = top0;
  if (value) memory.fill(out, 0, (two ? 2 : 1) << WIDE);
  const w0 = gaussian ? v128.load(weight) : zero;
  const w1 = gaussian && two ? v128.load(weight, 16) : zero;
  const indexStride = <usize>blocks << 4;
  const xStride = <usize>columns << (SHIFT + 2);
  for (let block = 0; block < blocks; block++) {
    const xb = x + <usize>block * xStride;
    let a0 = zero, a1 = zero, a2 = zero, a3 = zero, b0 = zero, b1 = zero, b2 = zero, b3 = zero;
    let b = beta;
    for (let c = xb, end = xb + xStride; c < end; c += 4 * sizeof<Real>()) {
      const x0 = v128.load_splat<Real>(c), x1 = v128.load_splat<Real>(c, sizeof<Real>()), x2 = v128.load_splat<Real>(c, 2 * sizeof<Real>()), x3 = v128.load_splat<Real>(c, 3 * sizeof<Real>());
      const p = v128.load(b);
      a0 = v128.add<Real>(a0, v128.mul<Real>(x0, p)); a1 = v128.add<Real>(a1, v128.mul<Real>(x1, p));
      a2 = v128.add<Real>(a2, v128.mul<Real>(x2, p)); a3 = v128.add<Real>(a3, v128.mul<Real>(x3, p));
      if (two) {
        const q = v128.load(b, 16);
        b0 = v128.add<Real>(b0, v128.mul<Real>(x0, q)); b1 = v128.add<Real>(b1, v128.mul<Real>(x1, q));
        b2 = v128.add<Real>(b2, v128.mul<Real>(x2, q)); b3 = v128.add<Real>(b3, v128.mul<Real>(x3, q));
      }
      b += stride;
    }
    const first = index + (<usize>block << 4);
    for (let t = 0, at = first; t < terms; t++, at += indexStride) {
      const e0 = effects + (<usize>load<u32>(at) << shift), e1 = effects + (<usize>load<u32>(at, 4) << shift);
      const e2 = effects + (<usize>load<u32>(at, 8) << shift), e3 = effects + (<usize>load<u32>(at, 12) << shift);
      a0 = v128.add<Real>(a0, v128.load(e0)); a1 = v128.add<Real>(a1, v128.load(e1));
      a2 = v128.add<Real>(a2, v128.load(e2)); a3 = v128.add<Real>(a3, v128.load(e3));
      if (two) {
        b0 = v128.add<Real>(b0, v128.load(e0, 16)); b1 = v128.add<Real>(b1, v128.load(e1, 16));
        b2 = v128.add<Real>(b2, v128.load(e2, 16)); b3 = v128.add<Real>(b3, v128.load(e3, 16));
      }
    }
    const yb = y + (<usize>block << (SHIFT + 2));
    const y0 = v128.load_splat<Real>(yb), y1 = v128.load_splat<Real>(yb, sizeof<Real>()), y2 = v128.load_splat<Real>(yb, 2 * sizeof<Real>()), y3 = v128.load_splat<Real>(yb, 3 * sizeof<Real>());
    if (gaussian) {
      a0 = gaussianResidual(a0, y0, value, false, w0); a1 = gaussianResidual(a1, y1, value, false, w0);
      a2 = gaussianResidual(a2, y2, value, false, w0); a3 = gaussianResidual(a3, y3, value, false, w0);
      if (two) {
        b0 = gaussianResidual(b0, y0, value, true, w1); b1 = gaussianResidual(b1, y1, value, true, w1);
        b2 = gaussianResidual(b2, y2, value, true, w1); b3 = gaussianResidual(b3, y3, value, true, w1);
      }
    } else {
      a0 = bernoulliResidual(a0, y0, value, false); a1 = bernoulliResidual(a1, y1, value, false);
      a2 = bernoulliResidual(a2, y2, value, false); a3 = bernoulliResidual(a3, y3, value, false);
      if (two) {
        b0 = bernoulliResidual(b0, y0, value, true); b1 = bernoulliResidual(b1, y1, value, true);
        b2 = bernoulliResidual(b2, y2, value, true); b3 = bernoulliResidual(b3, y3, value, true);
      }
    }
    if (value && (block & FLUSH_BLOCKS) == FLUSH_BLOCKS) flush(out, two, gaussian);
    let g = gradBeta;
    for (let c = xb, end = xb + xStride; c < end; c += 4 * sizeof<Real>()) {
      const x0 = v128.load_splat<Real>(c), x1 = v128.load_splat<Real>(c, sizeof<Real>()), x2 = v128.load_splat<Real>(c, 2 * sizeof<Real>()), x3 = v128.load_splat<Real>(c, 3 * sizeof<Real>());
      addTo(g, v128.add<Real>(v128.add<Real>(v128.mul<Real>(x0, a0), v128.mul<Real>(x1, a1)), v128.add<Real>(v128.mul<Real>(x2, a2), v128.mul<Real>(x3, a3))));
      if (two) {
        addTo(g + 16, v128.add<Real>(v128.add<Real>(v128.mul<Real>(x0, b0), v128.mul<Real>(x1, b1)), v128.add<Real>(v128.mul<Real>(x2, b2), v128.mul<Real>(x3, b3))));
      }
      g += stride;
    }
    for (let t = 0, at = first; t < terms; t++, at += indexStride) {
      const e0 = gradEffects + (<usize>load<u32>(at) << shift), e1 = gradEffects + (<usize>load<u32>(at, 4) << shift);
      const e2 = gradEffects + (<usize>load<u32>(at, 8) << shift), e3 = gradEffects + (<usize>load<u32>(at, 12) << shift);
      addTo(e0, a0); addTo(e1, a1); addTo(e2, a2); addTo(e3, a3);
      if (two) { addTo(e0 + 16, b0); addTo(e1 + 16, b1); addTo(e2 + 16, b2); addTo(e3 + 16, b3); }
    }
  }
  if (value) flush(out, two, gaussian);
}

export function rowsPass(
  vectors: i32, gaussian: bool, blocks: i32, columns: i32, terms: i32, x: usize, y: usize, index: usize, beta: usize,
  effects: usize, gradBeta: usize, gradEffects: usize, weight: usize, value: bool, out: usize,
): void {
  if (vectors == 2) {
    if (gaussian) rows<i64, i64>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else if (value) rows<i64, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else rows<i64, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, false, out);
  } else {
    if (gaussian) rows<i32, i64>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else if (value) rows<i32, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, true, out);
    else rows<i32, i32>(blocks, columns, terms, x, y, index, beta, effects, gradBeta, gradEffects, weight, false, out);
  }
}
