import { signedSd } from "../density/scale.ts";
import type { Geometry } from "../engine.ts";
import type { Layout } from "../geometry/layout.ts";
import type { Reference } from "../geometry/transport.ts";
import type { Problem } from "../problem.ts";
import { type Seed, STREAM } from "../random/philox.ts";
import { type BlockViews, type Stretches, stretchesOf, viewsOf } from "./block-views.ts";
import { globalsDensity } from "./globals-density.ts";
import type { RealArray } from "./kernel.ts";
import { LaneBlock } from "./lane-block.ts";
import type { BlockMemory, LatentData } from "./latent-memory.ts";

/** Chains of the full latent space on the kernel: effects by conditional transport from z, which lives in its memory with momenta and forces. */
export class LatentBlock extends LaneBlock {
  protected readonly z: RealArray;
  private reference!: Reference;
  private readonly views: BlockViews;
  private readonly at: Stretches;
  private readonly problem: Problem;
  private readonly layout: Layout;
  private readonly data: LatentData;
  private readonly memory: BlockMemory;

  constructor(
    problem: Problem,
    layout: Layout,
    data: LatentData,
    memory: BlockMemory,
    chains: readonly number[],
    seed: Seed,
  ) {
    super(layout, chains, seed);
    this.problem = problem;
    this.layout = layout;
    this.data = data;
    this.memory = memory;
    this.views = viewsOf(data, memory, layout);
    this.at = stretchesOf(memory, layout);
    this.z = this.views.z;
    const ids = new Int32Array(data.buffer, memory.chains, 4);
    for (let c = 0; c < 4; c++) ids[c] = chains[c % this.lanes]!;
  }

  protected override useGeometry(geometry: Geometry): void {
    super.useGeometry(geometry);
    if (geometry.reference === undefined)
      throw new Error("this density needs a reference for its group effects");
    this.reference = geometry.reference;
  }

  protected rewriteLatents(): void {
    const { lanes, layout, theta, problem } = this;
    const { z, u } = this.views;
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
  }

  protected keep(): void {
    this.views.kept.set(this.views.state);
  }

  protected settle(accepted: Uint8Array): void {
    const { mask } = this.views;
    const words = mask.length / this.lanes;
    accepted.forEach((taken, c) => {
      mask.fill(taken === 1 ? -1 : 0, c * words, (c + 1) * words);
    });
    const { vectors, mask: at, kept, state } = this.memory;
    this.data.kernel.select(vectors, 3 * this.layout.latents, at, kept, state);
  }

  protected launch(iteration: number, kick: number, cos: number, sin: number, squares: Float64Array): void {
    const { layout, memory, views, seed, at } = this;
    const { kernel } = this.data;
    const { vectors } = memory;
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
    views.kinetic.forEach((sum, c) => {
      squares[c]! += sum;
    });
    kernel.kickRotate(vectors, layout.latents, at.z, memory.p, at.force, kick, cos, sin);
  }

  protected addSquares(squares: Float64Array): void {
    const { lanes, layout } = this;
    for (const t of layout.transported)
      for (let c = 0; c < lanes; c++) squares[c]! += this.views.out[(3 * t + 2) * lanes + c]!;
  }

  protected evaluate(kick: number, cos: number, sin: number, last: boolean): void {
    const { lanes, layout, problem, data, memory, views, thetaTrial: theta, gradTheta, value } = this;
    const { kernel } = data;
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

    gradLinear.fill(0);
    views.out.fill(0);
    if (data.steering && !last) this.steer(data.steering);
    else this.passRows(last);
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
  }

  /** The likelihood and its gradients in beta and the total effects. */
  private passRows(last: boolean): void {
    const { data, memory, views } = this;
    views.gradBeta.fill(0);
    views.gradTotal.fill(0);
    data.kernel.rowsPass(
      memory.vectors,
      this.problem.gaussian ? 1 : 0,
      data.blocks,
      this.layout.columns,
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
  }

  /** The same gradients in float32, without the likelihood. */
  private steer({ kernel: narrow, x, y }: NonNullable<LatentData["steering"]>): void {
    const { lanes, data, memory, views } = this;
    const { beta, gradBeta, gradTotal } = views.steering;
    const { vectors, steering } = memory;
    const { columns } = this.layout;
    for (let k = 0; k < columns; k++)
      for (let c = 0; c < lanes; c++) beta[4 * k + c] = views.beta[k * lanes + c]!;
    data.kernel.demote(vectors, data.rowLevels, memory.total, steering.total);
    gradBeta.fill(0);
    gradTotal.fill(0);
    narrow.rowsPass(
      1,
      0,
      data.blocks,
      columns,
      data.rowTerms,
      x,
      y,
      data.index,
      steering.beta,
      steering.total,
      steering.gradBeta,
      steering.gradTotal,
      memory.weight,
      0,
      memory.likelihood,
    );
    data.kernel.promote(vectors, data.rowLevels, steering.gradTotal, memory.gradTotal);
    for (let k = 0; k < columns; k++)
      for (let c = 0; c < lanes; c++) views.gradBeta[k * lanes + c] = gradBeta[4 * k + c]!;
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
    this.forceAt(w, forceW, 0, 1, 0, true);
    return {
      value: this.value.slice(),
      theta: this.thetaTrial.slice(),
      forceW,
      forceZ: Float64Array.from(views.force),
      effects: Float64Array.from(views.u),
    };
  }
}
