import { kicksOf } from "../driver/integrator.ts";
import { type Metric, whiten } from "../driver/metric.ts";
import { DIVERGENCE, type Geometry } from "../engine.ts";
import { fillNormals, type Seed, STREAM, uniform } from "../random/philox.ts";
import type { RealArray } from "./kernel.ts";

/** The coordinates of a density as a block of chains sees them. */
export interface LaneShape {
  readonly globals: number;
  /** theta[scale], … theta[scale + terms - 1] are the coordinates of standard deviations: their sign is free. */
  readonly scale: number;
  readonly terms: number;
  readonly latents: number;
}

/**
 * Chains that move together, one in each lane: arrays are [index][lanes], globals in float64. The density is that of (w, z), theta =
 * mean + factor w and latents z, if there are any, standard normal but for the data; the rotation-kick integrator's potential is
 * -log density, whose force plus (w, z) is the kick (DESIGN 4.3). What the density is, and its latents, are the subclass's.
 */
export abstract class LaneBlock {
  /** [lanes] numbers of the chains; those of empty lanes are never read. */
  readonly chains: readonly number[];
  readonly lanes: number;
  /** [lanes] Hamiltonian at the start of the latest transition, up to a constant of the geometry. */
  readonly energy: Float64Array;
  /** [globals][lanes] at the current position. */
  readonly theta: Float64Array;
  protected readonly shape: LaneShape;
  protected readonly seed: Seed;
  protected metric!: Metric;
  protected readonly thetaTrial: Float64Array;
  /** [globals][lanes] gradient of the log density in theta, of the latest evaluation. */
  protected readonly gradTheta: Float64Array;
  /** [lanes] log density, of the latest evaluation. */
  protected readonly value: Float64Array;
  private readonly w: Float64Array;
  private readonly force: Float64Array;
  private readonly logDensity: Float64Array;
  private readonly wTrial: Float64Array;
  private readonly forceTrial: Float64Array;
  private readonly p: Float64Array;
  private readonly accepted: Uint8Array;

  constructor(shape: LaneShape, chains: readonly number[], seed: Seed) {
    const n = shape.globals * chains.length;
    this.shape = shape;
    this.chains = chains;
    this.seed = seed;
    this.lanes = chains.length;
    this.energy = new Float64Array(this.lanes);
    this.theta = new Float64Array(n);
    this.thetaTrial = new Float64Array(n);
    this.gradTheta = new Float64Array(n);
    this.w = new Float64Array(n);
    this.force = new Float64Array(n);
    this.wTrial = new Float64Array(n);
    this.forceTrial = new Float64Array(n);
    this.p = new Float64Array(n);
    this.value = new Float64Array(this.lanes);
    this.logDensity = new Float64Array(this.lanes).fill(Number.NaN);
    this.accepted = new Uint8Array(this.lanes);
  }

  /** [latents][lanes] z. */
  protected abstract readonly z: RealArray;
  /**
   * Log densities into `value` and their gradients into `gradTheta` at thetaTrial and z; the latents' momenta take `kick` of their force
   * and, unless it is the `last` step, (z, p) turn on. `value` is wanted only if `last`.
   */
  protected abstract evaluate(kick: number, cos: number, sin: number, last: boolean): void;
  /** Keeps what belongs to the latest evaluation as the current position's, for all lanes. */
  protected abstract keep(): void;
  /** The same where `accepted` [lanes] is 1; elsewhere the latents go back. */
  protected abstract settle(accepted: Uint8Array): void;
  /** Fresh momentum for the latents, the sum of its squares added to `squares` [lanes]; first kick and rotation of them. */
  protected abstract launch(
    iteration: number,
    kick: number,
    cos: number,
    sin: number,
    squares: Float64Array,
  ): void;
  /** Adds the squares of the latents' momenta after the last step. */
  protected abstract addSquares(squares: Float64Array): void;
  /** The latents that the current effects have at theta in a changed geometry. */
  protected abstract rewriteLatents(): void;

  /** Turns mirrored sds back in a vector of globals whose values stand `stride` apart from `from` on. */
  fold(theta: Float64Array, from: number, stride: number): void {
    const { scale, terms } = this.shape;
    for (let k = scale; k < scale + terms; k++) {
      const at = from + k * stride;
      theta[at] = Math.abs(theta[at]!);
    }
  }

  protected useGeometry({ metric }: Geometry): void {
    this.metric = metric;
  }

  /** New positions for the lanes whose density is not finite: standard normal in the whitened space, times `spread`. */
  start(geometry: Geometry, attempt: number, spread: number): boolean {
    this.useGeometry(geometry);
    const { lanes, shape, seed, w, z } = this;
    for (let c = 0; c < lanes; c++) {
      if (Number.isFinite(this.logDensity[c])) continue;
      fillNormals(w, shape.globals, seed, this.chains[c]!, attempt, STREAM.globalStart, c, lanes);
      fillNormals(z, shape.latents, seed, this.chains[c]!, attempt, STREAM.latentStart, c, lanes);
      for (let i = c; i < w.length; i += lanes) w[i]! *= spread;
      for (let i = c; i < z.length; i += lanes) z[i]! *= spread;
    }
    this.refresh();
    return this.logDensity.every(Number.isFinite);
  }

