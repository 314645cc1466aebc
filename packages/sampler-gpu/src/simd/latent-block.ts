import { signedSd } from "../density/scale.ts";
import { whiten } from "../driver/metric.ts";
import { DIVERGENCE, type Geometry } from "../engine.ts";
import type { Layout } from "../geometry/layout.ts";
import type { Reference } from "../geometry/transport.ts";
import type { Problem } from "../problem.ts";
import { fillNormals, type Seed, STREAM, uniform } from "../random/philox.ts";
import { type BlockViews, type Stretches, stretchesOf, viewsOf } from "./block-views.ts";
import { globalsDensity } from "./globals-density.ts";
import type { BlockMemory, LatentData } from "./latent-memory.ts";

/**
 * Chains that move together, one in each lane. Arrays are [index][lanes]; globals are float64 always. The density is that of
 * (w, z): theta = mean + factor w, effects by conditional transport from z; the rotation-kick integrator's potential is
 * -log density, whose force plus (w, z) is the kick (DESIGN 4.3).
 */
export class LatentBlock {
  /** [globals][lanes] at the current position. */
  readonly theta: Float64Array;
  private readonly w: Float64Array;
  private readonly gw: Float64Array;
  private readonly logDensity: Float64Array;
  private mean: Float64Array;
  private factor: Float64Array;
  private reference!: Reference;
  private readonly wTrial: Float64Array;
  private readonly gwTrial: Float64Array;
  private readonly thetaTrial: Float64Array;
  private readonly gradTheta: Float64Array;
  private readonly pw: Float64Array;
  private readonly value: Float64Array;
  private readonly views: BlockViews;
  private readonly at: Stretches;
  private readonly lanes: number;
  private readonly problem: Problem;
  private readonly layout: Layout;
  private readonly data: LatentData;
  private readonly memory: BlockMemory;
  private readonly seed: Seed;
  /** [lanes] numbers of the chains; those of empty lanes are never read. */
  readonly chains: readonly number[];

  constructor(
    problem: Problem,
    layout: Layout,
    data: LatentData,
    memory: BlockMemory,
    chains: readonly number[],
    seed: Seed,
  ) {
    this.problem = problem;
    this.layout = layout;
    this.data = data;
    this.memory = memory;
    this.chains = chains;
    this.seed = seed;
    this.lanes = memory.lanes;
    const n = layout.globals * this.lanes;
    this.theta = new Float64Array(n);
    this.w = new Float64Array(n);
    this.gw = new Float64Array(n);
    this.wTrial = new Float64Array(n);
    this.gwTrial = new Float64Array(n);
    this.thetaTrial = new Float64Array(n);
    this.gradTheta = new Float64Array(n);
    this.pw = new Float64Array(n);
    this.value = new Float64Array(this.lanes);
    this.logDensity = new Float64Array(this.lanes).fill(Number.NaN);
    this.mean = new Float64Array(layout.globals);
    this.factor = new Float64Array(layout.globals ** 2);
    this.views = viewsOf(data, memory, layout);
    this.at = stretchesOf(memory, layout);
    const ids = new Int32Array(data.buffer, memory.chains, 4);
    for (let c = 0; c < 4; c++) ids[c] = chains[c % this.lanes]!;
  }

  private useGeometry({ metric, reference }: Geometry): void {
    if (reference === undefined) throw new Error("this density needs a reference for its group effects");
    this.mean = metric.mean;
    this.factor = metric.factor;
    this.reference = reference;
  }

  /** New positions for the lanes whose density is not finite: standard normal in the whitened space, times `spread`. */
  start(geometry: Geometry, attempt: number, spread: number): boolean {
    this.useGeometry(geometry);
    const { lanes, layout, seed } = this;
    const { z } = this.views;
    for (let c = 0; c < lanes; c++) {
      if (Number.isFinite(this.logDensity[c])) continue;
      fillNormals(this.w, layout.globals, seed, this.chains[c]!, attempt, STREAM.globalStart, c, lanes);
      fillNormals(z, layout.latents, seed, this.chains[c]!, attempt, STREAM.latentStart, c, lanes);
      for (let i = c; i < this.w.length; i += lanes) this.w[i]! *= spread;
      for (let i = c; i < z.length; i += lanes) z[i]! *= spread;
    }
    this.refresh();
    return this.logDensity.every(Number.isFinite);
  }

