import { type Metric, whiten } from "../driver/metric.ts";
import {
  DIVERGENCE,
  type Engine,
  type EngineState,
  type Geometry,
  noStart,
  START_ATTEMPTS,
  type TransitionResult,
  type Transitions,
} from "../engine.ts";
import { fillNormals, type Seed, STREAM, uniform } from "../random/philox.ts";
import { uncentredIntercept, variableNames } from "../variables.ts";
import type { CollapsedDensity } from "./collapsed.ts";
import { drawCollapsed } from "./collapsed-draws.ts";

interface Chain {
  readonly id: number;
  readonly theta: Float64Array;
  readonly w: Float64Array;
  readonly force: Float64Array;
  logDensity: number;
}

/** The collapsed gaussian: HMC over a few scales, everything linear drawn exactly afterwards. Plain float64 arithmetic, a chain at a time. */
export class CollapsedEngine implements Engine {
  readonly chains: number;
  private readonly density: CollapsedDensity;
  private readonly states: Chain[];
  private readonly seed: Seed;
  private metric!: Metric;
  private readonly variables: number;
  private readonly reportedLevels: number;
  private readonly theta: Float64Array;
  private readonly grad: Float64Array;

  constructor(density: CollapsedDensity, chains: readonly number[], seed: Seed, reportedLevels: number) {
    const n = density.size;
    this.density = density;
    this.chains = chains.length;
    this.seed = seed;
    this.reportedLevels = reportedLevels;
    this.variables = variableNames(density.problem, reportedLevels).length;
    this.states = chains.map((id) => ({
      id,
      theta: new Float64Array(n),
      w: new Float64Array(n),
      force: new Float64Array(n),
      logDensity: Number.NaN,
    }));
    this.theta = new Float64Array(n);
    this.grad = new Float64Array(n);
  }

  /** Log density at w; theta = mean + factor w into `theta`, gradient in w plus w into `force`. */
  private evaluate(w: Float64Array, theta: Float64Array, force: Float64Array): number {
    const { mean, factor } = this.metric;
    const n = w.length;
    for (let a = 0; a < n; a++) {
      let t = mean[a]!;
      for (let b = 0; b <= a; b++) t += factor[a * n + b]! * w[b]!;
      theta[a] = t;
    }
    const value = this.density.evaluate(theta, this.grad);
    for (let b = 0; b < n; b++) {
      let t = w[b]!;
      for (let a = b; a < n; a++) t += factor[a * n + b]! * this.grad[a]!;
      force[b] = t;
    }
    return value;
  }

  async init({ metric }: Geometry): Promise<void> {
    this.metric = metric;
    for (const chain of this.states) {
      let spread = 1;
      for (let attempt = 0; !Number.isFinite(chain.logDensity); attempt++) {
        if (attempt === START_ATTEMPTS) throw noStart();
        fillNormals(chain.w, chain.w.length, this.seed, chain.id, attempt, STREAM.globalStart);
        for (let k = 0; k < chain.w.length; k++) chain.w[k]! *= spread;
        chain.logDensity = this.evaluate(chain.w, chain.theta, chain.force);
        spread /= 2;
      }
    }
  }

  async setGeometry({ metric }: Geometry): Promise<void> {
    this.metric = metric;
    const terms = this.density.problem.terms.length;
    for (const chain of this.states) {
      for (let t = 0; t < terms; t++) chain.theta[t] = Math.abs(chain.theta[t]!);
      whiten(metric, chain.theta, 0, chain.w, 0, 1);
      chain.logDensity = this.evaluate(chain.w, chain.theta, chain.force);
    }
  }

  async transitions({ first, stepSizes, steps, record }: Transitions): Promise<TransitionResult> {
    const { chains, variables } = this;
    const n = this.theta.length;
    const terms = this.density.problem.terms.length;
    const acceptance = new Float64Array(steps.length * chains);
    const divergent = new Uint8Array(steps.length * chains);
    const globals = new Float64Array(steps.length * chains * n);
    const out = new Float64Array(record ? steps.length * chains * variables : 0);
    for (let i = 0; i < steps.length; i++) {
      for (let c = 0; c < chains; c++) {
        const chain = this.states[c]!;
        const at = i * chains + c;
        const gain = this.move(chain, first + i, stepSizes[i]!, steps[i]!);
        divergent[at] = gain > -DIVERGENCE ? 0 : 1;
        acceptance[at] = divergent[at] === 1 ? 0 : Math.min(1, Math.exp(gain));
        globals.set(chain.theta, at * n);
        for (let t = 0; t < terms; t++) globals[at * n + t] = Math.abs(chain.theta[t]!);
        if (record) this.report(chain, first + i, out, at * variables);
      }
    }
    return { acceptance, divergent, globals, variables: out };
  }

  /** One transition; returns minus the energy error. */
  private move(chain: Chain, iteration: number, stepSize: number, steps: number): number {
    const n = this.theta.length;
    const p = new Float64Array(n);
    fillNormals(p, n, this.seed, chain.id, iteration, STREAM.globalMomentum);
    const w = chain.w.slice();
    const force = chain.force.slice();
    const cos = Math.cos(stepSize);
    const sin = Math.sin(stepSize);
    let kinetic = 0;
    for (let k = 0; k < n; k++) kinetic += p[k]! ** 2;
    let value = Number.NaN;
    for (let l = 0; l < steps; l++) {
      for (let k = 0; k < n; k++) {
        const pk = p[k]! + 0.5 * stepSize * force[k]!;
        const a = w[k]!;
        w[k] = cos * a + sin * pk;
        p[k] = cos * pk - sin * a;
      }
      value = this.evaluate(w, this.theta, force);
      for (let k = 0; k < n; k++) p[k]! += 0.5 * stepSize * force[k]!;
    }
    for (let k = 0; k < n; k++) kinetic -= p[k]! ** 2;
    const gain = value - chain.logDensity + 0.5 * kinetic;
    if (gain > -DIVERGENCE && uniform(this.seed, chain.id, iteration, STREAM.accept) < Math.exp(gain)) {
      chain.w.set(w);
      chain.theta.set(this.theta);
      chain.force.set(force);
      chain.logDensity = value;
    }
    return gain;
  }

  private report(chain: Chain, iteration: number, out: Float64Array, offset: number): void {
    const { density, reportedLevels } = this;
    const { problem } = density;
    density.evaluate(chain.theta, this.grad);
    const drawn = drawCollapsed(density, chain.theta, this.seed, chain.id, iteration, reportedLevels);
    let at = offset;
    for (let k = 0; k < problem.columns; k++) {
      out[at++] =
        k === 0 && problem.model.intercept
          ? uncentredIntercept(problem, (j) => drawn.linear[j]!) + density.sums.shift
          : drawn.linear[k]!;
    }
    for (let t = 0; t < problem.terms.length; t++) out[at++] = density.sd(chain.theta, t);
    out[at++] = Math.exp(chain.theta[density.logSigma]!);
    for (const effects of drawn.effects) for (const u of effects) out[at++] = u;
  }

  async state(): Promise<EngineState> {
    const n = this.theta.length;
    const w = new Float64Array(this.chains * n);
    this.states.forEach((chain, c) => {
      w.set(chain.w, c * n);
    });
    return { w };
  }

  async restore({ metric }: Geometry, { w }: EngineState): Promise<void> {
    const n = this.theta.length;
    this.metric = metric;
    this.states.forEach((chain, c) => {
      chain.w.set(w!.subarray(c * n, (c + 1) * n));
      chain.logDensity = this.evaluate(chain.w, chain.theta, chain.force);
    });
  }

  async close(): Promise<void> {}
}
