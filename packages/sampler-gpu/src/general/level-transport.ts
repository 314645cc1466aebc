import { choleskyInPlace } from "../linear/cholesky.ts";

/** Room for one level's matrices, so that nothing is allocated in a pass. */
export class LevelSpace {
  readonly q: number;
  readonly m: Float64Array;
  readonly ic: Float64Array;
  readonly bend: Float64Array;
  readonly half: Float64Array;
  readonly s: Float64Array;
  readonly t: Float64Array;
  readonly v: Float64Array;

  constructor(q: number) {
    this.q = q;
    this.m = new Float64Array(q * q);
    this.ic = new Float64Array(q * q);
    this.bend = new Float64Array(q * q);
    this.half = new Float64Array(q * q);
    this.s = new Float64Array(q);
    this.t = new Float64Array(q);
    this.v = new Float64Array(q);
  }
}

/**
 * K of 1 + C' I C = K K' for lane `c` of `lanes`, into k[at …] (q (q + 1) / 2 numbers, row by row, each `lanes` apart); its log determinant,
 * NaN where it is not positive definite. information: [q][q] from `info` on; factor: C [q][q][lanes].
 */
export function factorLevel(
  { q, m, ic }: LevelSpace,
  information: Float64Array,
  info: number,
  factor: Float64Array,
  lanes: number,
  c: number,
  k: Float64Array,
  at: number,
): number {
  for (let a = 0; a < q; a++)
    for (let b = 0; b < q; b++) {
      let sum = 0;
      for (let d = b; d < q; d++) sum += information[info + a * q + d]! * factor[(d * q + b) * lanes + c]!;
      ic[a * q + b] = sum;
    }
  for (let a = 0; a < q; a++)
    for (let b = 0; b <= a; b++) {
      let sum = a === b ? 1 : 0;
      for (let d = a; d < q; d++) sum += factor[(d * q + a) * lanes + c]! * ic[d * q + b]!;
      m[a * q + b] = sum;
    }
  if (!choleskyInPlace(m, q)) return Number.NaN;
  let log = 0;
  let p = at + c;
  for (let a = 0; a < q; a++) {
    for (let b = 0; b <= a; b++, p += lanes) k[p] = m[a * q + b]!;
    log += Math.log(m[a * q + a]!);
  }
  return log;
}

/**
 * From G and w of a level to y = K^-1 C' G, x = K^-T (y + w) and u = C x, all [q][lanes] from `level` on. G, w, y, x, u: arrays of all levels.
 */
export function placeLevel(
  q: number,
  factor: Float64Array,
  lanes: number,
  c: number,
  k: Float64Array,
  at: number,
  level: number,
  g: Float64Array,
  w: Float64Array,
  y: Float64Array,
  x: Float64Array,
  u: Float64Array,
): void {
  for (let a = 0; a < q; a++) {
    let sum = 0;
    for (let d = a; d < q; d++) sum += factor[(d * q + a) * lanes + c]! * g[level + d * lanes + c]!;
    const row = (a * (a + 1)) / 2;
    for (let b = 0; b < a; b++) sum -= k[at + (row + b) * lanes + c]! * y[level + b * lanes + c]!;
    y[level + a * lanes + c] = sum / k[at + (row + a) * lanes + c]!;
  }
  for (let a = q - 1; a >= 0; a--) {
    let sum = y[level + a * lanes + c]! + w[level + a * lanes + c]!;
    for (let b = a + 1; b < q; b++)
      sum -= k[at + ((b * (b + 1)) / 2 + a) * lanes + c]! * x[level + b * lanes + c]!;
    x[level + a * lanes + c] = sum / k[at + ((a * (a + 1)) / 2 + a) * lanes + c]!;
  }
  for (let a = 0; a < q; a++) {
    let sum = 0;
    for (let b = 0; b <= a; b++) sum += factor[(a * q + b) * lanes + c]! * x[level + b * lanes + c]!;
    u[level + a * lanes + c] = sum;
  }
}

