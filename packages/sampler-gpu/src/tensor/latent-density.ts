import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { Layout } from "../geometry/layout.ts";
import type { Problem } from "../problem.ts";
import type { Tensors } from "./arrays.ts";
import { blockedSum } from "./blocked-sum.ts";
import type { Evaluation, TensorDensity } from "./density.ts";
import { columns, type GlobalBlock, type GlobalSlopes, type Globals } from "./globals.ts";
import type { LatentData } from "./latent-data.ts";

/** One transported term on its way forward: all [chains, levels] but tau [chains, 1]. */
interface Forward {
  readonly tau: Tensor;
  readonly z: Tensor;
  /** information x tau */
  readonly it: Tensor;
  /** 1 / (1 + I tau^2) and its root. */
  readonly f: Tensor;
  readonly root: Tensor;
  /** I f m: the effect's mean is tau^2 times this. */
  readonly g: Tensor;
  /** u / tau */
  readonly e: Tensor;
  readonly u: Tensor;
  /** u plus the effects of its parents. */
  readonly total: Tensor;
}

/**
 * The density of all effects by conditional transport (DESIGN 4.4), bernoulli or gaussian. Effects are kept as e = u / tau, which stays
 * regular as tau goes to 0: u_j = tau e_j, e_j = tau g_j + sqrt(f_j) z_j, with f = 1 / (1 + I tau^2), g = I f m.
 */
export class LatentDensity implements TensorDensity {
  readonly blocks: readonly number[];
  readonly kept: readonly number[];
  readonly pieces: readonly number[];
  readonly reported: number;
  private readonly problem: Problem;
  private readonly layout: Layout;
  private readonly data: LatentData;
  private readonly globals: GlobalBlock;
  private readonly shifts: readonly boolean[];
  private readonly reportedTerms: readonly number[];

  /** `shifts`: terms whose responses are among the inputs. */
  constructor(
    problem: Problem,
    layout: Layout,
    data: LatentData,
    globals: GlobalBlock,
    shifts: readonly boolean[],
    reportedLevels: number,
  ) {
    this.problem = problem;
    this.layout = layout;
    this.data = data;
    this.globals = globals;
    this.shifts = shifts;
    const levels = layout.transported.map((t) => problem.terms[t]!.levels);
    this.reportedTerms = layout.transported.filter((t) => problem.terms[t]!.levels <= reportedLevels);
    this.reported = this.reportedTerms.reduce((sum, t) => sum + problem.terms[t]!.levels, 0);
    this.blocks = [layout.globals, ...levels];
    const likelihood = problem.gaussian ? [data.rows, 1] : [data.rows];
    this.pieces = [globals.pieces, ...likelihood, ...levels];
    this.kept = [globals.pieces, ...likelihood, ...(levels.length > 0 ? [layout.terms, ...levels] : [])];
  }

  evaluate(inputs: Tensors, position: readonly Tensor[]): Evaluation {
    const { layout, problem } = this;
    const w = position[0]!;
    const at = this.globals.read(inputs, w);
    const forward = this.forward(inputs, at, position);
    let eta: Tensor = tf.matMul(at.linear as Tensor2D, inputs["design"] as Tensor2D);
    for (const t of layout.transported)
      eta = this.data.ofRows[t]?.addTo(inputs, eta, forward[t]!.total) ?? eta;
    const { kept, slope, logSigma } = this.likelihood(inputs, eta, at);

    let linear: Tensor = tf.matMul(slope as Tensor2D, inputs["designT"] as Tensor2D);
    const sds: (GlobalSlopes["sds"][number] | undefined)[] = problem.terms.map(() => undefined);
    const forces = new Map<number, Tensor>();
    /** [terms] slope of the log likelihood in u + parents, from children so far. */
    const fromChildren: (Tensor | undefined)[] = problem.terms.map(() => undefined);
    for (const t of layout.transported.toReversed()) {
      const { tau, z, it, f, root, g, e } = forward[t]!;
      const { parent } = problem.terms[t]!;
      const direct = this.data.ofRows[t]?.sums(inputs, slope) ?? fromChildren[t]!;
      // tau times the slope in u, the prior of u included
      const h = tf.sub(tf.mul(tau, direct), e);
      const flow = tf.mul(tf.mul(it, f), h);
      const bySd = tf.mul(
        f,
        tf.add(tf.mul(it, tf.sub(tf.square(e), 1)), tf.add(tf.mul(direct, e), tf.mul(h, g))),
      );
      sds[t] = { by: "tau", slope: tf.sum(bySd, 1, true) };
      forces.set(t, tf.add(tf.mul(root, h), z));
      if (this.shifts[t])
        linear = tf.add(linear, tf.matMul(flow as Tensor2D, inputs[`responsesT${t}`] as Tensor2D));
      if (parent < 0) continue;
      const up = this.data.ofLevels[t]!.sums(inputs, tf.sub(direct, flow));
      fromChildren[parent] = fromChildren[parent] ? tf.add(fromChildren[parent], up) : up;
    }
    const { piece, force } = this.globals.finish(inputs, w, at, { linear, sds, logSigma });
    const { transported } = layout;
    return {
      force: [force, ...transported.map((t) => forces.get(t)!)],
      kept: [
        piece,
        ...kept,
        ...(transported.length > 0 ? [at.tau!, ...transported.map((t) => forward[t]!.e)] : []),
      ],
    };
  }