  /** Keeps the sds, the other globals and the effects, and writes them anew in changed coordinates; mirrored sds turn back. */
  setGeometry(geometry: Geometry): void {
    this.useGeometry(geometry);
    const { lanes, layout, theta, w, problem } = this;
    const { z, u } = this.views;
    for (let i = layout.scale * lanes; i < (layout.scale + layout.terms) * lanes; i++)
      theta[i] = Math.abs(theta[i]!);
    for (let c = 0; c < lanes; c++) whiten(geometry.metric, theta, c, w, c, lanes);
    for (const t of layout.transported) {
      const { information, center, responseOf, responses, fixedSd } = this.reference.transports[t]!;
      const { parent, parentOf } = problem.terms[t]!;
      const at = layout.latentAt[t]!;
      const above =
        parent < 0
          ? undefined
          : { mode: this.reference.transports[parent]!.mode, at: layout.latentAt[parent]! };
      for (let c = 0; c < lanes; c++) {
        const tau = fixedSd ?? signedSd(problem.scales[t]!, theta[(layout.scale + t) * lanes + c]!);
        for (let j = 0; j < information.length; j++) {
          const it2 = information[j]! * tau * tau;
          let m = center[j]!;
          const row = responseOf[j]!;
          if (row >= 0) {
            for (let k = 0; k < layout.linear; k++) {
              const g = layout.linearAt[k]!;
              m += responses[row * layout.linear + k]! * (theta[g * lanes + c]! - this.reference.theta[g]!);
            }
          }
          if (above !== undefined)
            m -= u[(above.at + parentOf![j]!) * lanes + c]! - above.mode[parentOf![j]!]!;
          z[(at + j) * lanes + c] =
            (u[(at + j) * lanes + c]! - (it2 / (1 + it2)) * m) / (tau / Math.sqrt(1 + it2));
        }
      }
    }
    this.refresh();
  }

  /** Copies lane c's whitened position into w [globals] and z [latents]. */
  readPosition(c: number, w: Float64Array, z: Float64Array): void {
    const { lanes, views } = this;
    for (let k = 0; k < w.length; k++) w[k] = this.w[k * lanes + c]!;
    for (let j = 0; j < z.length; j++) z[j] = views.z[j * lanes + c]!;
  }

  /** Puts lane c at a whitened position; `restore` must follow. */
  writePosition(c: number, w: Float64Array, z: Float64Array): void {
    const { lanes, views } = this;
    for (let k = 0; k < w.length; k++) this.w[k * lanes + c] = w[k]!;
    for (let j = 0; j < z.length; j++) views.z[j * lanes + c] = z[j]!;
  }

  /** Density and forces at the written positions, in the geometry they were read in. */
  restore(geometry: Geometry): void {
    this.useGeometry(geometry);
    this.refresh();
  }

  /** Density and forces at the current (w, z), kept as the current state. */
  private refresh(): void {
    this.views.p.fill(0);
    this.gradient(this.w, this.gw, 0, 1, 0, true);
    this.logDensity.set(this.value);
    this.theta.set(this.thetaTrial);
    this.views.kept.set(this.views.state);
  }

