import type { Family } from "@bridgewise/core";
import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import type { GeneralLayout } from "../general/general-layout.ts";
import type { GeneralProblem } from "../general/general-problem.ts";
import type { GeneralReference } from "../general/general-reference.ts";
import { type Arrays, floats, type HostArray, type Tensors } from "./arrays.ts";
import { gammaHalfStep, stirlingError } from "./log-gamma.ts";

/** The globals that a family's rows look at; departures are from the reference, so that they round as small numbers do. */
export interface FamilyGlobals {
  /** [chains, 1] of each of the family's parameters: its value, and its logarithm (of nu: of nu - 1) less the reference's. */
  readonly parameters: readonly { readonly value: Tensor; readonly departure: Tensor }[];
  /** [chains, thresholds] less the reference's, and the logarithms of the gaps between them [chains, thresholds - 1]. */
  readonly thresholds: { readonly departure: Tensor; readonly logGaps: Tensor | undefined } | undefined;
}

/**
 * A family's row functions (core's `familyOf`) in tfjs ops: log likelihoods of the rows up to a constant, [chains, rows], from the linear
 * predictor's departure from that of the reference; and what they have in common, [chains, any]. To be differentiated by tfjs.
 */
export type FamilyRows = (
  inputs: Tensors,
  departure: Tensor,
  globals: FamilyGlobals,
) => { readonly rows: Tensor; readonly common?: Tensor };

const FAMILY_ROWS: Readonly<Record<Family, (problem: GeneralProblem) => FamilyRows>> = {
  bernoulli: logitRows,
  binomial: logitRows,
  gaussian: gaussianRows,
  student_t: studentRows,
  cumulative: cumulativeRows,
  beta: betaRows,
};

export const familyRows = (problem: GeneralProblem): FamilyRows => FAMILY_ROWS[problem.family](problem);

/** Inputs of the rows that no geometry changes. */
export function familyData({ family, rows, y, trials, thresholds }: GeneralProblem): Arrays {
  const row = (values: ArrayLike<number>): HostArray => floats([1, rows], values);
  switch (family) {
    case "gaussian":
    case "student_t":
      return {};
    case "bernoulli":
    case "binomial":
      return { y: row(y), trials: row(trials) };
    case "beta":
      return { logY: row(y.map(Math.log)), logRest: row(y.map((v) => Math.log1p(-v))) };
    case "cumulative": {
      const upper = new Float64Array(thresholds * rows);
      const lower = new Float64Array(thresholds * rows);
      const between = new Float64Array(thresholds - 1);
      y.forEach((category, i) => {
        if (category <= thresholds) upper[(category - 1) * rows + i] = 1;
        if (category > 1) lower[(category - 2) * rows + i] = 1;
        if (category > 1 && category <= thresholds) between[category - 2]!++;
      });
      return {
        upper: floats([thresholds, rows], upper),
        lower: floats([thresholds, rows], lower),
        hasUpper: row(y.map((category) => (category <= thresholds ? 1 : 0))),
        hasLower: row(y.map((category) => (category > 1 ? 1 : 0))),
        ...(thresholds > 1 && { between: floats([1, thresholds - 1], between) }),
      };
    }
  }
}

/** Inputs of the rows in one geometry; `eta` [rows]: the linear predictor at the reference. */
export function familyGeometry(
  { family, rows, y, thresholds }: GeneralProblem,
  layout: GeneralLayout,
  { linear }: GeneralReference,
  eta: Float64Array,
): Arrays {
  const row = (values: ArrayLike<number>): HostArray => floats([1, rows], values);
  if (family === "gaussian" || family === "student_t") return { residual: row(y.map((v, i) => v - eta[i]!)) };
  if (family !== "cumulative") return { eta: row(eta) };
  const threshold = (k: number, i: number): number =>
    k < 0 || k >= thresholds ? 0 : linear[layout.linearThresholds + k]! - eta[i]!;
  return {
    thresholds: floats([1, thresholds], linear.subarray(layout.linearThresholds)),
    toUpper: row(y.map((category, i) => threshold(category - 1, i))),
    toLower: row(y.map((category, i) => threshold(category - 2, i))),
  };
}

function logitRows(): FamilyRows {
  return (inputs, departure) => {
    const eta = tf.add(departure, inputs["eta"]!);
    return {
      rows: tf.sub(tf.mul(inputs["y"]!, eta), tf.mul(inputs["trials"]!, tf.softplus(eta))),
    };
  };
}

function gaussianRows({ rows }: GeneralProblem): FamilyRows {
  return (inputs, departure, { parameters: [sigma] }) => ({
    rows: tf.mul(tf.square(tf.div(tf.sub(inputs["residual"]!, departure), sigma!.value)), -0.5),
    common: tf.mul(sigma!.departure, -rows),
  });
}

function studentRows({ rows }: GeneralProblem): FamilyRows {
  return (inputs, departure, { parameters: [sigma, tail] }) => {
    const nu = tail!.value;
    const square = tf.square(tf.div(tf.sub(inputs["residual"]!, departure), sigma!.value));
    const weight = tf.mul(tf.add(nu, 1), -0.5);
    // log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log(nu / 2) / 2
    const half = gammaHalfStep(tf.mul(nu, 0.5));
    return {
      rows: tf.mul(tf.log1p(tf.div(square, nu)), weight),
      common: tf.mul(tf.sub(half, sigma!.departure), rows),
    };
  };
}

function cumulativeRows(): FamilyRows {
  return (inputs, departure, { thresholds }) => {
    const move = (which: string): Tensor =>
      tf.matMul(thresholds!.departure as Tensor2D, inputs[which] as Tensor2D);
    const upper = tf.sub(tf.add(inputs["toUpper"]!, move("upper")), departure);
    const lower = tf.sub(tf.add(inputs["toLower"]!, move("lower")), departure);
    // log(F(upper) - F(lower)) = log F(upper) + log F(-lower) + log(1 - exp(lower - upper)), the last for rows between two thresholds
    const gaps = thresholds!.logGaps;
    const common = gaps && tf.mul(inputs["between"]!, tf.log(tf.neg(tf.expm1(tf.neg(tf.exp(gaps))))));
    return {
      rows: tf.neg(
        tf.add(
          tf.mul(inputs["hasUpper"]!, tf.softplus(tf.neg(upper))),
          tf.mul(inputs["hasLower"]!, tf.softplus(lower)),
        ),
      ),
      ...(common && { common }),
    };
  };
}

function betaRows({ rows }: GeneralProblem): FamilyRows {
  return (inputs, departure, { parameters: [phi] }) => {
    const eta = tf.add(departure, inputs["eta"]!);
    const logMu = tf.neg(tf.softplus(tf.neg(eta)));
    const logNu = tf.neg(tf.softplus(eta));
    const a = tf.mul(tf.exp(logMu), phi!.value);
    const b = tf.mul(tf.exp(logNu), phi!.value);
    // log Gamma by Stirling's formula: its large terms are left out of the difference, not taken away from each other
    const main = tf.add(
      tf.mul(a, tf.sub(inputs["logY"]!, logMu)),
      tf.mul(b, tf.sub(inputs["logRest"]!, logNu)),
    );
    const own = tf.sub(tf.mul(tf.add(logMu, logNu), 0.5), tf.add(stirlingError(a), stirlingError(b)));
    return {
      rows: tf.add(main, own),
      common: tf.mul(tf.add(tf.mul(phi!.departure, 0.5), stirlingError(phi!.value)), rows),
    };
  };
}
