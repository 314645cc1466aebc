import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { Geometry } from "../engine.ts";
import type { Layout } from "../geometry/layout.ts";
import { betaPrior, type Problem } from "../problem.ts";
import { type Arrays, floats, type Tensors } from "./arrays.ts";
import { PriorRow } from "./prior.ts";

/** The globals at a position, in the program's order: linear, scales, log sigma. */
export interface Globals {
  /** [chains, linear] less the reference: its rounding is that of a distance from the centre of the posterior. */
  readonly linear: Tensor;
  /** [chains, terms] coordinates of the sds, where there is a group term. */
  readonly x: Tensor | undefined;
  /** [chains, terms] sds with their sign. */
  readonly tau: Tensor | undefined;
  /** [chains, 1] log sigma less the reference, for a gaussian response. */
  readonly logSigma: Tensor | undefined;
}

/** A log density's slopes in the globals, before the whitening: absent where there is none. */
export interface GlobalSlopes {
  /** [chains, linear] */
  readonly linear: Tensor;
  /** By term, [chains, 1]: of a term's slope in its sd ("tau") or log sd ("logSd"). */
  readonly sds: readonly ({ readonly by: "tau" | "logSd"; readonly slope: Tensor } | undefined)[];
  /** [chains, 1] */
  readonly logSigma: Tensor | undefined;
}

/** Column `from` on of a [chains, ...] tensor. */
export const columns = (x: Tensor, from: number, count: number): Tensor =>
  tf.slice(x, [0, from], [x.shape[0]!, count]);

/** Whitening, priors and dense effects: what every density of a model has in common. */
export class GlobalBlock {
  private readonly problem: Problem;
  readonly layout: Layout;
  /** [globals] theta's position of each global in the program's order. */
  private readonly order: readonly number[];
  private readonly beta: PriorRow;
  private readonly sds: PriorRow;
  private readonly sigma: PriorRow;

  constructor(problem: Problem, layout: Layout) {
    this.problem = problem;
    this.layout = layout;
    this.order = [
      ...layout.linearAt,
      ...problem.terms.map((_, t) => layout.scale + t),
      ...(layout.logSigma < 0 ? [] : [layout.logSigma]),
    ];
    this.beta = new PriorRow(Array.from({ length: layout.columns }, (_, k) => betaPrior(problem, k)));
    this.sds = new PriorRow(problem.model.priors.sd.map((prior) => prior[0]!));
    this.sigma = new PriorRow([problem.model.priors.sigma]);
  }

  /** Width of the piece that `priors` makes. */
  get pieces(): number {
    const { layout } = this;
    return layout.linear + layout.terms + (layout.logSigma < 0 ? 0 : 1);
  }

  /** Reference value of a global: 0 for the coordinates of sds. */
  private reference({ reference }: Geometry, at: number): number {
    const { scale, terms } = this.layout;
    return at >= scale && at < scale + terms ? 0 : reference!.theta[at]!;
  }

  geometry(geometry: Geometry): Arrays {
    const { order, layout } = this;
    const { mean, factor } = geometry.metric;
    const n = layout.globals;
    const rows = new Float64Array(n * n);
    const transposed = new Float64Array(n * n);
    order.forEach((from, a) => {
      for (let b = 0; b < n; b++) {
        rows[a * n + b] = factor[from * n + b]!;
        transposed[b * n + a] = factor[from * n + b]!;
      }
    });
    const linear = [...layout.linearAt].map((at) => this.reference(geometry, at));
    const out: Record<string, Arrays[string]> = {
      factor: floats([n, n], rows),
      factorT: floats([n, n], transposed),
      centre: floats(
        [1, n],
        order.map((at) => mean[at]! - this.reference(geometry, at)),
      ),
      betaDistance: floats(
        [1, layout.columns],
        this.beta.locations.map((l, k) => linear[k]! - l),
      ),
    };
    if (layout.linear > layout.columns)
      out["denseReference"] = floats([1, layout.linear - layout.columns], linear.slice(layout.columns));
    if (layout.logSigma >= 0)
      out["sigmaReference"] = floats([1, 1], [Math.exp(referenceLogSigma(geometry, layout))]);
    return out;
  }

