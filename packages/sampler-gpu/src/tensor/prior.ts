import type { Prior } from "@bridgewise/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";

/** Stands for minus infinity: a difference of two of them is a number. */
const IMPOSSIBLE = -1e30;

const locationOf = (prior: Prior): number =>
  prior.kind === "normal" ? prior.mean : "location" in prior ? prior.location : 0;

function scaleOf(prior: Prior): number {
  switch (prior.kind) {
    case "normal":
      return prior.sd;
    case "exponential":
    case "gamma":
      return 1 / prior.rate;
    case "flat":
      return 1;
    case "lognormal":
      return Math.exp(prior.meanLog);
    default:
      return prior.scale;
  }
}

/** Priors of a row of parameters, as functions of the standardised d = (parameter - location) / scale. */
export class PriorRow {
  /** [parameters] */
  readonly locations: readonly number[];
  private readonly inverseScales: readonly number[];
  private readonly priors: readonly Prior[];

  constructor(priors: readonly Prior[]) {
    this.priors = priors;
    this.locations = priors.map(locationOf);
    this.inverseScales = priors.map((p) => 1 / scaleOf(p));
  }

  private row(values: readonly number[]): Tensor {
    return tf.tensor2d([...values], [1, values.length], "float32");
  }

  private mask(...kinds: Prior["kind"][]): Tensor | undefined {
    return this.priors.some((p) => kinds.includes(p.kind))
      ? this.row(this.priors.map((p) => (kinds.includes(p.kind) ? 1 : 0)))
      : undefined;
  }

  /** 1 where a masked d is above 0, else 0; and d there, 1 elsewhere, for logs and quotients. */
  private positive(d: Tensor, mask: Tensor): { readonly inside: Tensor; readonly safe: Tensor } {
    const inside = tf.mul(mask, tf.cast(tf.greater(d, 0), "float32"));
    return { inside, safe: tf.add(tf.mul(d, inside), tf.sub(1, inside)) };
  }

  /**
   * From parameter - location, [chains, parameters]: log densities up to a constant, and their slopes in the parameter, as
   * `priorDensity` (density/prior.ts) has them in float64.
   */
  evaluate(distance: Tensor): { values: Tensor; slopes: Tensor } {
    const inverse = this.row(this.inverseScales);
    const d = tf.mul(distance, inverse);
    let values: Tensor = tf.zerosLike(d);
    let slopes: Tensor = tf.zerosLike(d);
    const normal = this.mask("normal");
    if (normal) {
      const m = tf.mul(d, normal);
      values = tf.add(values, tf.mul(tf.square(m), -0.5));
      slopes = tf.sub(slopes, m);
    }
    const student = this.mask("student_t", "cauchy");
    if (student) {
      const df = this.priors.map((p) => (p.kind === "student_t" ? p.df : 1));
      const weight = tf.mul(this.row(df.map((v) => -(v + 1))), student);
      const squares = tf.square(d);
      const degrees = this.row(df);
      values = tf.add(values, tf.mul(tf.mul(weight, 0.5), tf.log1p(tf.div(squares, degrees))));
      slopes = tf.add(slopes, tf.div(tf.mul(weight, d), tf.add(squares, degrees)));
    }
    const exponential = this.mask("exponential");
    if (exponential) {
      const below = tf.cast(tf.less(d, 0), "float32");
      values = tf.add(values, tf.mul(exponential, tf.sub(tf.mul(below, IMPOSSIBLE), d)));
      slopes = tf.sub(slopes, exponential);
    }
    const gamma = this.mask("gamma");
    if (gamma) {
      const shapes = this.row(this.priors.map((p) => (p.kind === "gamma" ? p.shape - 1 : 0)));
      const { inside, safe } = this.positive(d, gamma);
      values = tf.add(values, tf.sub(tf.mul(shapes, tf.log(safe)), tf.mul(inside, d)));
      values = tf.add(values, tf.mul(tf.sub(gamma, inside), IMPOSSIBLE));
      slopes = tf.add(slopes, tf.mul(inside, tf.sub(tf.div(shapes, safe), 1)));
    }
    const logistic = this.mask("logistic");
    if (logistic) {
      const size = tf.abs(d);
      const log = tf.add(size, tf.mul(tf.log1p(tf.exp(tf.neg(size))), 2));
      values = tf.sub(values, tf.mul(logistic, log));
      slopes = tf.sub(slopes, tf.mul(logistic, tf.tanh(tf.mul(d, 0.5))));
    }
    const doubleExponential = this.mask("double_exponential");
    if (doubleExponential) {
      values = tf.sub(values, tf.mul(doubleExponential, tf.abs(d)));
      slopes = tf.sub(slopes, tf.mul(doubleExponential, tf.sign(d)));
    }
    const lognormal = this.mask("lognormal");
    if (lognormal) {
      const { inside, safe } = this.positive(d, lognormal);
      const log = tf.log(safe);
      const weights = this.row(this.priors.map((p) => (p.kind === "lognormal" ? 1 / p.sdLog ** 2 : 0)));
      const weighted = tf.mul(weights, log);
      values = tf.sub(values, tf.add(log, tf.mul(tf.mul(weighted, log), 0.5)));
      values = tf.add(values, tf.mul(tf.sub(lognormal, inside), IMPOSSIBLE));
      slopes = tf.sub(slopes, tf.mul(inside, tf.div(tf.add(weighted, 1), safe)));
    }
    const inverseGamma = this.mask("inv_gamma");
    if (inverseGamma) {
      const { inside, safe } = this.positive(d, inverseGamma);
      const shapes = this.row(this.priors.map((p) => (p.kind === "inv_gamma" ? p.shape + 1 : 0)));
      const reciprocal = tf.div(inside, safe);
      values = tf.sub(values, tf.add(tf.mul(shapes, tf.log(safe)), reciprocal));
      values = tf.add(values, tf.mul(tf.sub(inverseGamma, inside), IMPOSSIBLE));
      slopes = tf.add(slopes, tf.mul(reciprocal, tf.sub(reciprocal, shapes)));
    }
    return { values, slopes: tf.mul(slopes, inverse) };
  }
}