  /** Keeps the sds, the other globals and the effects, and writes them anew in changed coordinates; mirrored sds turn back. */
  setGeometry(geometry: Geometry): void {
    this.useGeometry(geometry);
    const { lanes, theta } = this;
    for (let c = 0; c < lanes; c++) this.fold(theta, c, lanes);
    for (let c = 0; c < lanes; c++) whiten(geometry.metric, theta, c, this.w, c, lanes);
    this.rewriteLatents();
    this.refresh();
  }

  /** Copies lane c's whitened position into w [globals] and z [latents]. */
  readPosition(c: number, w: Float64Array, z: Float64Array): void {
    for (let k = 0; k < w.length; k++) w[k] = this.w[k * this.lanes + c]!;
    for (let j = 0; j < z.length; j++) z[j] = this.z[j * this.lanes + c]!;
  }

  /** Puts lane c at a whitened position; `restore` must follow. */
  writePosition(c: number, w: Float64Array, z: Float64Array): void {
    for (let k = 0; k < w.length; k++) this.w[k * this.lanes + c] = w[k]!;
    for (let j = 0; j < z.length; j++) this.z[j * this.lanes + c] = z[j]!;
  }

  /** Density and forces at the written positions, in the geometry they were read in. */
  restore(geometry: Geometry): void {
    this.useGeometry(geometry);
    this.refresh();
  }

  /** Density and forces at the current (w, z), kept as the current state. */
  private refresh(): void {
    this.forceAt(this.w, this.force, 0, 1, 0, true);
    this.logDensity.set(this.value);
    this.theta.set(this.thetaTrial);
    this.keep();
  }

  /** theta = mean + factor w into thetaTrial; force (gradient of the log density + w) at w. */
  protected forceAt(
    w: Float64Array,
    force: Float64Array,
    kick: number,
    cos: number,
    sin: number,
    last: boolean,
  ): void {
    const { lanes, thetaTrial, gradTheta } = this;
    const { mean, factor } = this.metric;
    const n = mean.length;
    for (let a = 0; a < n; a++) {
      for (let c = 0; c < lanes; c++) {
        let t = mean[a]!;
        for (let b = 0; b <= a; b++) t += factor[a * n + b]! * w[b * lanes + c]!;
        thetaTrial[a * lanes + c] = t;
      }
    }
    this.evaluate(kick, cos, sin, last);
    for (let b = 0; b < n; b++) {
      for (let c = 0; c < lanes; c++) {
        let t = w[b * lanes + c]!;
        for (let a = b; a < n; a++) t += factor[a * n + b]! * gradTheta[a * lanes + c]!;
        force[b * lanes + c] = t;
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
    const { lanes, p, wTrial: w, forceTrial: force, seed } = this;
    const before = new Float64Array(lanes);
    for (let c = 0; c < lanes; c++)
      fillNormals(p, this.shape.globals, seed, this.chains[c]!, iteration, STREAM.globalMomentum, c, lanes);
    for (let i = 0; i < p.length; i++) before[i % lanes]! += p[i]! ** 2;
    w.set(this.w);
    force.set(this.force);
    const cos = Math.cos(stepSize);
    const sin = Math.sin(stepSize);
    const { outer, inner } = kicksOf(steps);
    this.launch(iteration, outer * stepSize, cos, sin, before);
    for (let c = 0; c < lanes; c++) this.energy[c] = 0.5 * before[c]! - this.logDensity[c]!;
    for (let i = 0; i < p.length; i++) p[i]! += outer * stepSize * force[i]!;
    for (let l = 0; l < steps; l++) {
      const last = l === steps - 1;
      // after a step and before the next in one
      const kick = (last ? outer : 2 * (l % 2 === 0 ? inner : outer)) * stepSize;
      for (let i = 0; i < p.length; i++) {
        const a = w[i]!;
        w[i] = cos * a + sin * p[i]!;
        p[i] = cos * p[i]! - sin * a;
      }
      this.forceAt(w, force, kick, cos, sin, last);
      for (let i = 0; i < p.length; i++) p[i]! += kick * force[i]!;
    }
    const after = new Float64Array(lanes);
    for (let i = 0; i < p.length; i++) after[i % lanes]! += p[i]! ** 2;
    this.addSquares(after);
    for (let c = 0; c < lanes; c++) {
      const gain = this.value[c]! - this.logDensity[c]! - 0.5 * (after[c]! - before[c]!);
      divergent[c] = gain > -DIVERGENCE ? 0 : 1;
      acceptance[c] = divergent[c] === 1 ? 0 : Math.min(1, Math.exp(gain));
      const accept = uniform(seed, this.chains[c]!, iteration, STREAM.accept) < acceptance[c]!;
      this.accepted[c] = accept ? 1 : 0;
      if (!accept) continue;
      this.logDensity[c] = this.value[c]!;
      for (let i = c; i < w.length; i += lanes) {
        this.w[i] = w[i]!;
        this.force[i] = force[i]!;
        this.theta[i] = this.thetaTrial[i]!;
      }
    }
    this.settle(this.accepted);
  }
}
