// Group effects by conditional transport, momentum and position of the latents. Arrays are [level][chain].
import { Real, SHIFT, WIDE, addProduct, addWide, multiply, startProduct } from "./real";

// @ts-expect-error: decorator
@inline
function addTo(at: usize, v: v128): void {
  v128.store(at, v128.add<Real>(v128.load(at), v));
}

/**
 * u_j = k_j (a_j + A_j dtheta - (u_parent - mode_parent)) + s_j z_j, k = I tau^2 / (1 + I tau^2), s = tau / sqrt(1 + I tau^2).
 * The tau of k and s is `transportTau` [chains]: the standard deviation itself, or a fixed one (a centred parametrisation).
 * table: [levels][2] = (I_j, a_j); responses: [shifted levels][columns] with `responseOf[j]` its row or -1; parent: [levels] int32 or 0;
 * total: u plus the totals of the parents; scale: s_j.
 */
export function forward(
  vectors: i32, levels: i32, columns: i32, table: usize, responses: usize, responseOf: usize, dtheta: usize, transportTau: usize,
  parent: usize, parentMode: usize, parentU: usize, parentTotal: usize, z: usize, u: usize, total: usize, scale: usize,
): void {
  const stride = <usize>vectors << 4;
  const one = v128.splat<Real>(1.0);
  for (let pair: usize = 0; pair < stride; pair += 16) {
    const t = v128.load(transportTau + pair);
    const t2 = v128.mul<Real>(t, t);
    let at = pair;
    for (let j = 0; j < levels; j++, at += stride) {
      const row = table + (<usize>j << (SHIFT + 1));
      const it2 = v128.mul<Real>(v128.load_splat<Real>(row), t2);
      const f = v128.div<Real>(one, v128.add<Real>(one, it2));
      const s = v128.mul<Real>(t, v128.sqrt<Real>(f));
      let m = v128.load_splat<Real>(row, sizeof<Real>());
      const shifted = load<i32>(responseOf + (<usize>j << 2));
      if (shifted >= 0) {
        let d = dtheta + pair;
        let a = responses + (<usize>(shifted * columns) << SHIFT);
        for (let k = 0; k < columns; k++, d += stride, a += sizeof<Real>()) m = v128.add<Real>(m, v128.mul<Real>(v128.load_splat<Real>(a), v128.load(d)));
      }
      let above = v128.splat<Real>(0.0);
      if (parent) {
        const p = <usize>load<i32>(parent + (<usize>j << 2));
        m = v128.sub<Real>(m, v128.sub<Real>(v128.load(parentU + p * stride + pair), v128.load_splat<Real>(parentMode + (p << SHIFT))));
        above = v128.load(parentTotal + p * stride + pair);
      }
      const effect = v128.add<Real>(v128.mul<Real>(v128.mul<Real>(it2, f), m), v128.mul<Real>(s, v128.load(z + at)));
      v128.store(u + at, effect);
      v128.store(total + at, v128.add<Real>(effect, above));
      v128.store(scale + at, s);
    }
  }
}

/**
 * The chain rule back through `forward`, for the log density sum_j log N(u_j; 0, tau) + log s_j + [likelihood through total_j];
 * then p += kick (gradient + z) and, unless it is the last step, a rotation of (z, p) (kickRotate).
 * gradTotal: derivative of the log likelihood in total_j, children already added; it flows on to the parent's.
 * follows: 1 where the transport's tau is the standard deviation, 0 where it is fixed.
 * out: [3][chains] float64 += -sum u^2 / (2 tau^2) - sum log(1 + I tau^2) / 2, which is that log density up to n log(tau / transportTau)
 * (only if `last`); its derivative in log tau, that term's -n included; sum p^2 (only if `last`).
 */
