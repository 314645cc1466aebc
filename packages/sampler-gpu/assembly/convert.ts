// Between float64 and float32 arrays of [index][chain], for kernels of both precisions over one memory. float32 arrays have four lanes always.

/** to [n][4] float32 = from [n][chains] float64; lanes without a chain get 0. */
export function demote(vectors: i32, n: i32, from: usize, to: usize): void {
  const zero = f64x2.splat(0.0);
  const stride = <usize>vectors << 4;
  for (let i = 0; i < n; i++, from += stride, to += 16) {
    const low = f32x4.demote_f64x2_zero(v128.load(from));
    const high = f32x4.demote_f64x2_zero(vectors == 2 ? v128.load(from, 16) : zero);
    v128.store(to, v128.shuffle<i64>(low, high, 0, 2));
  }
}

/** to [n][chains] float64 = from [n][4] float32. */
export function promote(vectors: i32, n: i32, from: usize, to: usize): void {
  const stride = <usize>vectors << 4;
  for (let i = 0; i < n; i++, from += 16, to += stride) {
    const v = v128.load(from);
    v128.store(to, f64x2.promote_low_f32x4(v));
    if (vectors == 2) v128.store(to, f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3)), 16);
  }
}
