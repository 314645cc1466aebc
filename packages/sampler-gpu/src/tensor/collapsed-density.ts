import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { CollapsedPlan, CollapsedSums } from "../density/collapsed-plan.ts";
import type { Problem } from "../problem.ts";
import type { Tensors } from "./arrays.ts";
import type { Evaluation, TensorDensity } from "./density.ts";
import { columns, type GlobalBlock, type GlobalSlopes, type Globals } from "./globals.ts";

/** Coefficients of the matrices with their slopes in log sigma and the log sds, [chains, matrices]; log |V| in pieces and its slopes. */
interface Weights {
  readonly coefficient: Tensor;
  readonly bySigma: Tensor;
  readonly byChild: Tensor | undefined;
  readonly byParent: Tensor | undefined;
  readonly logDeterminant: readonly Tensor[];
  /** [chains, 1] each. */
  readonly logDeterminantBy: { readonly sigma: Tensor; readonly child?: Tensor; readonly parent?: Tensor };
}

/**
 * A gaussian response with one chain of nested effects integrated out (DESIGN 4.2); beta and dense effects stay in the globals. With V the
 * rows' covariance given the sds, (y - X beta)' V^-1 (y - X beta) is a sum over summed matrices of coefficient x v' M v, v = (1, -delta).
 */
export class CollapsedTensorDensity implements TensorDensity {
  readonly blocks: readonly number[];
  readonly kept: readonly number[];
  readonly pieces: readonly number[];
  readonly reported = 0;
  private readonly problem: Problem;
  private readonly plan: CollapsedPlan;
  private readonly sums: CollapsedSums;
  private readonly globals: GlobalBlock;

  constructor(problem: Problem, plan: CollapsedPlan, sums: CollapsedSums, globals: GlobalBlock) {
    this.problem = problem;
    this.plan = plan;
    this.sums = sums;
    this.globals = globals;
    this.blocks = [globals.layout.globals];
    const { count, sizes, compositions } = sums;
    this.pieces = [
      globals.pieces,
      count,
      count,
      1,
      ...(plan.child < 0 ? [] : [sizes.length]),
      ...(plan.parent < 0 ? [] : [compositions.length]),
    ];
    this.kept = this.pieces;
  }

  evaluate(inputs: Tensors, position: readonly Tensor[]): Evaluation {
    const { sums, problem, plan } = this;
    const w = position[0]!;
    const chains = w.shape[0]!;
    const at = this.globals.read(inputs, w);
    const sigma = at.logSigma!;
    const weights = this.weights(inputs, at);
    const v = tf.concat([tf.onesLike(sigma), tf.neg(at.linear)], 1);
    const shape: [number, number, number] = [chains, sums.count, sums.dimension];
    const products = tf.reshape(tf.matMul(v as Tensor2D, inputs["matrices"] as Tensor2D), shape);
    const forms = tf.sum(tf.mul(products, tf.reshape(v, [chains, 1, sums.dimension])), 2);
    const all = tf.add(forms, inputs["constants"]!);
    const minusHalf = (x: Tensor): Tensor => tf.mul(x, -0.5);
    const by = (slopes: Tensor, logDeterminant: Tensor): Tensor =>
      minusHalf(tf.add(tf.sum(tf.mul(slopes, all), 1, true), logDeterminant));

    const weighted = tf.sum(tf.mul(products, tf.reshape(weights.coefficient, [chains, sums.count, 1])), 1);
    const sds: (GlobalSlopes["sds"][number] | undefined)[] = problem.terms.map(() => undefined);
    const { logDeterminantBy } = weights;
    if (weights.byChild)
      sds[plan.child] = { by: "logSd", slope: by(weights.byChild, logDeterminantBy.child!) };
    if (weights.byParent)
      sds[plan.parent] = { by: "logSd", slope: by(weights.byParent, logDeterminantBy.parent!) };
    const { piece, force } = this.globals.finish(inputs, w, at, {
      linear: columns(weighted, 1, sums.dimension - 1),
      sds,
      logSigma: by(weights.bySigma, logDeterminantBy.sigma),
    });
    return {
      force: [force],
      kept: [
        piece,
        minusHalf(tf.mul(weights.coefficient, forms)),
        minusHalf(this.constantPart(inputs, weights.coefficient, sigma)),
        ...weights.logDeterminant.map(minusHalf),
      ],
    };
  }

  /**
   * Coefficients times constants. The first is the total sum of squares over sigma^2, as large as the number of rows: only its difference from
   * its value at the reference is kept, by expm1.
   */
  private constantPart(inputs: Tensors, coefficient: Tensor, logSigma: Tensor): Tensor {
    const constants = inputs["constants"]!;
    const reference = tf.square(tf.reciprocal(inputs["sigmaReference"]!));
    const first = tf.mul(tf.mul(columns(constants, 0, 1), reference), tf.expm1(tf.mul(logSigma, -2)));
    const { count } = this.sums;
    if (count === 1) return first;
    return tf.concat(
      [first, tf.mul(columns(coefficient, 1, count - 1), columns(constants, 1, count - 1))],
      1,
    );
  }