  /** [terms] parents before children. */
  private forward(inputs: Tensors, at: Globals, position: readonly Tensor[]): Forward[] {
    const out: Forward[] = [];
    this.layout.transported.forEach((t, i) => {
      const z = position[1 + i]!;
      const { parent } = this.problem.terms[t]!;
      const above = parent < 0 ? undefined : out[parent]!;
      const nested = this.data.ofLevels[t]!;
      const tau = columns(at.tau!, t, 1);
      const information = inputs[`information${t}`]!;
      const it = tf.mul(information, tau);
      const f = tf.reciprocal(tf.add(tf.mul(it, tau), 1));
      const root = tf.sqrt(f);
      let m: Tensor = inputs[`centre${t}`]!;
      if (this.shifts[t])
        m = tf.add(tf.matMul(at.linear as Tensor2D, inputs[`responses${t}`] as Tensor2D), m);
      const parentEffects = above && nested.spread(inputs, above.u);
      if (parentEffects) m = tf.sub(m, parentEffects);
      // a root's total is its effect
      const parentTotals =
        above && above.total !== above.u ? nested.spread(inputs, above.total) : parentEffects;
      const g = tf.mul(tf.mul(information, f), m);
      const e = tf.add(tf.mul(tau, g), tf.mul(root, z));
      const u = tf.mul(tau, e);
      out[t] = {
        tau,
        z,
        it,
        f,
        root,
        g,
        e,
        u,
        total: parentTotals ? tf.add(u, parentTotals) : u,
      };
    });
    return out;
  }

  /** What is kept of the rows, the slope of the log likelihood in the linear predictor [chains, rows] and in log sigma. */
  private likelihood(
    inputs: Tensors,
    predictor: Tensor,
    { logSigma }: Globals,
  ): { kept: Tensor[]; slope: Tensor; logSigma: Tensor | undefined } {
    if (!logSigma) {
      const eta = tf.add(predictor, inputs["offset"]!);
      return { kept: [eta], slope: tf.sub(inputs["y"]!, tf.sigmoid(eta)), logSigma: undefined };
    }
    const inverse = tf.div(tf.exp(tf.neg(logSigma)), inputs["sigmaReference"]!);
    const residual = tf.sub(inputs["offset"]!, predictor);
    const real = inputs["real"];
    const standardised = tf.mul(real ? tf.mul(residual, real) : residual, inverse);
    const { rows } = this.problem;
    return {
      kept: [standardised, tf.mul(logSigma, -rows)],
      slope: tf.mul(standardised, inverse),
      logSigma: tf.sub(blockedSum(tf.square(standardised)), rows),
    };
  }

  piecesOf(inputs: Tensors, kept: readonly Tensor[]): Tensor[] {
    const { gaussian } = this.problem;
    const [piece, rows] = kept as [Tensor, Tensor];
    const likelihood = gaussian
      ? [tf.mul(tf.square(rows), -0.5), kept[2]!]
      : [tf.sub(tf.mul(inputs["y"]!, rows), tf.softplus(rows))];
    const from = gaussian ? 3 : 2;
    const effects = this.layout.transported.map((t, i) => {
      const tau2 = tf.square(columns(kept[from]!, t, 1));
      const logs = tf.log1p(tf.mul(inputs[`information${t}`]!, tau2));
      return tf.mul(tf.add(tf.square(kept[from + 1 + i]!), logs), -0.5);
    });
    return [piece, ...likelihood, ...effects];
  }

  reportedOf(_inputs: Tensors, kept: readonly Tensor[]): Tensor {
    const from = this.problem.gaussian ? 3 : 2;
    const effects = this.reportedTerms.map((t) =>
      tf.mul(columns(kept[from]!, t, 1), kept[from + 1 + this.layout.transported.indexOf(t)]!),
    );
    return effects.length > 1 ? tf.concat(effects, 1) : effects[0]!;
  }
}
