import { familyOf } from "@bridgewise/core";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { correlationsOf, type GeneralLayout } from "../general/general-layout.ts";
import { anchorOf } from "../general/general-point.ts";
import type { GeneralProblem } from "../general/general-problem.ts";
import { columnPrior } from "../general/general-rows.ts";
import type { Tensors } from "./arrays.ts";
import type { FamilyGlobals } from "./family-rows.ts";
import { columns } from "./globals.ts";
import { PriorRow } from "./prior.ts";

/** A lower triangular matrix by chain: [row][column] of [chains, 1], undefined for 0. */
export type Factor = readonly (readonly (Tensor | undefined)[])[];

export interface GeneralGlobals extends FamilyGlobals {
  /** [chains, linear] coefficients, dense effects, thresholds, less the reference's; undefined where there are none. */
  readonly linear: Tensor | undefined;
  /** [terms] C. */
  readonly factors: readonly Factor[];
  /** [terms][q] of [chains, levels]: effects of dense terms. */
  readonly dense: readonly (readonly Tensor[] | undefined)[];
  /** [chains, any] log densities of the priors, Jacobians included. */
  readonly priors: readonly Tensor[];
}

/** log cosh without overflow. */
const logCosh = (y: Tensor): Tensor => tf.sub(tf.sub(tf.softplus(tf.mul(y, 2)), y), Math.LN2);

const joined = (tensors: readonly Tensor[]): Tensor =>
  tensors.length > 1 ? tf.concat([...tensors], 1) : tensors[0]!;

/** The globals of the general density from its whitened ones, in tfjs ops that tfjs differentiates. */
export class GeneralGlobalBlock {
  private readonly problem: GeneralProblem;
  private readonly layout: GeneralLayout;
  private readonly beta: PriorRow;
  private readonly sds: PriorRow;
  private readonly parameters: readonly PriorRow[];
  private readonly thresholds: PriorRow;

  constructor(problem: GeneralProblem, layout: GeneralLayout) {
    const { priors } = problem.model;
    this.problem = problem;
    this.layout = layout;
    this.beta = new PriorRow(Array.from({ length: problem.columns }, (_, k) => columnPrior(problem, k)));
    this.sds = new PriorRow(priors.sd.flat());
    this.parameters = familyOf(problem.family).parameters.map((name) => new PriorRow([priors[name]]));
    this.thresholds = new PriorRow(priors.thresholds);
  }

  /** At w [chains, globals]. */
  read(inputs: Tensors, w: Tensor): GeneralGlobals {
    const { problem, layout } = this;
    const q = tf.add(inputs["centre"]!, tf.matMul(w as Tensor2D, inputs["factorT"] as Tensor2D));
    const priors: Tensor[] = [];
    const reference = (from: number, count: number): Tensor => columns(inputs["reference"]!, from, count);
    const linear: Tensor[] = [];
    if (problem.columns > 0) {
      const departure = columns(q, 0, problem.columns);
      linear.push(departure);
      priors.push(this.priorOf(this.beta, tf.add(departure, reference(0, problem.columns))));
    }
    const dense = problem.terms.map(({ levels, size }, t) => {
      const at = layout.denseAt[t]!;
      if (at < 0) return undefined;
      const departure = columns(q, at, levels * size);
      linear.push(departure);
      return coefficientsOf(tf.add(departure, reference(at, levels * size)), levels, size);
    });
    const factors = this.factors(q, priors);
    const parameters = familyOf(problem.family).parameters.map((name, p) => {
      const at = layout.family + p;
      const departure = columns(q, at, 1);
      const exponential = tf.mul(tf.exp(departure), tf.exp(reference(at, 1)));
      const value = name === "nu" ? tf.add(exponential, 1) : exponential;
      priors.push(tf.add(this.priorOf(this.parameters[p]!, value), departure));
      return { value, departure };
    });
    const thresholds = this.readThresholds(inputs, q, priors);
    if (thresholds) linear.push(thresholds.departure);
    return {
      linear: linear.length > 0 ? joined(linear) : undefined,
      factors,
      dense,
      parameters,
      thresholds,
      priors,
    };
  }

