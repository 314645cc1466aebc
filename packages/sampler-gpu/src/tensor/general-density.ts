import { familyOf } from "@bridgewise/core";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { GeneralLayout } from "../general/general-layout.ts";
import type { GeneralProblem } from "../general/general-problem.ts";
import type { Tensors } from "./arrays.ts";
import type { Evaluation, TensorDensity } from "./density.ts";
import { type FamilyRows, familyRows } from "./family-rows.ts";
import { type GeneralData, rowLinear } from "./general-data.ts";
import { coefficientsOf, type Factor, GeneralGlobalBlock, type GeneralGlobals } from "./general-globals.ts";
import { columns } from "./globals.ts";
import { registerGradients } from "./gradients.ts";
import type { Grouping } from "./grouping.ts";

const sum = (terms: readonly Tensor[]): Tensor => terms.reduce((a, b) => tf.add(a, b));

/** A group's values [chains, groups] at its members [chains, members]; its gradient sums by the grouping's own way. */
const spread = (grouping: Grouping, inputs: Tensors, values: Tensor): Tensor =>
  tf.customGrad((x) => ({
    value: grouping.spread(inputs, x as Tensor),
    gradFunc: (dy: Tensor) => grouping.sums(inputs, dy),
  }))(values);

/** sum_d C_da of(d): column a of C' times a vector. */
const combine = (c: Factor, a: number, of: (d: number) => Tensor): Tensor =>
  sum(
    c.flatMap((row, d) => {
      const entry = row[a];
      return entry === undefined ? [] : [tf.mul(entry, of(d))];
    }),
  );

/** Log density of dense effects u = C x by level, up to a constant. */
function densePiece(c: Factor, effects: readonly Tensor[]): Tensor {
  const x: Tensor[] = [];
  const parts = effects.map((u, a) => {
    let rest = u;
    for (let b = 0; b < a; b++) if (c[a]![b]) rest = tf.sub(rest, tf.mul(c[a]![b]!, x[b]!));
    x.push(tf.div(rest, c[a]![a]!));
    return tf.add(tf.mul(tf.square(x[a]!), 0.5), tf.log(tf.abs(c[a]![a]!)));
  });
  return tf.neg(sum(parts));
}

/**
 * Every model's density in tfjs ops: the families' row functions, effects of several coefficients by conditional transport
 * (general/general-reference.ts), differentiated by tfjs. What is kept of an evaluation is its pieces, then the reported effects.
 */
export class GeneralDensity implements TensorDensity {
  readonly blocks: readonly number[];
  readonly kept: readonly number[];
  readonly pieces: readonly number[];
  readonly reported: number;
  /** Of all pieces together. */
  private readonly width: number;
  /** [terms] where a reported term's effects [q][levels] stand in what is reported, or -1. */
  readonly reportedAt: readonly number[];
  private readonly problem: GeneralProblem;
  private readonly layout: GeneralLayout;
  private readonly data: GeneralData;
  private readonly globals: GeneralGlobalBlock;
  private readonly rowsOf: FamilyRows;

  constructor(problem: GeneralProblem, layout: GeneralLayout, data: GeneralData, reportedLevels: number) {
    registerGradients();
    this.problem = problem;
    this.layout = layout;
    this.data = data;
    this.globals = new GeneralGlobalBlock(problem, layout);
    this.rowsOf = familyRows(problem);
    const { terms, columns: coefficients, thresholds, model, rows } = problem;
    let reported = 0;
    this.reportedAt = terms.map(({ levels, size }, t) => {
      if (layout.latentAt[t]! < 0 || levels > reportedLevels) return -1;
      reported += levels * size;
      return reported - levels * size;
    });
    this.reported = reported;
    this.blocks = [layout.globals, ...layout.transported.map((t) => terms[t]!.levels * terms[t]!.size)];
    const parameters = familyOf(problem.family).parameters.length;
    const sdsAndCorrelations = layout.family - layout.scale;
    // thresholds have a prior each, their gaps a Jacobian each
    const priors = coefficients + sdsAndCorrelations + parameters + Math.max(0, 2 * thresholds - 1);
    const common = thresholds > 0 ? thresholds - 1 : parameters > 0 ? 1 : 0;
    const likelihood = model.priorOnly ? 0 : rows + common;
    this.width = priors + likelihood + terms.reduce((all, { levels }) => all + levels, 0);
    this.pieces = [this.width];
    this.kept = [this.width + reported];
  }

  evaluate(inputs: Tensors, position: readonly Tensor[]): Evaluation {
    const chains = position[0]!.shape[0]!;
    const counts = tf.ones([chains, this.width]);
    const slopes = this.reported > 0 ? tf.concat([counts, tf.zeros([chains, this.reported])], 1) : counts;
    // chains do not depend on each other: the gradient of the sum over them is each one's own
    const { grads, value } = tf.valueAndGrads((...at: Tensor[]) => this.forward(inputs, at))(
      [...position],
      slopes,
    );
    return { force: position.map((at, b) => tf.add(grads[b]!, at)), kept: [value] };
  }

