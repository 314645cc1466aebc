import { choleskyInPlace, invertLower } from "../linear/cholesky.ts";
import { betaPrior, type Problem } from "../problem.ts";
import type { CollapsedPlan, CollapsedSums } from "./collapsed-plan.ts";
import { logScalePriorDensity } from "./prior.ts";
import { logSdSlope, scalePriorDensity, signedSd } from "./scale.ts";

/**
 * The marginal posterior of a gaussian model's scales, every linear parameter and every group effect integrated out (DESIGN 4.2).
 * theta = (coordinates of the sds [terms], log sigma, log omega of each Student-t prior on a linear parameter, written as a scale mixture of normals).
 */
export class CollapsedDensity {
  readonly size: number;
  readonly logSigma: number;
  /** Linear parameters with a Student-t prior, and the position of their log omega. */
  readonly mixtures: readonly {
    readonly parameter: number;
    readonly at: number;
    readonly df: number;
    readonly scale: number;
  }[];
  /** [linear] mean of the linear parameters given theta, of the latest evaluation (y shifted by the sums' shift). */
  readonly betaHat: Float64Array;
  /** [linear x linear] inverse of the Cholesky factor L of their precision, of the latest evaluation. */
  readonly inverseFactor: Float64Array;
  readonly problem: Problem;
  readonly plan: CollapsedPlan;
  readonly sums: CollapsedSums;
  private readonly location: Float64Array;
  private readonly fixedPrecision: Float64Array;
  private readonly precision: Float64Array;
  private readonly a: Float64Array;
  private readonly form: Float64Array;
  private readonly outer: Float64Array;
  /** [matrices] coefficients and their derivatives in log sd of child and parent, and log sigma. */
  private readonly coefficient: Float64Array;
  private readonly bySigma: Float64Array;
  private readonly byChild: Float64Array;
  private readonly byParent: Float64Array;
  private readonly half: Float64Array;

  constructor(problem: Problem, plan: CollapsedPlan, sums: CollapsedSums) {
    this.problem = problem;
    this.plan = plan;
    this.sums = sums;
    const { terms, columns, model } = problem;
    this.logSigma = terms.length;
    this.location = new Float64Array(plan.linear);
    this.fixedPrecision = new Float64Array(plan.linear);
    const mixtures: { parameter: number; at: number; df: number; scale: number }[] = [];
    for (let k = 0; k < columns; k++) {
      const own = model.intercept && k === 0;
      const prior = betaPrior(problem, k);
      const shift = own ? sums.shift : 0;
      if (prior.kind === "normal") {
        this.location[k] = prior.mean - shift;
        this.fixedPrecision[k] = 1 / prior.sd ** 2;
      } else if (prior.kind === "student_t" || prior.kind === "cauchy") {
        this.location[k] = prior.location - shift;
        mixtures.push({
          parameter: k,
          at: terms.length + 1 + mixtures.length,
          df: prior.kind === "cauchy" ? 1 : prior.df,
          scale: prior.scale,
        });
      }
    }
    this.mixtures = mixtures;
    this.size = terms.length + 1 + mixtures.length;
    const q = plan.linear;
    this.betaHat = new Float64Array(q);
    this.inverseFactor = new Float64Array(q * q);
    this.precision = new Float64Array(q);
    this.a = new Float64Array(q * q);
    this.form = new Float64Array(sums.packed);
    this.outer = new Float64Array(sums.packed);
    this.coefficient = new Float64Array(sums.count);
    this.bySigma = new Float64Array(sums.count);
    this.byChild = new Float64Array(sums.count);
    this.byParent = new Float64Array(sums.count);
    this.half = new Float64Array(q);
  }

  /** The standard deviation of term t. */
  sd(theta: Float64Array, t: number): number {
    return Math.abs(signedSd(this.problem.scales[t]!, theta[t]!));
  }

