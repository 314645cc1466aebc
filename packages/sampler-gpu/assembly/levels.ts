// Group effects by conditional transport, momentum and position of the latents. Arrays are [level][chain].

// @ts-expect-error: decorator
@inline
function addTo(at: usize, v: v128): void {
  v128.store(at, f64x2.add(v128.load(at), v));
}

// @ts-expect-error: decorator
@inline
function logLanes(v: v128): v128 {
  return f64x2(Math.log(f64x2.extract_lane(v, 0)), Math.log(f64x2.extract_lane(v, 1)));
}

/**
 * u_j = k_j (a_j + A_j dtheta - (u_parent - mode_parent)) + s_j z_j, k = I tau^2 / (1 + I tau^2), s = tau / sqrt(1 + I tau^2).
 * table: [levels][2] = (I_j, a_j); responses: [shifted levels][columns] with `responseOf[j]` its row or -1; parent: [levels] int32 or 0;
 * total: u plus the totals of the parents; scale: s_j.
 */
export function forward(
  lanes: i32, levels: i32, columns: i32, table: usize, responses: usize, responseOf: usize, dtheta: usize, tau: usize,
  parent: usize, parentMode: usize, parentU: usize, parentTotal: usize, z: usize, u: usize, total: usize, scale: usize,
): void {
  const stride = <usize>lanes << 3;
  const one = f64x2.splat(1.0);
  for (let pair: usize = 0; pair < stride; pair += 16) {
    const t = v128.load(tau + pair);
    const t2 = f64x2.mul(t, t);
    let at = pair;
    for (let j = 0; j < levels; j++, at += stride) {
      const row = table + (<usize>j << 4);
      const it2 = f64x2.mul(v128.load64_splat(row), t2);
      const f = f64x2.div(one, f64x2.add(one, it2));
      const s = f64x2.mul(t, f64x2.sqrt(f));
      let m = v128.load64_splat(row, 8);
      const shifted = load<i32>(responseOf + (<usize>j << 2));
      if (shifted >= 0) {
        let d = dtheta + pair;
        let a = responses + (<usize>(shifted * columns) << 3);
        for (let k = 0; k < columns; k++, d += stride, a += 8) m = f64x2.add(m, f64x2.mul(v128.load64_splat(a), v128.load(d)));
      }
      let above = f64x2.splat(0.0);
      if (parent) {
        const p = <usize>load<i32>(parent + (<usize>j << 2));
        m = f64x2.sub(m, f64x2.sub(v128.load(parentU + p * stride + pair), v128.load64_splat(parentMode + (p << 3))));
        above = v128.load(parentTotal + p * stride + pair);
      }
      const effect = f64x2.add(f64x2.mul(f64x2.mul(it2, f), m), f64x2.mul(s, v128.load(z + at)));
      v128.store(u + at, effect);
      v128.store(total + at, f64x2.add(effect, above));
      v128.store(scale + at, s);
    }
  }
}

/**
 * The chain rule back through `forward`, for the log density sum_j log N(u_j; 0, tau) + log s_j + [likelihood through total_j];
 * then p += kick (gradient + z) and, unless it is the last step, a rotation of (z, p).
 * gradTotal: derivative of the log likelihood in total_j, children already added; it flows on to the parent's.
 * out: [3][chains] += -sum u^2 / (2 tau^2) - n log tau + sum log s (only if `value`), d / d log tau, sum p^2.
 */
export function backward(
  lanes: i32, levels: i32, columns: i32, table: usize, responses: usize, responseOf: usize, gradTheta: usize, tau: usize,
  parent: usize, gradParent: usize, gradTotal: usize, z: usize, u: usize, scale: usize, p: usize, gz: usize,
  kick: f64, cos: f64, sin: f64, last: bool, out: usize,
): void {
  const stride = <usize>lanes << 3;
  const one = f64x2.splat(1.0);
  const step = f64x2.splat(kick), c = f64x2.splat(cos), s = f64x2.splat(sin);
  for (let pair: usize = 0; pair < stride; pair += 16) {
    const t = v128.load(tau + pair);
    const t2 = f64x2.mul(t, t);
    const i2 = f64x2.div(one, t2);
    let slope = f64x2.splat(0.0), squares = f64x2.splat(0.0), kinetic = f64x2.splat(0.0), logs = f64x2.splat(0.0), product = one;
    let at = pair;
    for (let j = 0; j < levels; j++, at += stride) {
      const it2 = f64x2.mul(v128.load64_splat(table + (<usize>j << 4)), t2);
      const g = f64x2.add(one, it2);
      const f = f64x2.div(one, g);
      const k = f64x2.mul(it2, f);
      const effect = v128.load(u + at), zj = v128.load(z + at), sj = v128.load(scale + at), direct = v128.load(gradTotal + at);
      const gu = f64x2.sub(direct, f64x2.mul(effect, i2));
      const sz = f64x2.mul(sj, zj);
      const u2 = f64x2.mul(f64x2.mul(effect, effect), i2);
      // 2 loc + s z = 2 u - s z
      slope = f64x2.add(slope, f64x2.add(f64x2.sub(u2, one),
        f64x2.mul(f, f64x2.add(one, f64x2.mul(gu, f64x2.sub(f64x2.add(effect, effect), sz))))));
      const flow = f64x2.mul(gu, k);
      const shifted = load<i32>(responseOf + (<usize>j << 2));
      if (shifted >= 0) {
        let d = gradTheta + pair;
        let a = responses + (<usize>(shifted * columns) << 3);
        for (let q = 0; q < columns; q++, d += stride, a += 8) addTo(d, f64x2.mul(v128.load64_splat(a), flow));
      }
      if (parent) addTo(gradParent + <usize>load<i32>(parent + (<usize>j << 2)) * stride + pair, f64x2.sub(direct, flow));
      const force = f64x2.add(f64x2.mul(sj, gu), zj);
      const pj = f64x2.add(v128.load(p + at), f64x2.mul(step, force));
      if (last) {
        squares = f64x2.add(squares, u2);
        // log(1 + I tau^2), eight at a time: each factor is far below 2^127
        product = f64x2.mul(product, g);
        if ((j & 7) == 7) { logs = f64x2.add(logs, logLanes(product)); product = one; }
        kinetic = f64x2.add(kinetic, f64x2.mul(pj, pj));
        v128.store(p + at, pj);
        v128.store(gz + at, force);
      } else {
        v128.store(z + at, f64x2.add(f64x2.mul(c, zj), f64x2.mul(s, pj)));
        v128.store(p + at, f64x2.sub(f64x2.mul(c, pj), f64x2.mul(s, zj)));
      }
    }
    if (last) {
      logs = f64x2.add(logs, logLanes(product));
      // -n log tau + sum log s = -sum log(1 + I tau^2) / 2
      addTo(out + pair, f64x2.mul(f64x2.splat(-0.5), f64x2.add(squares, logs)));
      addTo(out + stride + stride + pair, kinetic);
    }
    addTo(out + stride + pair, slope);
  }
}
