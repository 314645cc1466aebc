/**
 * The formulas of level-transport.ts written out for two coefficients a level, the most frequent case: all levels of lane `c`. Arrays are
 * [levels][2][lanes], k [levels][3][lanes], factor [2][2][lanes], information [levels][2][2].
 */

/** From G and w to K, y, x and u; the sum of -x'x / 2 - log det K. */
export function forwardPairs(
  levels: number,
  lanes: number,
  c: number,
  information: Float64Array,
  factor: Float64Array,
  g: Float64Array,
  w: Float64Array,
  k: Float64Array,
  y: Float64Array,
  x: Float64Array,
  u: Float64Array,
): number {
  const c00 = factor[c]!;
  const c10 = factor[2 * lanes + c]!;
  const c11 = factor[3 * lanes + c]!;
  let lp = 0;
  let product = 1;
  for (let j = 0, p = c, r = c; j < levels; j++, p += 2 * lanes, r += 3 * lanes) {
    const i00 = information[4 * j]!;
    const i01 = information[4 * j + 1]!;
    const i11 = information[4 * j + 3]!;
    const low = i01 * c00 + i11 * c10;
    const k00 = Math.sqrt(1 + c00 * (i00 * c00 + i01 * c10) + c10 * low);
    const k10 = (c11 * low) / k00;
    const k11 = Math.sqrt(1 + i11 * c11 * c11 - k10 * k10);
    k[r] = k00;
    k[r + lanes] = k10;
    k[r + 2 * lanes] = k11;
    const q = p + lanes;
    const y0 = (c00 * g[p]! + c10 * g[q]!) / k00;
    const y1 = (c11 * g[q]! - k10 * y0) / k11;
    const x1 = (y1 + w[q]!) / k11;
    const x0 = (y0 + w[p]! - k10 * x1) / k00;
    y[p] = y0;
    y[q] = y1;
    x[p] = x0;
    x[q] = x1;
    u[p] = c00 * x0;
    u[q] = c10 * x0 + c11 * x1;
    lp -= 0.5 * (x0 * x0 + x1 * x1);
    product *= k00 * k11;
    // its logarithm before it can overflow
    if (product > 1e200 || (j & 31) === 31) {
      lp -= Math.log(product);
      product = 1;
    }
  }
  return lp - Math.log(product);
}

/** As `returnLevel` of all levels. */
export function backwardPairs(
  levels: number,
  lanes: number,
  c: number,
  information: Float64Array,
  factor: Float64Array,
  g: Float64Array,
  w: Float64Array,
  k: Float64Array,
  y: Float64Array,
  x: Float64Array,
  slopeU: Float64Array,
  slopeC: Float64Array,
  force: Float64Array,
): void {
  const c00 = factor[c]!;
  const c10 = factor[2 * lanes + c]!;
  const c11 = factor[3 * lanes + c]!;
  let by00 = 0;
  let by10 = 0;
  let by11 = 0;
  for (let j = 0, p = c, r = c; j < levels; j++, p += 2 * lanes, r += 3 * lanes) {
    const i00 = information[4 * j]!;
    const i01 = information[4 * j + 1]!;
    const i11 = information[4 * j + 3]!;
    const n0 = 1 / k[r]!;
    const k10 = k[r + lanes]!;
    const n1 = 1 / k[r + 2 * lanes]!;
    const q = p + lanes;
    const [u0, u1, x0, x1, y0, y1] = [slopeU[p]!, slopeU[q]!, x[p]!, x[q]!, y[p]!, y[q]!];
    const t0 = (c00 * u0 + c10 * u1 - x0) * n0;
    const t1 = (c11 * u1 - x1 - k10 * t0) * n1;
    const v1 = t1 * n1;
    const v0 = (t0 - k10 * v1) * n0;
    const s0 = y0 + w[p]!;
    const s1 = y1 + w[q]!;
    const b10 = -s1 * t0 - t1 * y0;
    // K^-T Q, then that K^-1
    const h10 = b10 * n1;
    const h11 = (-(s1 + y1) * t1 - 1) * n1;
    const h00 = (-(s0 + y0) * t0 - 1 - k10 * h10) * n0;
    const h01 = (b10 - k10 * h11) * n0;
    const z01 = h01 * n1;
    const z11 = h11 * n1;
    const z00 = (h00 - z01 * k10) * n0;
    const z10 = (h10 - z11 * k10) * n0;
    const r10 = i01 * c00 + i11 * c10;
    const r11 = i11 * c11;
    by00 += u0 * x0 + g[p]! * v0 + (i00 * c00 + i01 * c10) * z00 + i01 * c11 * z10;
    by10 += u1 * x0 + g[q]! * v0 + r10 * z00 + r11 * z10;
    by11 += u1 * x1 + g[q]! * v1 + r10 * z01 + r11 * z11;
    force[p] = t0;
    force[q] = t1;
    slopeU[p] = c00 * v0;
    slopeU[q] = c10 * v0 + c11 * v1;
  }
  slopeC[c]! += by00;
  slopeC[2 * lanes + c]! += by10;
  slopeC[3 * lanes + c]! += by11;
}
