import type { Problem } from "../problem.ts";
import { type Kernel, KernelMemory } from "../simd/kernel.ts";
import type { LaneShape } from "../simd/lane-block.ts";
import { type CollapsedLayout, collapsedLayout } from "./collapsed-layout.ts";
import type { CollapsedPlan, CollapsedSums } from "./collapsed-plan.ts";
import { type Coefficients, collapsedWeights } from "./collapsed-weights.ts";
import { logScalePriorDensity } from "./prior.ts";
import { logSdSlope, scalePriorDensity, signedSd } from "./scale.ts";

/** Arrays in the kernel's memory: [.][lanes] but for the matrices. */
interface Pointers {
  /** [entries][matrices] the summed matrices, entry by entry; entries are padded to a multiple of 4. */
  readonly matrices: number;
  readonly coefficient: number;
  readonly form: number;
  /** [linear (linear + 1) / 2] */
  readonly a: number;
  readonly inverse: number;
  readonly covariance: number;
  readonly b: number;
  readonly half: number;
  /** [entries] */
  readonly outer: number;
  /** [matrices] */
  readonly trace: number;
}

/**
 * The marginal posterior of a gaussian model's scales, every linear parameter and every group effect integrated out (DESIGN 4.2), for
 * two or four chains at a time, one in each lane.
 */
export class CollapsedDensity implements CollapsedLayout {
  readonly size: number;
  readonly logSigma: number;
  readonly mixtures: CollapsedLayout["mixtures"];
  readonly location: Float64Array;
  readonly fixedPrecision: Float64Array;
  readonly problem: Problem;
  readonly plan: CollapsedPlan;
  readonly sums: CollapsedSums;
  readonly lanes: number;
  /** [linear][lanes] mean of the linear parameters given theta, of the latest evaluation (y shifted by the sums' shift). */
  readonly betaHat: Float64Array;
  /** [linear (linear + 1) / 2][lanes] inverse of the Cholesky factor L of their precision (lower), of the latest evaluation. */
  readonly inverseFactor: Float64Array;
  private readonly kernel: Kernel;
  private readonly at: Pointers;
  private readonly precision: Float64Array;
  private readonly coefficients: Coefficients;
  private readonly form: Float64Array;
  private readonly a: Float64Array;
  private readonly covariance: Float64Array;
  private readonly half: Float64Array;
  private readonly outer: Float64Array;
  private readonly trace: Float64Array;

  private constructor(
    problem: Problem,
    plan: CollapsedPlan,
    sums: CollapsedSums,
    lanes: number,
    kernel: Kernel,
    buffer: ArrayBuffer,
    at: Pointers,
  ) {
    this.problem = problem;
    this.plan = plan;
    this.sums = sums;
    this.lanes = lanes;
    this.kernel = kernel;
    this.at = at;
    const layout = collapsedLayout(problem, plan, sums);
    this.size = layout.size;
    this.logSigma = layout.logSigma;
    this.mixtures = layout.mixtures;
    this.location = layout.location;
    this.fixedPrecision = layout.fixedPrecision;
    const { count, packed } = sums;
    const q = plan.linear;
    const view = (offset: number, n: number): Float64Array => new Float64Array(buffer, offset, n * lanes);
    this.precision = new Float64Array(q * lanes);
    this.coefficients = {
      coefficient: view(at.coefficient, count),
      bySigma: new Float64Array(count * lanes),
      byChild: new Float64Array(count * lanes),
      byParent: new Float64Array(count * lanes),
    };
    this.form = view(at.form, packed);
    this.a = view(at.a, triangle(q));
    this.inverseFactor = view(at.inverse, triangle(q));
    this.covariance = view(at.covariance, triangle(q));
    this.betaHat = view(at.b, q);
    this.half = view(at.half, q);
    this.outer = view(at.outer, packed);
    this.trace = view(at.trace, count);
    const matrices = new Float64Array(buffer, at.matrices, entriesOf(sums) * count);
    for (let m = 0; m < count; m++)
      for (let i = 0; i < packed; i++) matrices[i * count + m] = sums.matrices[m * packed + i]!;
  }

