// Moves and choices over all latents. Arrays are [latent][chain].
import { Real } from "./real";

/** First half kick and rotation: p += kick gz; (z, p) <- (z cos + p sin, p cos - z sin). Over n latents of all chains. */
export function kickRotate(vectors: i32, n: i32, z: usize, p: usize, gz: usize, kick: f64, cos: f64, sin: f64): void {
  const bytes = (<usize>n * <usize>vectors) << 4;
  const h = v128.splat<Real>(<Real>kick), c = v128.splat<Real>(<Real>cos), s = v128.splat<Real>(<Real>sin);
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = v128.load(z + i);
    const b = v128.add<Real>(v128.load(p + i), v128.mul<Real>(h, v128.load(gz + i)));
    v128.store(z + i, v128.add<Real>(v128.mul<Real>(c, a), v128.mul<Real>(s, b)));
    v128.store(p + i, v128.sub<Real>(v128.mul<Real>(c, b), v128.mul<Real>(s, a)));
  }
}

/** to = mask ? from : to, chain by chain (mask: [chains] all ones or zeros, as wide as a number); then from = to. */
export function select(vectors: i32, n: i32, mask: usize, to: usize, from: usize): void {
  const stride = <usize>vectors << 4;
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
