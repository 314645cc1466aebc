// Dense linear algebra of the collapsed gaussian, chains as lanes of float64: arrays are [index][chain], `vectors` of two chains each.

// @ts-expect-error: decorator
@inline
function fused(sum: v128, a: v128, at: usize): v128 {
  return f64x2.add(sum, f64x2.mul(a, v128.load(at)));
}

/** form[i] = sum over m of matrices[i][m] coefficient[m]. matrices: [entries][count], the same for all chains. */
export function combine(vectors: i32, entries: i32, count: i32, matrices: usize, coefficient: usize, form: usize): void {
  const stride = <usize>vectors << 4;
  const end = coefficient + <usize>count * stride;
  for (let i = 0, t = matrices, out = form; i < entries; i++, out += stride) {
    let a = f64x2.splat(0.0), b = a;
    for (let c = coefficient; c < end; c += stride, t += 8) {
      const x = v128.load64_splat(t);
      a = fused(a, x, c);
      if (vectors == 2) b = fused(b, x, c + 16);
    }
    v128.store(out, a);
    if (vectors == 2) v128.store(out, b, 16);
  }
}

/** out[m] = sum over i of matrices[i][m] weight[i]. `entries` is a multiple of 4. */
export function contract(vectors: i32, entries: i32, count: i32, matrices: usize, weight: usize, out: usize): void {
  const stride = <usize>vectors << 4, row = <usize>count << 3;
  memory.fill(out, 0, <usize>count * stride);
  for (let pair: usize = 0; pair < stride; pair += 16) {
    for (let i = 0, t = matrices, w = weight + pair; i < entries; i += 4, t += 4 * row, w += 4 * stride) {
      const w0 = v128.load(w), w1 = v128.load(w + stride), w2 = v128.load(w + 2 * stride), w3 = v128.load(w + 3 * stride);
      let at = t;
      for (let m = 0, o = out + pair; m < count; m++, o += stride, at += 8) {
        const x = f64x2.add(f64x2.mul(w0, v128.load64_splat(at)), f64x2.mul(w1, v128.load64_splat(at + row)));
        const y = f64x2.add(f64x2.mul(w2, v128.load64_splat(at + 2 * row)), f64x2.mul(w3, v128.load64_splat(at + 3 * row)));
        v128.store(o, f64x2.add(v128.load(o), f64x2.add(x, y)));
      }
    }
  }
}

/**
 * With A the lower triangle a [n (n + 1) / 2] and A = L L': L in place of it, L^-1 (lower, packed) into `inverse`; a chain whose A is not
 * positive definite gets NaN. b [n] becomes A^-1 b; half [n] = L^-1 b; outer [n (n + 1) / 2] = A^-1.
 */
export function solve(vectors: i32, n: i32, a: usize, inverse: usize, b: usize, half: usize, outer: usize): void {
  const stride = <usize>vectors << 4;
  const one = f64x2.splat(1.0);
  for (let pair: usize = 0; pair < stride; pair += 16) {
    // Cholesky factor, row by row
    let rowI = a + pair;
    for (let i = 0; i < n; i++) {
      let rowJ = a + pair;
      for (let j = 0; j <= i; j++) {
        let t = v128.load(rowI + <usize>j * stride);
        for (let k: usize = 0, end = <usize>j * stride; k < end; k += stride) t = f64x2.sub(t, f64x2.mul(v128.load(rowI + k), v128.load(rowJ + k)));
        v128.store(rowI + <usize>j * stride, i == j ? f64x2.sqrt(t) : f64x2.div(t, v128.load(rowJ + <usize>j * stride)));
        rowJ += <usize>(j + 1) * stride;
      }
      rowI += <usize>(i + 1) * stride;
    }
    // L^-1: row i from the rows above it
    rowI = a + pair;
    let invI = inverse + pair;
    for (let i = 0; i < n; i++) {
      const d = f64x2.div(one, v128.load(rowI + <usize>i * stride));
      for (let j = 0; j <= i; j++) v128.store(invI + <usize>j * stride, f64x2.splat(0.0));
      let invK = inverse + pair;
      for (let k = 0; k < i; k++) {
        const l = f64x2.mul(d, v128.load(rowI + <usize>k * stride));
        for (let j: usize = 0, end = <usize>(k + 1) * stride; j < end; j += stride)
          v128.store(invI + j, f64x2.sub(v128.load(invI + j), f64x2.mul(l, v128.load(invK + j))));
        invK += <usize>(k + 1) * stride;
      }
      v128.store(invI + <usize>i * stride, d);
      rowI += <usize>(i + 1) * stride;
      invI += <usize>(i + 1) * stride;
    }
    // half = L^-1 b, then b = L'^-1 half; A^-1 = L'^-1 L^-1
    invI = inverse + pair;
    for (let i = 0; i < n; i++) {
      let t = f64x2.splat(0.0);
      for (let k = 0; k <= i; k++) t = f64x2.add(t, f64x2.mul(v128.load(invI + <usize>k * stride), v128.load(b + pair + <usize>k * stride)));
      v128.store(half + pair + <usize>i * stride, t);
      invI += <usize>(i + 1) * stride;
    }
    for (let i = 0; i < n; i++) v128.store(b + pair + <usize>i * stride, f64x2.splat(0.0));
    for (let i = 0; i < n * (n + 1) / 2; i++) v128.store(outer + pair + <usize>i * stride, f64x2.splat(0.0));
    invI = inverse + pair;
    for (let k = 0; k < n; k++) {
      const h = v128.load(half + pair + <usize>k * stride);
      let o = outer + pair;
      for (let i = 0; i <= k; i++) {
        const l = v128.load(invI + <usize>i * stride);
        const at = b + pair + <usize>i * stride;
        v128.store(at, f64x2.add(v128.load(at), f64x2.mul(l, h)));
        for (let j: usize = 0, end = <usize>(i + 1) * stride; j < end; j += stride, o += stride)
          v128.store(o, f64x2.add(v128.load(o), f64x2.mul(l, v128.load(invI + j))));
      }
      invI += <usize>(k + 1) * stride;
    }
  }
}