export function backward(
  vectors: i32, levels: i32, columns: i32, table: usize, responses: usize, responseOf: usize, gradTheta: usize, tau: usize, transportTau: usize, follows: f64,
  parent: usize, gradParent: usize, gradTotal: usize, z: usize, u: usize, scale: usize, p: usize, gz: usize,
  kick: f64, cos: f64, sin: f64, last: bool, out: usize,
): void {
  const stride = <usize>vectors << 4;
  const one = v128.splat<Real>(1.0);
  const step = v128.splat<Real>(<Real>kick), tangent = v128.splat<Real>(<Real>(sin / (1.0 + cos))), sine = v128.splat<Real>(<Real>sin);
  const moves = v128.splat<Real>(<Real>follows), half = v128.splat<Real>(-0.5);
  const wide = <usize>vectors << WIDE;
  let sums = out;
  for (let pair: usize = 0; pair < stride; pair += 16, sums += 1 << WIDE) {
    const t = v128.load(transportTau + pair);
    const t2 = v128.mul<Real>(t, t);
    const prior = v128.load(tau + pair);
    const i2 = v128.div<Real>(one, v128.mul<Real>(prior, prior));
    let slope = v128.splat<Real>(0.0), squares = v128.splat<Real>(0.0), kinetic = v128.splat<Real>(0.0);
    startProduct();
    let at = pair;
    for (let j = 0; j < levels; j++, at += stride) {
      const it2 = v128.mul<Real>(v128.load_splat<Real>(table + (<usize>j << (SHIFT + 1))), t2);
      const g = v128.add<Real>(one, it2);
      const f = v128.div<Real>(one, g);
      const k = v128.mul<Real>(it2, f);
      const effect = v128.load(u + at), zj = v128.load(z + at), sj = v128.load(scale + at), direct = v128.load(gradTotal + at);
      const gu = v128.sub<Real>(direct, v128.mul<Real>(effect, i2));
      const sz = v128.mul<Real>(sj, zj);
      const u2 = v128.mul<Real>(v128.mul<Real>(effect, effect), i2);
      // 2 loc + s z = 2 u - s z
      const moved = v128.add<Real>(one, v128.mul<Real>(gu, v128.sub<Real>(v128.add<Real>(effect, effect), sz)));
      slope = v128.add<Real>(slope, v128.add<Real>(v128.sub<Real>(u2, one), v128.mul<Real>(v128.mul<Real>(moves, f), moved)));
      const flow = v128.mul<Real>(gu, k);
      const shifted = load<i32>(responseOf + (<usize>j << 2));
      if (shifted >= 0) {
        let d = gradTheta + pair;
        let a = responses + (<usize>(shifted * columns) << SHIFT);
        for (let q = 0; q < columns; q++, d += stride, a += sizeof<Real>()) addTo(d, v128.mul<Real>(v128.load_splat<Real>(a), flow));
      }
      if (parent) addTo(gradParent + <usize>load<i32>(parent + (<usize>j << 2)) * stride + pair, v128.sub<Real>(direct, flow));
      const force = v128.add<Real>(v128.mul<Real>(sj, gu), zj);
      const pj = v128.add<Real>(v128.load(p + at), v128.mul<Real>(step, force));
      if (last) {
        squares = v128.add<Real>(squares, u2);
        kinetic = v128.add<Real>(kinetic, v128.mul<Real>(pj, pj));
        multiply(g);
        if ((j & 7) == 7) {
          addProduct(sums, -0.5);
          addWide(sums, v128.mul<Real>(half, squares));
          addWide(sums + wide + wide, kinetic);
          squares = v128.splat<Real>(0.0);
          kinetic = v128.splat<Real>(0.0);
        }
        v128.store(p + at, pj);
        v128.store(gz + at, force);
      } else {
        const sheared = v128.add<Real>(zj, v128.mul<Real>(tangent, pj));
        const turned = v128.sub<Real>(pj, v128.mul<Real>(sine, sheared));
        v128.store(z + at, v128.add<Real>(sheared, v128.mul<Real>(tangent, turned)));
        v128.store(p + at, turned);
      }
    }
    if (last) {
      addProduct(sums, -0.5);
      addWide(sums, v128.mul<Real>(half, squares));
      addWide(sums + wide + wide, kinetic);
    }
    addWide(sums + wide, slope);
  }
}