/**
 * The reverse pass of a level. slopeU: the log likelihood's slope in u (children's answers included); adds the slope in C of it and of
 * -x'x / 2 - log det K to slopeC [q][q][lanes] (lower), and overwrites slopeU by the slope in G; force: the slope in w.
 *
 * With s = y + w, a = K^-1 (C' slopeU - x) the slope in w and in y, and Q = -(s a' + a y') symmetrised from its lower half less the
 * identity, the slope in M is K^-T Q K^-1 / 2 (Murray 2016, arXiv:1602.07527, eq. 10), the slope in C' G is K^-T a.
 */
export function returnLevel(
  { q, ic, bend, half, s, t, v, m }: LevelSpace,
  information: Float64Array,
  info: number,
  factor: Float64Array,
  lanes: number,
  c: number,
  k: Float64Array,
  at: number,
  level: number,
  g: Float64Array,
  w: Float64Array,
  y: Float64Array,
  x: Float64Array,
  slopeU: Float64Array,
  slopeC: Float64Array,
  force: Float64Array,
): void {
  for (let a = 0, p = at + c; a < q; a++) for (let b = 0; b <= a; b++, p += lanes) m[a * q + b] = k[p]!;
  for (let a = 0; a < q; a++) {
    let sum = -x[level + a * lanes + c]!;
    for (let d = a; d < q; d++) sum += factor[(d * q + a) * lanes + c]! * slopeU[level + d * lanes + c]!;
    for (let b = 0; b < a; b++) sum -= m[a * q + b]! * t[b]!;
    t[a] = sum / m[a * q + a]!;
    s[a] = y[level + a * lanes + c]! + w[level + a * lanes + c]!;
  }
  for (let a = q - 1; a >= 0; a--) {
    let sum = t[a]!;
    for (let b = a + 1; b < q; b++) sum -= m[b * q + a]! * v[b]!;
    v[a] = sum / m[a * q + a]!;
  }
  for (let a = 0; a < q; a++)
    for (let b = 0; b <= a; b++) {
      const value = -s[a]! * t[b]! - t[a]! * y[level + b * lanes + c]! - (a === b ? 1 : 0);
      bend[a * q + b] = value;
      bend[b * q + a] = value;
    }
  // half = K^-T Q, then bend = half K^-1
  for (let b = 0; b < q; b++)
    for (let a = q - 1; a >= 0; a--) {
      let sum = bend[a * q + b]!;
      for (let d = a + 1; d < q; d++) sum -= m[d * q + a]! * half[d * q + b]!;
      half[a * q + b] = sum / m[a * q + a]!;
    }
  for (let a = 0; a < q; a++)
    for (let b = q - 1; b >= 0; b--) {
      let sum = half[a * q + b]!;
      for (let d = b + 1; d < q; d++) sum -= bend[a * q + d]! * m[d * q + b]!;
      bend[a * q + b] = sum / m[b * q + b]!;
    }
  for (let a = 0; a < q; a++)
    for (let b = 0; b < q; b++) {
      let sum = 0;
      for (let d = b; d < q; d++) sum += information[info + a * q + d]! * factor[(d * q + b) * lanes + c]!;
      ic[a * q + b] = sum;
    }
  for (let a = 0; a < q; a++)
    for (let b = 0; b <= a; b++) {
      let sum =
        slopeU[level + a * lanes + c]! * x[level + b * lanes + c]! + g[level + a * lanes + c]! * v[b]!;
      for (let d = 0; d < q; d++) sum += ic[a * q + d]! * bend[d * q + b]!;
      slopeC[(a * q + b) * lanes + c]! += sum;
    }
  for (let a = 0; a < q; a++) force[level + a * lanes + c] = t[a]!;
  for (let a = 0; a < q; a++) {
    let sum = 0;
    for (let b = 0; b <= a; b++) sum += factor[(a * q + b) * lanes + c]! * v[b]!;
    slopeU[level + a * lanes + c] = sum;
  }
}