  /** Log density at theta up to a constant, its gradient into `grad`; NaN where the precision is not positive definite. */
  evaluate(theta: Float64Array, grad: Float64Array): number {
    const {
      plan,
      sums,
      problem,
      betaHat: b,
      inverseFactor: li,
      precision,
      location,
      a,
      form,
      outer,
      half,
    } = this;
    const q = plan.linear;
    const { priors } = problem.model;
    grad.fill(0);
    const { value: logDet, sigma: dSigma, child: dChild, parent: dParent } = this.weights(theta);

    // prior precisions of the linear parameters; log |D|
    let prior = 0;
    precision.set(this.fixedPrecision);
    for (const m of this.mixtures) {
      const omega = Math.exp(theta[m.at]!);
      precision[m.parameter] = 1 / (m.scale * m.scale * omega);
      // inverse gamma (df / 2, df / 2) for omega, and log omega from |D|
      prior += -0.5 * m.df * (1 / omega + theta[m.at]!) - 0.5 * theta[m.at]!;
    }
    for (const t of plan.dense) {
      const at = plan.linearOf[t]!;
      const levels = problem.terms[t]!.levels;
      const sd = this.sd(theta, t);
      precision.fill(1 / (sd * sd), at, at + levels);
      prior -= levels * Math.log(sd);
    }

    // the quadratic form: sum over matrices of coefficient x matrix
    const { packed, matrices, count } = sums;
    form.fill(0);
    for (let m = 0; m < count; m++) {
      const w = this.coefficient[m]!;
      const at = m * packed;
      for (let i = 0; i < packed; i++) form[i]! += w * matrices[at + i]!;
    }
    let constant = form[0]!;
    for (let i = 0; i < q; i++) {
      const at = ((i + 1) * (i + 2)) / 2;
      b[i] = form[at]! + precision[i]! * location[i]!;
      constant += precision[i]! * location[i]! ** 2;
      for (let j = 0; j <= i; j++) a[i * q + j] = form[at + 1 + j]!;
      a[i * q + i]! += precision[i]!;
    }
    if (!choleskyInPlace(a, q)) return Number.NaN;
    let logA = 0;
    for (let i = 0; i < q; i++) logA += 2 * Math.log(a[i * q + i]!);
    invertLower(a, q, li);
    let explained = 0;
    for (let i = 0; i < q; i++) {
      let t = 0;
      for (let k = 0; k <= i; k++) t += li[i * q + k]! * b[k]!;
      half[i] = t;
      explained += t * t;
    }
    for (let i = 0; i < q; i++) {
      let t = 0;
      for (let k = i; k < q; k++) t += li[k * q + i]! * half[k]!;
      b[i] = t;
    }

    // W = (1, -b; -b', b b' + A^-1), off-diagonal entries doubled
    outer.fill(0);
    for (let k = 0; k < q; k++) {
      const row = k * q;
      for (let i = 0; i <= k; i++) {
        const l = li[row + i]!;
        const at = ((i + 1) * (i + 2)) / 2 + 1;
        for (let j = 0; j <= i; j++) outer[at + j]! += l * li[row + j]!;
      }
    }
    outer[0] = 1;
    for (let i = 0; i < q; i++) {
      const at = ((i + 1) * (i + 2)) / 2;
      outer[at] = -2 * b[i]!;
      for (let j = 0; j < i; j++) outer[at + 1 + j] = 2 * (outer[at + 1 + j]! + b[i]! * b[j]!);
      outer[at + 1 + i]! += b[i]! * b[i]!;
    }
    let eSigma = dSigma;
    let eChild = dChild;
    let eParent = dParent;
    for (let m = 0; m < count; m++) {
      let t = 0;
      const at = m * packed;
      for (let i = 0; i < packed; i++) t += outer[i]! * matrices[at + i]!;
      eSigma += this.bySigma[m]! * t;
      eChild += this.byChild[m]! * t;
      eParent += this.byParent[m]! * t;
    }
    grad[this.logSigma] = -0.5 * eSigma;
    if (plan.child >= 0) grad[plan.child] = -0.5 * eChild;
    if (plan.parent >= 0) grad[plan.parent] = -0.5 * eParent;
    // (b - location)^2 + (A^-1)_kk, the derivative in a prior precision
    const spread = (k: number): number => {
      const at = ((k + 1) * (k + 2)) / 2 + 1 + k;
      return outer[at]! - b[k]! ** 2 + (b[k]! - location[k]!) ** 2;
    };
    for (const m of this.mixtures) {
      const omega = Math.exp(theta[m.at]!);
      grad[m.at] = 0.5 * m.df * (1 / omega - 1) - 0.5 + 0.5 * spread(m.parameter) * precision[m.parameter]!;
    }
    for (const t of plan.dense) {
      const { levels } = problem.terms[t]!;
      let sum = 0;
      for (let j = 0; j < levels; j++) sum += spread(plan.linearOf[t]! + j);
      grad[t] = sum / this.sd(theta, t) ** 2 - levels;
    }
    let lp = prior - 0.5 * (logDet + logA + constant - explained);
    for (let t = 0; t < problem.terms.length; t++) {
      // the derivatives so far are in log sd
      const d = scalePriorDensity(priors.sd[t]!, problem.scales[t]!, theta[t]!);
      lp += d.value;
      grad[t] = grad[t]! * logSdSlope(theta[t]!) + d.slope;
    }
    const d = logScalePriorDensity(priors.sigma, theta[this.logSigma]!);
    grad[this.logSigma]! += d.slope;
    return lp + d.value;
  }