  /**
   * Force (gradient of the log density + w) at w and the state's z; the latents' momenta take `kick` of theirs and, unless it is the
   * last step, turn on. If `last`, `this.value` holds log density [lanes] and the latents' kinetic energy is in `out`.
   */
  private gradient(
    w: Float64Array,
    gw: Float64Array,
    kick: number,
    cos: number,
    sin: number,
    last: boolean,
  ): void {
    const {
      lanes,
      layout,
      problem,
      data,
      memory,
      views,
      thetaTrial: theta,
      gradTheta,
      value,
      mean,
      factor,
    } = this;
    const { kernel } = data;
    const n = layout.globals;
    for (let a = 0; a < n; a++) {
      for (let c = 0; c < lanes; c++) {
        let t = mean[a]!;
        for (let b = 0; b <= a; b++) t += factor[a * n + b]! * w[b * lanes + c]!;
        theta[a * lanes + c] = t;
      }
    }
    const { vectors } = memory;
    const { tau, transportTau, dtheta, total, weight, gradBeta, gradLinear } = views;
    for (let i = 0; i < views.beta.length; i++) views.beta[i] = theta[i]!;
    for (let t = 0; t < layout.terms; t++) {
      const scale = problem.scales[t]!;
      const fixed = this.reference.transports[t]?.fixedSd;
      for (let c = 0; c < lanes; c++) {
        const i = t * lanes + c;
        tau[i] = signedSd(scale, theta[(layout.scale + t) * lanes + c]!);
        transportTau[i] = fixed ?? tau[i]!;
      }
    }
    for (let k = 0; k < layout.linear; k++) {
      const g = layout.linearAt[k]!;
      for (let c = 0; c < lanes; c++)
        dtheta[k * lanes + c] = theta[g * lanes + c]! - this.reference.theta[g]!;
    }
    if (problem.gaussian)
      for (let c = 0; c < lanes; c++) weight[c] = Math.exp(-2 * theta[layout.logSigma * lanes + c]!);

    const { z, u, force } = this.at;
    /** Bytes of one number of every chain. */
    const vector = 16 * vectors;
    for (const t of layout.transported) {
      const { parent, levels } = problem.terms[t]!;
      const tables = data.tables[t]!;
      const at = layout.latentAt[t]! * vector;
      const above = parent < 0 ? 0 : layout.latentAt[parent]! * vector;
      kernel.forward(
        vectors,
        levels,
        layout.linear,
        tables.table,
        tables.responses,
        tables.responseOf,
        memory.dtheta,
        memory.transportTau + t * vector,
        tables.parent,
        parent < 0 ? 0 : data.tables[parent]!.mode,
        u + above,
        memory.total + above,
        z + at,
        u + at,
        memory.total + at,
        memory.scale + at,
      );
    }
    problem.terms.forEach((term, t) => {
      const at = layout.denseAt[t]!;
      if (at >= 0)
        total.set(theta.subarray(at * lanes, (at + term.levels) * lanes), data.denseRow[t]! * lanes);
    });

    gradBeta.fill(0);
    views.gradTotal.fill(0);
    gradLinear.fill(0);
    views.out.fill(0);
    kernel.rowsPass(
      vectors,
      problem.gaussian ? 1 : 0,
      data.blocks,
      layout.columns,
      data.rowTerms,
      data.x,
      data.y,
      data.index,
      memory.beta,
      memory.total,
      memory.gradBeta,
      memory.gradTotal,
      memory.weight,
      last ? 1 : 0,
      memory.likelihood,
    );
    for (let q = layout.transported.length - 1; q >= 0; q--) {
      const t = layout.transported[q]!;
      const { parent, levels } = problem.terms[t]!;
      const tables = data.tables[t]!;
      const at = layout.latentAt[t]! * vector;
      kernel.backward(
        vectors,
        levels,
        layout.linear,
        tables.table,
        tables.responses,
        tables.responseOf,
        memory.gradTheta,
        memory.tau + t * vector,
        memory.transportTau + t * vector,
        this.reference.transports[t]!.fixedSd === undefined ? 1 : 0,
        tables.parent,
        parent < 0 ? 0 : memory.gradTotal + layout.latentAt[parent]! * vector,
        memory.gradTotal + at,
        z + at,
        u + at,
        memory.scale + at,
        memory.p + at,
        force + at,
        kick,
        cos,
        sin,
        last ? 1 : 0,
        memory.out + 3 * t * 8 * lanes,
      );
    }

    gradTheta.fill(0);
    for (let i = 0; i < layout.columns * lanes; i++) gradTheta[i] = gradBeta[i]!;
    for (let k = 0; k < layout.linear; k++) {
      const g = layout.linearAt[k]! * lanes;
      for (let c = 0; c < lanes; c++) gradTheta[g + c]! += gradLinear[k * lanes + c]!;
    }
    for (let c = 0; c < lanes; c++)
      value[c] = globalsDensity(problem, layout, data, views, lanes, c, theta, gradTheta);
    for (let b = 0; b < n; b++) {
      for (let c = 0; c < lanes; c++) {
        let t = w[b * lanes + c]!;
        for (let a = b; a < n; a++) t += factor[a * n + b]! * gradTheta[a * lanes + c]!;
        gw[b * lanes + c] = t;
      }
    }
  }