  private priorOf(row: PriorRow, values: Tensor): Tensor {
    return row.evaluate(tf.sub(values, tf.tensor2d([...row.locations], [1, row.locations.length]))).values;
  }

  /** [terms] C = diag(sd) L; adds the priors of sds and correlations. */
  private factors(q: Tensor, priors: Tensor[]): Factor[] {
    const { problem, layout } = this;
    if (layout.terms === 0) return [];
    const x = columns(q, layout.scale, layout.terms);
    const scales = problem.scales.flatMap((own) => [...own]);
    const sds = tf.mul(tf.sinh(x), tf.tensor2d(scales, [1, scales.length]));
    priors.push(tf.add(this.priorOf(this.sds, tf.abs(sds)), logCosh(x)));
    return problem.terms.map(({ size }, t) => {
      const sd = (k: number): Tensor => columns(sds, layout.scaleOf[t]! - layout.scale + k, 1);
      const at = layout.corOf[t]!;
      const y = at < 0 ? undefined : columns(q, at, correlationsOf(size));
      if (y) priors.push(this.lkj(size, problem.model.priors.cor[t]!, y));
      return factorOf(size, sd, y);
    });
  }

  /** LKJ(eta) of the coordinates y [chains, correlations] (general/correlation.ts). */
  private lkj(size: number, eta: number, y: Tensor): Tensor {
    const powers: number[] = [];
    for (let i = 1; i < size; i++) for (let j = 0; j < i; j++) powers.push(-2 * (eta + (size - 2 - j) / 2));
    return tf.mul(logCosh(y), tf.tensor2d(powers, [1, powers.length]));
  }

  private readThresholds(inputs: Tensors, q: Tensor, priors: Tensor[]): FamilyGlobals["thresholds"] {
    const { problem, layout } = this;
    const count = problem.thresholds;
    if (count === 0) return undefined;
    const anchor = anchorOf(count);
    const values: Tensor[] = [];
    values[anchor] = columns(q, layout.thresholds + anchor, 1);
    const below = anchor > 0 ? columns(q, layout.thresholds, anchor) : undefined;
    const above =
      anchor < count - 1 ? columns(q, layout.thresholds + anchor + 1, count - 1 - anchor) : undefined;
    if (below) {
      const gaps = tf.exp(below);
      for (let k = anchor - 1; k >= 0; k--) values[k] = tf.sub(values[k + 1]!, columns(gaps, k, 1));
    }
    if (above) {
      const gaps = tf.exp(above);
      for (let k = anchor + 1; k < count; k++)
        values[k] = tf.add(values[k - 1]!, columns(gaps, k - anchor - 1, 1));
    }
    const parts = [below, above].filter((part) => part !== undefined);
    const logGaps = parts.length > 0 ? joined(parts) : undefined;
    if (logGaps) priors.push(logGaps);
    const thresholds = joined(values);
    priors.push(this.priorOf(this.thresholds, thresholds));
    return { departure: tf.sub(thresholds, inputs["thresholds"]!), logGaps };
  }
}

/** C = diag(sd) L [q][q], lower, from the correlations' coordinates (general/correlation.ts); L = 1 without them. */
function factorOf(q: number, sd: (k: number) => Tensor, y: Tensor | undefined): Factor {
  let at = 0;
  return Array.from({ length: q }, (_, i) => {
    if (y === undefined) return [...new Array<undefined>(i).fill(undefined), sd(i)];
    const row: Tensor[] = [];
    let rest = sd(i);
    for (let j = 0; j < i; j++, at++) {
      const own = columns(y, at, 1);
      row.push(tf.mul(tf.tanh(own), rest));
      rest = tf.div(rest, tf.cosh(own));
    }
    return [...row, rest];
  });
}

/** [chains, levels x q] as its q coefficients [chains, levels]. */
export function coefficientsOf(x: Tensor, levels: number, size: number): Tensor[] {
  if (size === 1) return [x];
  const chains = x.shape[0]!;
  const cube = tf.reshape(x, [chains, levels, size]);
  return Array.from({ length: size }, (_, a) =>
    tf.reshape(tf.slice(cube, [0, 0, a], [chains, levels, 1]), [chains, levels]),
  );
}
