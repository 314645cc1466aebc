/** Dense symmetric matrices, row-major, in float64; only the lower triangle is read and written unless told otherwise. */

/** Cholesky factor L (lower, in place) of A = L L'; false where A is not positive definite. */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let t = a[i * n + j]!;
      for (let k = 0; k < j; k++) t -= a[i * n + k]! * a[j * n + k]!;
      if (i === j) {
        if (!(t > 0)) return false;
        a[i * n + i] = Math.sqrt(t);
      } else a[i * n + j] = t / a[j * n + j]!;
    }
    for (let j = i + 1; j < n; j++) a[i * n + j] = 0;
  }
  return true;
}

/** x <- L^-1 x */
export function solveLower(l: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let t = x[i]!;
    for (let k = 0; k < i; k++) t -= l[i * n + k]! * x[k]!;
    x[i] = t / l[i * n + i]!;
  }
}

/** x <- L'^-1 x */
export function solveLowerTransposed(l: Float64Array, n: number, x: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    let t = x[i]!;
    for (let k = i + 1; k < n; k++) t -= l[k * n + i]! * x[k]!;
    x[i] = t / l[i * n + i]!;
  }
}

/** L^-1 (lower) of a lower factor, into `out`. */
function invertLower(l: Float64Array, n: number, out: Float64Array): void {
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) out[i * n + j] = 0;
    out[j * n + j] = 1 / l[j * n + j]!;
    for (let i = j + 1; i < n; i++) {
      let t = 0;
      for (let k = j; k < i; k++) t -= l[i * n + k]! * out[k * n + j]!;
      out[i * n + j] = t / l[i * n + i]!;
    }
  }
}

/** The full inverse of a symmetric positive definite matrix (a new array); undefined where it is not one. */
export function inverse(a: Float64Array, n: number): Float64Array | undefined {
  const l = a.slice();
  if (!choleskyInPlace(l, n)) return undefined;
  const li = new Float64Array(n * n);
  invertLower(l, n, li);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let t = 0;
      for (let k = i; k < n; k++) t += li[k * n + i]! * li[k * n + j]!;
      out[i * n + j] = t;
      out[j * n + i] = t;
    }
  }
  return out;
}
