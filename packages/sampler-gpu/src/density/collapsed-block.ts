import { type Metric, whiten } from "../driver/metric.ts";
import { DIVERGENCE } from "../engine.ts";
import { fillNormals, type Seed, STREAM, uniform } from "../random/philox.ts";
import type { CollapsedDensity } from "./collapsed.ts";
import type { CollapsedPosition } from "./collapsed-draws.ts";

/** Chains of the collapsed gaussian that move together, one in each lane; arrays are [index][lanes]. */
export class CollapsedBlock implements CollapsedPosition {
  readonly theta: Float64Array;
  readonly betaHat: Float64Array;
  readonly inverseFactor: Float64Array;
  /** [lanes] numbers of the chains; those of empty lanes are never read. */
  readonly chains: readonly number[];
  private readonly w: Float64Array;
  private readonly force: Float64Array;
  private readonly logDensity: Float64Array;
  private readonly wTrial: Float64Array;
  private readonly forceTrial: Float64Array;
  private readonly thetaTrial: Float64Array;
  private readonly p: Float64Array;
  private readonly grad: Float64Array;
  private readonly value: Float64Array;
  private readonly density: CollapsedDensity;
  private readonly seed: Seed;
  private metric!: Metric;

  constructor(density: CollapsedDensity, chains: readonly number[], seed: Seed) {
    this.density = density;
    this.chains = chains;
    this.seed = seed;
    const n = density.size * density.lanes;
    this.theta = new Float64Array(n);
    this.betaHat = new Float64Array(density.betaHat.length);
    this.inverseFactor = new Float64Array(density.inverseFactor.length);
    this.w = new Float64Array(n);
    this.force = new Float64Array(n);
    this.wTrial = new Float64Array(n);
    this.forceTrial = new Float64Array(n);
    this.thetaTrial = new Float64Array(n);
    this.p = new Float64Array(n);
    this.grad = new Float64Array(n);
    this.value = new Float64Array(density.lanes);
    this.logDensity = new Float64Array(density.lanes).fill(Number.NaN);
  }

  /** New positions for the lanes whose density is not finite: standard normal in the whitened space, times `spread`. */
  start(metric: Metric, attempt: number, spread: number): boolean {
    this.metric = metric;
    const { lanes, size } = this.density;
    for (let c = 0; c < lanes; c++) {
      if (Number.isFinite(this.logDensity[c])) continue;
      fillNormals(this.w, size, this.seed, this.chains[c]!, attempt, STREAM.globalStart, c, lanes);
      for (let i = c; i < this.w.length; i += lanes) this.w[i]! *= spread;
    }
    this.refresh();
    return this.logDensity.every(Number.isFinite);
  }

  /** Keeps the scales and writes them anew in changed coordinates; mirrored sds turn back. */
  setMetric(metric: Metric): void {
    this.metric = metric;
    const { lanes, problem } = this.density;
    for (let i = 0; i < problem.terms.length * lanes; i++) this.theta[i] = Math.abs(this.theta[i]!);
    for (let c = 0; c < lanes; c++) whiten(metric, this.theta, c, this.w, c, lanes);
    this.refresh();
  }

  /** Copies lane c's whitened position into w [size]. */
  readPosition(c: number, w: Float64Array): void {
    for (let k = 0; k < w.length; k++) w[k] = this.w[k * this.density.lanes + c]!;
  }

  /** Puts lane c at a whitened position; `restore` must follow. */
  writePosition(c: number, w: Float64Array): void {
    for (let k = 0; k < w.length; k++) this.w[k * this.density.lanes + c] = w[k]!;
  }

  restore(metric: Metric): void {
    this.metric = metric;
    this.refresh();
  }

  private refresh(): void {
    this.evaluate(this.w, this.theta, this.force);
    this.logDensity.set(this.value);
    this.betaHat.set(this.density.betaHat);
    this.inverseFactor.set(this.density.inverseFactor);
  }

  /** Log densities at w into `value`; theta = mean + factor w into `theta`, gradients in w plus w into `force`. */
  private evaluate(w: Float64Array, theta: Float64Array, force: Float64Array): void {
    const { mean, factor } = this.metric;
    const { lanes, size: n } = this.density;
    for (let a = 0; a < n; a++) {
      for (let c = 0; c < lanes; c++) {
        let t = mean[a]!;
        for (let b = 0; b <= a; b++) t += factor[a * n + b]! * w[b * lanes + c]!;
        theta[a * lanes + c] = t;
      }
    }
    this.density.evaluate(theta, this.value, this.grad);
    for (let b = 0; b < n; b++) {
      for (let c = 0; c < lanes; c++) {
        let t = w[b * lanes + c]!;
        for (let a = b; a < n; a++) t += factor[a * n + b]! * this.grad[a * lanes + c]!;
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
    const { p, wTrial: w, forceTrial: force, seed } = this;
    const { lanes, size } = this.density;
    const kinetic = new Float64Array(lanes);
    for (let c = 0; c < lanes; c++)
      fillNormals(p, size, seed, this.chains[c]!, iteration, STREAM.globalMomentum, c, lanes);
    for (let i = 0; i < p.length; i++) kinetic[i % lanes]! += p[i]! ** 2;
    w.set(this.w);
    force.set(this.force);
    const cos = Math.cos(stepSize);
    const sin = Math.sin(stepSize);
    for (let l = 0; l < steps; l++) {
      for (let i = 0; i < p.length; i++) {
        const kicked = p[i]! + 0.5 * stepSize * force[i]!;
        const a = w[i]!;
        w[i] = cos * a + sin * kicked;
        p[i] = cos * kicked - sin * a;
      }
      this.evaluate(w, this.thetaTrial, force);
      for (let i = 0; i < p.length; i++) p[i]! += 0.5 * stepSize * force[i]!;
    }
    for (let i = 0; i < p.length; i++) kinetic[i % lanes]! -= p[i]! ** 2;
    for (let c = 0; c < lanes; c++) {
      const gain = this.value[c]! - this.logDensity[c]! + 0.5 * kinetic[c]!;
      divergent[c] = gain > -DIVERGENCE ? 0 : 1;
      acceptance[c] = divergent[c] === 1 ? 0 : Math.min(1, Math.exp(gain));
      if (uniform(seed, this.chains[c]!, iteration, STREAM.accept) < acceptance[c]!) this.accept(c);
    }
  }

  private accept(c: number): void {
    const { lanes } = this.density;
    const take = (to: Float64Array, from: Float64Array): void => {
      for (let i = c; i < to.length; i += lanes) to[i] = from[i]!;
    };
    take(this.w, this.wTrial);
    take(this.theta, this.thetaTrial);
    take(this.force, this.forceTrial);
    take(this.betaHat, this.density.betaHat);
    take(this.inverseFactor, this.density.inverseFactor);
    this.logDensity[c] = this.value[c]!;
  }
}
