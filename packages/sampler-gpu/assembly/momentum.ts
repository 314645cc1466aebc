// Moves and choices over all latents. Arrays are [latent][chain].
import { Real } from "./real";

/**
 * First half kick and rotation: p += kick gz; (z, p) <- (z cos + p sin, p cos - z sin). Over n latents of all chains. The rotation is done by
 * three shears, z += tan(a/2) p, p -= sin(a) z, z += tan(a/2) p: each keeps volume however its coefficient is rounded, where rounded cosines
 * and sines would stretch the space of 10,000 float32 latents by a thousandth a step.
 */
export function kickRotate(vectors: i32, n: i32, z: usize, p: usize, gz: usize, kick: f64, cos: f64, sin: f64): void {
  const bytes = (<usize>n * <usize>vectors) << 4;
  const h = v128.splat<Real>(<Real>kick), tangent = v128.splat<Real>(<Real>(sin / (1.0 + cos))), sine = v128.splat<Real>(<Real>sin);
  for (let i: usize = 0; i < bytes; i += 16) {
    const kicked = v128.add<Real>(v128.load(p + i), v128.mul<Real>(h, v128.load(gz + i)));
    const sheared = v128.add<Real>(v128.load(z + i), v128.mul<Real>(tangent, kicked));
    const turned = v128.sub<Real>(kicked, v128.mul<Real>(sine, sheared));
    v128.store(z + i, v128.add<Real>(sheared, v128.mul<Real>(tangent, turned)));
    v128.store(p + i, turned);
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