  /** As `CollapsedDensity` (density/collapsed.ts) has them in float64, a column for each size and composition. */
  private weights(inputs: Tensors, { logSigma, tau }: Globals): Weights {
    const { plan, problem } = this;
    const sigma = tf.mul(tf.exp(logSigma!), inputs["sigmaReference"]!);
    const s2 = tf.square(sigma);
    const first = tf.reciprocal(s2);
    const ofSigma = [tf.mul(logSigma!, 2 * problem.rows)];
    const twice = tf.onesLike(first);
    const rows = tf.mul(twice, 2 * problem.rows);
    if (plan.child < 0) {
      return {
        coefficient: first,
        bySigma: tf.mul(first, -2),
        byChild: undefined,
        byParent: undefined,
        logDeterminant: ofSigma,
        logDeterminantBy: { sigma: rows },
      };
    }
    const sizes = inputs["sizes"]!;
    const groups = inputs["groups"]!;
    const tc2 = tf.square(columns(tau!, plan.child, 1));
    // c_n = 1 / (sigma^2 + n tau_c^2) and its slopes
    const c = tf.reciprocal(tf.add(s2, tf.mul(sizes, tc2)));
    const c2 = tf.square(c);
    const cs = tf.mul(tf.mul(c2, s2), -2);
    const cc = tf.mul(tf.mul(tf.mul(c2, sizes), tc2), -2);
    const shrink = tf.mul(c, tc2);
    const zero = tf.zerosLike(first);
    // log(sigma^2 + n tau_c^2) less log sigma^2, whose own slope in log sigma is in `rows`
    const share = tf.mul(shrink, sizes);
    const ofChild = tf.mul(groups, tf.log1p(tf.mul(tf.div(tc2, s2), sizes)));
    const childSlope = tf.mul(tf.sum(tf.mul(groups, share), 1, true), 2);
    const coefficient = [first, tf.neg(tf.div(shrink, s2))];
    const bySigma = [tf.mul(first, -2), tf.div(tf.sub(tf.mul(shrink, 2), tf.mul(cs, tc2)), s2)];
    const byChild = [zero, tf.neg(tf.div(tf.add(tf.mul(shrink, 2), tf.mul(cc, tc2)), s2))];
    const logDeterminant = [...ofSigma, ofChild];
    if (plan.parent < 0) {
      return {
        coefficient: tf.concat(coefficient, 1),
        bySigma: tf.concat(bySigma, 1),
        byChild: tf.concat(byChild, 1),
        byParent: undefined,
        logDeterminant,
        logDeterminantBy: { sigma: tf.sub(rows, childSlope), child: childSlope },
      };
    }
    const tp2 = tf.square(columns(tau!, plan.parent, 1));
    const parents = inputs["parents"]!;
    const compose = (x: Tensor): Tensor => tf.matMul(x as Tensor2D, inputs["compositionRows"] as Tensor2D);
    const [h, hs, hc] = [compose(c), compose(cs), compose(cc)];
    const e = tf.add(tf.mul(tp2, h), 1);
    const k = tf.div(tp2, e);
    const total = (x: Tensor): Tensor => tf.sum(tf.mul(parents, x), 1, true);

    const pair = (x: Tensor, of: "pairA" | "pairB" | "pairComposition"): Tensor =>
      tf.gather(x, inputs[of] as Tensor1D, 1);
    const [ca, cb] = [pair(c, "pairA"), pair(c, "pairB")];
    const both = tf.mul(ca, cb);
    const kp = pair(k, "pairComposition");
    const ownSlope = (slope: Tensor, whole: Tensor): Tensor => {
      const product = tf.add(tf.mul(pair(slope, "pairA"), cb), tf.mul(ca, pair(slope, "pairB")));
      return tf.mul(kp, tf.sub(tf.mul(tf.mul(kp, pair(whole, "pairComposition")), both), product));
    };
    const zeros = tf.concat([zero, tf.zerosLike(c)], 1);
    return {
      coefficient: tf.concat([...coefficient, tf.neg(tf.mul(kp, both))], 1),
      bySigma: tf.concat([...bySigma, ownSlope(cs, hs)], 1),
      byChild: tf.concat([...byChild, ownSlope(cc, hc)], 1),
      byParent: tf.concat([zeros, tf.mul(tf.div(tf.mul(kp, both), pair(e, "pairComposition")), -2)], 1),
      logDeterminant: [...logDeterminant, tf.mul(parents, tf.log(e))],
      logDeterminantBy: {
        sigma: tf.add(tf.sub(rows, childSlope), total(tf.mul(k, hs))),
        child: tf.add(childSlope, total(tf.mul(k, hc))),
        parent: tf.mul(total(tf.mul(k, h)), 2),
      },
    };
  }

  piecesOf(_inputs: Tensors, kept: readonly Tensor[]): Tensor[] {
    return [...kept];
  }

  reportedOf(): Tensor {
    throw new Error("integrated effects are drawn afterwards");
  }
}