  /** theta at w, cut into its parts. */
  read(inputs: Tensors, w: Tensor): Globals {
    const { layout, problem } = this;
    const q = tf.add(inputs["centre"]!, tf.matMul(w as tf.Tensor2D, inputs["factorT"] as tf.Tensor2D));
    const { linear, terms } = layout;
    const x = terms > 0 ? columns(q, linear, terms) : undefined;
    return {
      linear: columns(q, 0, linear),
      x,
      tau: x && tf.mul(tf.sinh(x), tf.tensor2d([...problem.scales], [1, terms], "float32")),
      logSigma: layout.logSigma < 0 ? undefined : columns(q, linear + terms, 1),
    };
  }

  /**
   * Log densities of the priors and of the dense effects given their sds, [chains, pieces]; and the force at w: the gradient of these and of
   * a likelihood whose slopes are given, whitened, plus w.
   */
  finish(
    inputs: Tensors,
    w: Tensor,
    at: Globals,
    likelihood: GlobalSlopes,
  ): { piece: Tensor; force: Tensor } {
    const { layout, problem } = this;
    const beta = this.beta.evaluate(tf.add(columns(at.linear, 0, layout.columns), inputs["betaDistance"]!));
    const pieces: Tensor[] = [beta.values];
    const linearSlopes: Tensor[] = [beta.slopes];
    const sds = [...likelihood.sds];
    problem.terms.forEach((term, t) => {
      const from = layout.linearOf[t]!;
      if (from < 0) return;
      const tau = columns(at.tau!, t, 1);
      const effects = tf.add(
        columns(at.linear, from, term.levels),
        columns(inputs["denseReference"]!, from - layout.columns, term.levels),
      );
      const s = tf.div(effects, tau);
      const squares = tf.square(s);
      pieces.push(tf.sub(tf.mul(squares, -0.5), tf.log(tf.abs(tau))));
      linearSlopes.push(tf.neg(tf.div(s, tau)));
      sds[t] = { by: "logSd", slope: tf.sum(tf.sub(squares, 1), 1, true) };
    });
    const slopes: Tensor[] = [
      tf.add(likelihood.linear, linearSlopes.length > 1 ? tf.concat(linearSlopes, 1) : linearSlopes[0]!),
    ];
    if (at.x && at.tau) {
      const cosh = tf.cosh(at.x);
      const tanh = tf.tanh(at.x);
      const bySd = tf.mul(cosh, tf.tensor2d([...problem.scales], [1, layout.terms], "float32"));
      const locations = tf.tensor2d([...this.sds.locations], [1, layout.terms], "float32");
      const prior = this.sds.evaluate(tf.sub(tf.abs(at.tau), locations));
      pieces.push(tf.add(prior.values, tf.log(cosh)));
      const own = sds.map((sd, t): Tensor => {
        if (sd === undefined) return tf.zerosLike(columns(cosh, t, 1));
        return sd.by === "tau"
          ? tf.mul(sd.slope, columns(bySd, t, 1))
          : tf.div(sd.slope, columns(tanh, t, 1));
      });
      const ofPrior = tf.add(tf.mul(tf.mul(prior.slopes, tf.sign(at.tau)), bySd), tanh);
      slopes.push(tf.add(ofPrior, own.length > 1 ? tf.concat(own, 1) : own[0]!));
    }
    if (at.logSigma) {
      const sigma = tf.mul(tf.exp(at.logSigma), inputs["sigmaReference"]!);
      const prior = this.sigma.evaluate(tf.sub(sigma, this.sigma.locations[0]!));
      pieces.push(tf.add(prior.values, at.logSigma));
      slopes.push(tf.add(likelihood.logSigma!, tf.add(tf.mul(prior.slopes, sigma), 1)));
    }
    const gradient = slopes.length > 1 ? tf.concat(slopes, 1) : slopes[0]!;
    return {
      piece: pieces.length > 1 ? tf.concat(pieces, 1) : pieces[0]!,
      force: tf.add(tf.matMul(gradient as tf.Tensor2D, inputs["factor"] as tf.Tensor2D), w),
    };
  }
}

const referenceLogSigma = ({ reference }: Geometry, layout: Layout): number =>
  reference!.theta[layout.logSigma]!;