  /** lanes: 2 or 4. */
  static async create(
    problem: Problem,
    plan: CollapsedPlan,
    sums: CollapsedSums,
    lanes: 2 | 4,
  ): Promise<CollapsedDensity> {
    const memory = new KernelMemory();
    const vectors = (n: number): number => memory.reserve(8 * n * lanes);
    const q = plan.linear;
    const at: Pointers = {
      matrices: memory.reserve(8 * entriesOf(sums) * sums.count),
      coefficient: vectors(sums.count),
      form: vectors(entriesOf(sums)),
      a: vectors(triangle(q)),
      inverse: vectors(triangle(q)),
      covariance: vectors(triangle(q)),
      b: vectors(q),
      half: vectors(q),
      outer: vectors(entriesOf(sums)),
      trace: vectors(sums.count),
    };
    const {
      kernels: [kernel],
      buffer,
    } = await memory.instantiate("float64");
    return new CollapsedDensity(problem, plan, sums, lanes, kernel, buffer, at);
  }

  get shape(): LaneShape {
    return { globals: this.size, scale: 0, terms: this.problem.terms.length, latents: 0 };
  }

  /** The standard deviation of term t in a lane. */
  sd(theta: Float64Array, t: number, lane: number): number {
    return Math.abs(signedSd(this.problem.scales[t]!, theta[t * this.lanes + lane]!));
  }

  /**
   * Log densities at theta [size][lanes] up to a constant into `value` [lanes], their gradients into `grad` [size][lanes]; NaN where the
   * linear parameters' precision is not positive definite.
   */
  evaluate(theta: Float64Array, value: Float64Array, grad: Float64Array): void {
    const { plan, sums, problem, lanes, kernel, at, form, a, precision, location, betaHat: b } = this;
    const q = plan.linear;
    const vectors = lanes / 2;
    grad.fill(0);
    const determinants = Array.from({ length: lanes }, (_, c) =>
      collapsedWeights(
        plan,
        sums,
        problem.rows,
        theta[this.logSigma * lanes + c]!,
        plan.child < 0 ? 0 : this.sd(theta, plan.child, c) ** 2,
        plan.parent < 0 ? 0 : this.sd(theta, plan.parent, c) ** 2,
        this.coefficients,
        lanes,
        c,
      ),
    );
    const entries = entriesOf(sums);
    kernel.combine(vectors, entries, sums.count, at.matrices, at.coefficient, at.form);
    const priors = Float64Array.from({ length: lanes }, (_, c) => this.precisions(theta, c));
    const constants = form.slice(0, lanes);
    for (let i = 0; i < q; i++) {
      const row = triangle(i + 1);
      for (let c = 0; c < lanes; c++) {
        const p = precision[i * lanes + c]!;
        b[i * lanes + c] = form[row * lanes + c]! + p * location[i]!;
        constants[c]! += p * location[i]! ** 2;
      }
      const from = (row + 1) * lanes;
      a.set(form.subarray(from, from + (i + 1) * lanes), triangle(i) * lanes);
      for (let c = 0; c < lanes; c++) a[(triangle(i) + i) * lanes + c]! += precision[i * lanes + c]!;
    }
    kernel.solve(vectors, q, at.a, at.inverse, at.b, at.half, at.covariance);
    this.weighOuter();
    kernel.contract(vectors, entries, sums.count, at.matrices, at.outer, at.trace);
    for (let c = 0; c < lanes; c++)
      value[c] = this.finish(theta, grad, c, determinants[c]!, constants[c]!) + priors[c]!;
  }

  /** Prior precisions of the linear parameters of one lane; returns log |D| / 2 and the densities of the mixtures' omegas. */
  private precisions(theta: Float64Array, c: number): number {
    const { lanes, plan, precision, problem } = this;
    let lp = 0;
    for (let k = 0; k < plan.linear; k++) precision[k * lanes + c] = this.fixedPrecision[k]!;
    for (const m of this.mixtures) {
      const log = theta[m.at * lanes + c]!;
      const omega = Math.exp(log);
      precision[m.parameter * lanes + c] = 1 / (m.scale * m.scale * omega);
      // inverse gamma (df / 2, df / 2) for omega, and log omega from |D|
      lp += -0.5 * m.df * (1 / omega + log) - 0.5 * log;
    }
    for (const t of plan.dense) {
      const first = plan.linearOf[t]!;
      const { levels } = problem.terms[t]!;
      const sd = this.sd(theta, t, c);
      for (let j = first; j < first + levels; j++) precision[j * lanes + c] = 1 / (sd * sd);
      lp -= levels * Math.log(sd);
    }
    return lp;
  }