  /** [chains, pieces and reported effects] */
  private forward(inputs: Tensors, [w, ...latents]: readonly Tensor[]): Tensor {
    const { problem, layout, data } = this;
    const at = this.globals.read(inputs, w!);
    const pieces: Tensor[] = [...at.priors];
    /** [terms][q] of [chains, levels] */
    const effects: Tensor[][] = problem.terms.map(() => []);
    layout.transported.forEach((t, i) => {
      const { levels, size } = problem.terms[t]!;
      const z = coefficientsOf(latents[i]!, levels, size);
      const { u, piece } = this.transport(inputs, t, at, z, effects);
      effects[t] = u;
      pieces.push(piece);
    });
    at.dense.forEach((own, t) => {
      if (own) pieces.push(densePiece(at.factors[t]!, own));
    });
    if (!problem.model.priorOnly) {
      const parts: Tensor[] = [];
      const linear = rowLinear(layout);
      if (linear > 0)
        parts.push(tf.matMul(columns(at.linear!, 0, linear) as Tensor2D, inputs["design"] as Tensor2D));
      for (const t of layout.transported)
        effects[t]!.forEach((u, a) => {
          const here = spread(data.ofRows[t]!, inputs, u);
          const z = inputs[`z${t}_${a}`];
          parts.push(z ? tf.mul(here, z) : here);
        });
      const departure = parts.length > 0 ? sum(parts) : tf.zeros([w!.shape[0]!, problem.rows]);
      const { rows, common } = this.rowsOf(inputs, departure, at);
      pieces.push(rows, ...(common ? [common] : []));
    }
    const reported = effects.flatMap((own, t) => (this.reportedAt[t]! < 0 ? [] : own));
    return tf.concat([...pieces, ...reported], 1);
  }

  /** Effects [q] of [chains, levels] of a term from its latents, and -x'x / 2 - log det K by level. */
  private transport(
    inputs: Tensors,
    t: number,
    at: GeneralGlobals,
    z: readonly Tensor[],
    effects: readonly (readonly Tensor[])[],
  ): { u: Tensor[]; piece: Tensor } {
    const { size: q, ancestors } = this.problem.terms[t]!;
    const c = at.factors[t]!;
    const indices = Array.from({ length: q }, (_, a) => a);
    const above = ancestors.map((a, p) =>
      effects[a]!.map((u) => spread(this.data.ofLevels[t]![p]!, inputs, u)),
    );
    const g = indices.map((a) => {
      let pull: Tensor = inputs[`centre${t}_${a}`]!;
      const response = inputs[`response${t}_${a}`];
      if (response) pull = tf.add(tf.matMul(at.linear as Tensor2D, response as Tensor2D), pull);
      above.forEach((own, p) => {
        own.forEach((u, b) => {
          pull = tf.sub(pull, tf.mul(u, inputs[`coupling${t}_${p}_${a}_${b}`]!));
        });
      });
      return pull;
    });
    const information = (a: number, b: number): Tensor =>
      inputs[`information${t}_${Math.max(a, b)}_${Math.min(a, b)}`]!;
    // I C, then K of 1 + C' I C = K K' row by row
    const ic = indices.map((a) => indices.map((b) => combine(c, b, (d) => information(a, d))));
    const k: Tensor[][] = [];
    const logs: Tensor[] = [];
    for (const a of indices) {
      const row: Tensor[] = [];
      for (let b = 0; b <= a; b++) {
        let entry = combine(c, a, (d) => ic[d]![b]!);
        if (a === b) entry = tf.add(entry, 1);
        for (let d = 0; d < b; d++) entry = tf.sub(entry, tf.mul(row[d]!, b === a ? row[d]! : k[b]![d]!));
        if (a === b) logs.push(tf.mul(tf.log(entry), 0.5));
        row.push(a === b ? tf.sqrt(entry) : tf.div(entry, k[b]![b]!));
      }
      k.push(row);
    }
    // y = K^-1 C' G and x = K^-T (y + z)
    const y: Tensor[] = [];
    for (const a of indices) {
      let entry = combine(c, a, (d) => g[d]!);
      for (let b = 0; b < a; b++) entry = tf.sub(entry, tf.mul(k[a]![b]!, y[b]!));
      y.push(tf.div(entry, k[a]![a]!));
    }
    const x: Tensor[] = [];
    for (const a of indices.toReversed()) {
      let entry = tf.add(y[a]!, z[a]!);
      for (let b = a + 1; b < q; b++) entry = tf.sub(entry, tf.mul(k[b]![a]!, x[b]!));
      x[a] = tf.div(entry, k[a]![a]!);
    }
    const u = indices.map((a) =>
      sum(c[a]!.flatMap((entry, b) => (entry === undefined ? [] : [tf.mul(entry, x[b]!)]))),
    );
    const squares = tf.mul(sum(x.map((own) => tf.square(own))), 0.5);
    return { u, piece: tf.neg(tf.add(squares, sum(logs))) };
  }

  piecesOf(_inputs: Tensors, kept: readonly Tensor[]): Tensor[] {
    return [columns(kept[0]!, 0, this.width)];
  }

  reportedOf(_inputs: Tensors, kept: readonly Tensor[]): Tensor {
    return columns(kept[0]!, this.width, this.reported);
  }
}