  /** One transition of every lane: fresh momentum, `steps` of rotation and kick, accept or keep. */
  transition(
    iteration: number,
    stepSize: number,
    steps: number,
    acceptance: Float64Array,
    divergent: Uint8Array,
  ): void {
    const { lanes, layout, memory, views, seed, pw, wTrial, gwTrial } = this;
    const { kernel } = this.data;
    const { vectors } = memory;
    const n = layout.globals;
    const before = new Float64Array(lanes);
    for (let c = 0; c < lanes; c++)
      fillNormals(pw, n, seed, this.chains[c]!, iteration, STREAM.globalMomentum, c, lanes);
    for (let i = 0; i < pw.length; i++) before[i % lanes]! += pw[i]! ** 2;
    kernel.drawMomentum(
      vectors,
      layout.latents,
      memory.p,
      iteration,
      memory.chains,
      STREAM.latentMomentum,
      seed.low,
      seed.high,
      memory.kinetic,
    );
    for (let c = 0; c < lanes; c++) before[c]! += views.kinetic[c]!;

    const cos = Math.cos(stepSize);
    const sin = Math.sin(stepSize);
    wTrial.set(this.w);
    gwTrial.set(this.gw);
    kernel.kickRotate(vectors, layout.latents, this.at.z, memory.p, this.at.force, 0.5 * stepSize, cos, sin);
    for (let i = 0; i < pw.length; i++) pw[i]! += 0.5 * stepSize * gwTrial[i]!;
    for (let l = 0; l < steps; l++) {
      const last = l === steps - 1;
      for (let i = 0; i < pw.length; i++) {
        const a = wTrial[i]!;
        wTrial[i] = cos * a + sin * pw[i]!;
        pw[i] = cos * pw[i]! - sin * a;
      }
      this.gradient(wTrial, gwTrial, last ? 0.5 * stepSize : stepSize, cos, sin, last);
      const kick = last ? 0.5 * stepSize : stepSize;
      for (let i = 0; i < pw.length; i++) pw[i]! += kick * gwTrial[i]!;
    }

    const after = new Float64Array(lanes);
    for (let i = 0; i < pw.length; i++) after[i % lanes]! += pw[i]! ** 2;
    for (const t of layout.transported)
      for (let c = 0; c < lanes; c++) after[c]! += views.out[(3 * t + 2) * lanes + c]!;
    const wordsPerLane = views.mask.length / lanes;
    for (let c = 0; c < lanes; c++) {
      const gain = this.value[c]! - this.logDensity[c]! - 0.5 * (after[c]! - before[c]!);
      divergent[c] = gain > -DIVERGENCE ? 0 : 1;
      acceptance[c] = divergent[c] === 1 ? 0 : Math.min(1, Math.exp(gain));
      const accept = uniform(seed, this.chains[c]!, iteration, STREAM.accept) < acceptance[c]!;
      views.mask.fill(accept ? -1 : 0, c * wordsPerLane, (c + 1) * wordsPerLane);
      if (!accept) continue;
      this.logDensity[c] = this.value[c]!;
      for (let i = c; i < wTrial.length; i += lanes) {
        this.w[i] = wTrial[i]!;
        this.gw[i] = gwTrial[i]!;
        this.theta[i] = this.thetaTrial[i]!;
      }
    }
    kernel.select(vectors, 3 * layout.latents, memory.mask, memory.kept, memory.state);
  }

  /** Effect of level j of term t in lane c at the current position. */
  effect(t: number, j: number, c: number): number {
    const { layout, lanes } = this;
    const dense = layout.denseAt[t]!;
    if (dense >= 0) return this.theta[(dense + j) * lanes + c]!;
    return this.views.u[(layout.latentAt[t]! + j) * lanes + c]!;
  }

  /** For tests: log density and force in the whitened coordinates at (w, z), both [.][lanes]. */
  probe(
    geometry: Geometry,
    w: Float64Array,
    z: Float64Array,
  ): {
    value: Float64Array;
    theta: Float64Array;
    forceW: Float64Array;
    forceZ: Float64Array;
    effects: Float64Array;
  } {
    this.useGeometry(geometry);
    const { views } = this;
    views.z.set(z);
    views.p.fill(0);
    const forceW = new Float64Array(w.length);
    this.gradient(w, forceW, 0, 1, 0, true);
    return {
      value: this.value.slice(),
      theta: this.thetaTrial.slice(),
      forceW,
      forceZ: Float64Array.from(views.force),
      effects: Float64Array.from(views.u),
    };
  }
}