  /** W = (1, -b; -b', b b' + A^-1), off-diagonal entries doubled, into `outer`. */
  private weighOuter(): void {
    const { lanes, plan, outer, covariance, betaHat: b } = this;
    outer.fill(1, 0, lanes);
    for (let i = 0; i < plan.linear; i++) {
      const row = triangle(i + 1) * lanes;
      const from = triangle(i) * lanes;
      for (let c = 0; c < lanes; c++) {
        const bi = b[i * lanes + c]!;
        outer[row + c] = -2 * bi;
        for (let j = 0; j <= i; j++) {
          const at = j * lanes + c;
          outer[row + lanes + at] = (j < i ? 2 : 1) * (covariance[from + at]! + bi * b[at]!);
        }
      }
    }
  }

  /** One lane's log density but for `precisions`, and its gradient. */
  private finish(
    theta: Float64Array,
    grad: Float64Array,
    c: number,
    determinant: { value: number; sigma: number; child: number; parent: number },
    constant: number,
  ): number {
    const { lanes, plan, sums, problem, a, half, trace, coefficients, precision } = this;
    const { priors } = problem.model;
    const q = plan.linear;
    let logA = 0;
    let explained = 0;
    for (let i = 0; i < q; i++) {
      logA += 2 * Math.log(a[(triangle(i) + i) * lanes + c]!);
      explained += half[i * lanes + c]! ** 2;
    }
    let { sigma, child, parent } = determinant;
    for (let m = 0; m < sums.count; m++) {
      const i = m * lanes + c;
      const t = trace[i]!;
      sigma += coefficients.bySigma[i]! * t;
      child += coefficients.byChild[i]! * t;
      parent += coefficients.byParent[i]! * t;
    }
    grad[this.logSigma * lanes + c] = -0.5 * sigma;
    if (plan.child >= 0) grad[plan.child * lanes + c] = -0.5 * child;
    if (plan.parent >= 0) grad[plan.parent * lanes + c] = -0.5 * parent;
    for (const m of this.mixtures) {
      const omega = Math.exp(theta[m.at * lanes + c]!);
      grad[m.at * lanes + c] =
        0.5 * m.df * (1 / omega - 1) -
        0.5 +
        0.5 * this.spread(m.parameter, c) * precision[m.parameter * lanes + c]!;
    }
    for (const t of plan.dense) {
      const { levels } = problem.terms[t]!;
      let sum = 0;
      for (let j = 0; j < levels; j++) sum += this.spread(plan.linearOf[t]! + j, c);
      grad[t * lanes + c] = sum / this.sd(theta, t, c) ** 2 - levels;
    }
    let lp = -0.5 * (determinant.value + logA + constant - explained);
    for (let t = 0; t < problem.terms.length; t++) {
      const at = t * lanes + c;
      // the derivatives so far are in log sd
      const d = scalePriorDensity(priors.sd[t]![0]!, problem.scales[t]!, theta[at]!);
      lp += d.value;
      grad[at] = grad[at]! * logSdSlope(theta[at]!) + d.slope;
    }
    const at = this.logSigma * lanes + c;
    const d = logScalePriorDensity(priors.sigma, theta[at]!);
    grad[at]! += d.slope;
    return lp + d.value;
  }

  /** (b - location)^2 + (A^-1)_kk of linear parameter k in lane c: the derivative in its prior precision. */
  private spread(k: number, c: number): number {
    const { lanes } = this;
    return (
      this.covariance[(triangle(k) + k) * lanes + c]! +
      (this.betaHat[k * lanes + c]! - this.location[k]!) ** 2
    );
  }
}

/** Entries of a triangle with n rows: where row n begins. */
const triangle = (n: number): number => (n * (n + 1)) / 2;

/** Entries of a packed matrix, padded for the kernel. */
const entriesOf = (sums: CollapsedSums): number => (sums.packed + 3) & ~3;
