import { normalA, normalB, normals } from "./philox";

/** p = fresh standard normals keyed by (seed, chain, iteration); out: [chains] = sum p^2. n is the number of latents, chains: [lanes] float64. */
export function drawMomentum(
  lanes: i32,
  n: i32,
  p: usize,
  iteration: i32,
  chains: usize,
  stream: i32,
  key0: i32,
  key1: i32,
  out: usize,
): void {
  const stride = (<usize>lanes) << 3;
  for (let pair: usize = 0; pair < stride; pair += 16) {
    const ids = i64x2(<i64>load<f64>(chains + pair), <i64>load<f64>(chains + pair, 8));
    let sum = f64x2.splat(0.0);
    let at = p + pair;
    for (let i = 0; i < n; i += 2) {
      normals(<i64>(i >> 1), <i64>(<u32>iteration), ids, <i64>stream, <i64>(<u32>key0), <i64>(<u32>key1));
      const a = normalA,
        b = normalB;
      v128.store(at, a);
      sum = f64x2.add(sum, f64x2.mul(a, a));
      at += stride;
      if (i + 1 < n) {
        v128.store(at, b);
        sum = f64x2.add(sum, f64x2.mul(b, b));
        at += stride;
      }
    }
    v128.store(out + pair, sum);
  }
}

/** First half kick and rotation: p += kick gz; (z, p) <- (z cos + p sin, p cos - z sin). Over n vectors of all lanes. */
export function kickRotate(
  lanes: i32,
  n: i32,
  z: usize,
  p: usize,
  gz: usize,
  kick: f64,
  cos: f64,
  sin: f64,
): void {
  const bytes = (<usize>n * <usize>lanes) << 3;
  const h = f64x2.splat(kick),
    c = f64x2.splat(cos),
    s = f64x2.splat(sin);
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = v128.load(z + i);
    const b = f64x2.add(v128.load(p + i), f64x2.mul(h, v128.load(gz + i)));
    v128.store(z + i, f64x2.add(f64x2.mul(c, a), f64x2.mul(s, b)));
    v128.store(p + i, f64x2.sub(f64x2.mul(c, b), f64x2.mul(s, a)));
  }
}

/** to = mask ? from : to, lane by lane (mask: [lanes] all ones or zeros as int64); then from = to. */
export function select(lanes: i32, n: i32, mask: usize, to: usize, from: usize): void {
  const stride = (<usize>lanes) << 3;
  for (let pair: usize = 0; pair < stride; pair += 16) {
    const m = v128.load(mask + pair);
    let i = pair;
    for (let j = 0; j < n; j++, i += stride) {
      const v = v128.bitselect(v128.load(from + i), v128.load(to + i), m);
      v128.store(to + i, v);
      v128.store(from + i, v);
    }
  }
}
