/**
 * Correlations of q effects by unconstrained coordinates y_ij, i > j, row by row: tanh y_ij are canonical partial correlations, from which
 * the Cholesky factor L of the correlation matrix follows row by row (Lewandowski, Kurowicka & Joe 2009, doi:10.1016/j.jmva.2009.04.008;
 * Stan reference manual, "Cholesky factors of correlation matrices").
 */

/** L [q x q], lower, into l[at], …, from y[from], y[from + stride], …. */
export function correlationFactor(
  q: number,
  y: Float64Array,
  from: number,
  stride: number,
  l: Float64Array,
  at: number,
): void {
  let p = from;
  for (let i = 0; i < q; i++) {
    let rest = 1;
    for (let j = 0; j < i; j++, p += stride) {
      l[at + i * q + j] = Math.tanh(y[p]!) * rest;
      rest /= Math.cosh(y[p]!);
    }
    l[at + i * q + i] = rest;
    for (let j = i + 1; j < q; j++) l[at + i * q + j] = 0;
  }
}

/** Adds to grad[from], grad[from + stride], … the derivative in y, given that in L, slopeL [q x q]. */
export function correlationSlope(
  q: number,
  y: Float64Array,
  from: number,
  stride: number,
  slopeL: Float64Array,
  grad: Float64Array,
): void {
  // L_ij = t_j r_j and r_{j + 1} = r_j s_j, with t = tanh y, s = 1 / cosh y; dt / dy = s^2, ds / dy = -s t
  let row = from;
  const rests = new Float64Array(q + 1);
  for (let i = 1; i < q; i++) {
    rests[0] = 1;
    for (let j = 0; j < i; j++) rests[j + 1] = rests[j]! / Math.cosh(y[row + j * stride]!);
    let up = slopeL[i * q + i]!;
    for (let j = i - 1; j >= 0; j--) {
      const p = row + j * stride;
      const t = Math.tanh(y[p]!);
      const s = 1 / Math.cosh(y[p]!);
      const own = slopeL[i * q + j]!;
      grad[p]! += rests[j]! * s * (own * s - up * t);
      up = own * t + up * s;
    }
    row += i * stride;
  }
}

/** y of a correlation matrix's Cholesky factor. */
export function correlationCoordinates(q: number, l: Float64Array, y: Float64Array, at: number): void {
  let p = at;
  for (let i = 1; i < q; i++) {
    let rest = 1;
    for (let j = 0; j < i; j++) {
      const t = Math.max(-1 + 1e-9, Math.min(1 - 1e-9, l[i * q + j]! / rest));
      y[p++] = Math.atanh(t);
      rest *= Math.sqrt(1 - t * t);
    }
  }
}

/**
 * LKJ(eta) as the density of y_ij, Jacobian included: partial correlations are independent, with density proportional to
 * (1 - t^2)^(b - 1), b = eta + (q - 2 - j) / 2. Log density up to a constant; adds its slopes.
 */
export function lkjDensity(
  q: number,
  eta: number,
  y: Float64Array,
  from: number,
  stride: number,
  grad: Float64Array,
): number {
  let value = 0;
  let p = from;
  for (let i = 1; i < q; i++) {
    for (let j = 0; j < i; j++, p += stride) {
      const b = eta + (q - 2 - j) / 2;
      const v = Math.abs(y[p]!);
      // log cosh without overflow
      value -= 2 * b * (v + Math.log1p(Math.exp(-2 * v)) - Math.LN2);
      grad[p]! -= 2 * b * Math.tanh(y[p]!);
    }
  }
  return value;
}

/** R_ij, i > j, of a factor. */
export function correlationAt(q: number, l: Float64Array, at: number, i: number, j: number): number {
  let r = 0;
  for (let k = 0; k <= j; k++) r += l[at + i * q + k]! * l[at + j * q + k]!;
  return r;
}