  /** Coefficients of the matrices in v' V^-1 v with their derivatives, and log |V| with its own. */
  private weights(theta: Float64Array): { value: number; sigma: number; child: number; parent: number } {
    const { plan, sums, problem, coefficient, bySigma, byChild, byParent } = this;
    const logSigma = theta[this.logSigma]!;
    const s2 = Math.exp(2 * logSigma);
    const tc2 = plan.child < 0 ? 0 : this.sd(theta, plan.child) ** 2;
    const tp2 = plan.parent < 0 ? 0 : this.sd(theta, plan.parent) ** 2;
    let value = 0;
    let sigma = 0;
    let child = 0;
    let parent = 0;
    coefficient[0] = 1 / s2;
    bySigma[0] = -2 / s2;
    byChild[0] = 0;
    byParent[0] = 0;
    if (plan.child < 0) return { value: 2 * problem.rows * logSigma, sigma: 2 * problem.rows, child, parent };
    // c_n = 1 / (sigma^2 + n tau_c^2)
    const c = new Float64Array(sums.sizes.length);
    const cs = new Float64Array(sums.sizes.length);
    const cc = new Float64Array(sums.sizes.length);
    sums.sizes.forEach((n, s) => {
      const d = s2 + n * tc2;
      const cn = 1 / d;
      c[s] = cn;
      cs[s] = -2 * s2 * cn * cn;
      cc[s] = -2 * n * tc2 * cn * cn;
      const groups = sums.groups[s]!;
      value += groups * ((n - 1) * 2 * logSigma + Math.log(d));
      sigma += groups * (2 * (n - 1) + 2 * s2 * cn);
      child += groups * 2 * n * tc2 * cn;
      const w = tc2 * cn;
      coefficient[1 + s] = -w / s2;
      bySigma[1 + s] = -(tc2 * cs[s]!) / s2 + (2 * w) / s2;
      byChild[1 + s] = -(2 * w + tc2 * cc[s]!) / s2;
      byParent[1 + s] = 0;
    });
    for (const composition of sums.compositions) {
      let h = 0;
      let hs = 0;
      let hc = 0;
      composition.sizes.forEach((s, i) => {
        const w = composition.counts[i]! * sums.sizes[s]!;
        h += w * c[s]!;
        hs += w * cs[s]!;
        hc += w * cc[s]!;
      });
      const e = 1 + tp2 * h;
      const k = tp2 / e;
      value += composition.parents * Math.log(e);
      parent += (composition.parents * 2 * tp2 * h) / e;
      sigma += (composition.parents * tp2 * hs) / e;
      child += (composition.parents * tp2 * hc) / e;
      let m = composition.matrix;
      for (let i = 0; i < composition.sizes.length; i++) {
        const p = composition.sizes[i]!;
        for (let j = 0; j <= i; j++) {
          const r = composition.sizes[j]!;
          const both = c[p]! * c[r]!;
          coefficient[m] = -k * both;
          byParent[m] = (-2 * k * both) / e;
          bySigma[m] = k * k * hs * both - k * (cs[p]! * c[r]! + c[p]! * cs[r]!);
          byChild[m] = k * k * hc * both - k * (cc[p]! * c[r]! + c[p]! * cc[r]!);
          m++;
        }
      }
    }
    return { value, sigma, child, parent };
  }
}
