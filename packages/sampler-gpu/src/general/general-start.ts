import { familyOf } from "@bridgewise/core";
import { priorDensity } from "../density/prior.ts";
import { choleskyInPlace, solveLower, solveLowerTransposed } from "../linear/cholesky.ts";
import type { Conditional, LinearGlobals } from "./conditionals.ts";
import { splitCovariance } from "./effects-factor.ts";
import { columnPrior, type GeneralRows } from "./general-rows.ts";
import { linearInformation } from "./linear-information.ts";
import { answersOf, nestedGroups, type PerTerm, stepEffects } from "./nested-groups.ts";
import { predictRows } from "./predict-rows.ts";
import { priorStart } from "./prior-start.ts";
import { curveRows, rowCurvature } from "./row-curvature.ts";
import { firstAux, updateAux } from "./start-parameters.ts";

/** A rough posterior mode, where the chains' geometry starts from. */
export interface GeneralStart {
  /** [columns] */
  readonly beta: Float64Array;
  /** The family's parameters, then the thresholds. */
  readonly aux: Float64Array;
  /** [terms][q] */
  readonly sd: readonly Float64Array[];
  /** [terms][q x q] Cholesky factors of the correlations. */
  readonly correlations: readonly Float64Array[];
  /** [terms] of [levels][q] */
  readonly effects: readonly Float64Array[];
  /** [terms][q] mean over levels of 1 - posterior / prior variance. */
  readonly shares: readonly Float64Array[];
  /** [terms][q] the sd that the data can tell from 0 (geometry/start.ts). */
  readonly resolution: readonly Float64Array[];
}

/** EM comes slowly to small variances, and a scale that is too large there costs more than the sweeps do. */
const SWEEPS = 24;
/** Largest change of a linear predictor in one step, in logits or in sds of the response: far from the mode steps overshoot. */
const LARGEST_STEP = 3;

/**
 * Penalised quasi-likelihood: Newton steps on coefficients and thresholds with the effects answering, block Gauss-Seidel on the effects, EM
 * on their covariances. Rough on purpose: the sampler's geometry is exact wherever this point lies.
 */
export function startOf(problem: GeneralRows): GeneralStart {
  if (problem.model.priorOnly) return priorStart(problem);
  const { rows, columns, terms, thresholds, family } = problem;
  const globals: LinearGlobals = {
    linear: columns + thresholds,
    linearOf: terms.map(() => -1),
    linearThresholds: columns,
    transported: terms
      .map((_, t) => t)
      .sort((a, b) => terms[a]!.ancestors.length - terms[b]!.ancestors.length),
  };
  const groups = nestedGroups(problem, globals.transported);
  const beta = new Float64Array(columns);
  const aux = firstAux(problem);
  const scale = familyOf(family).link === "identity" ? aux[0]! : 1;
  let effects: Float64Array[] = terms.map(({ levels, size }) => new Float64Array(levels * size));
  const covariances = terms.map((term) => firstCovariance(problem, term, 0.1 * scale ** 2));
  let shares: Float64Array[] = terms.map(({ size }) => new Float64Array(size));
  let resolution: Float64Array[] = terms.map(({ size }) => new Float64Array(size));
  let answers: PerTerm = [];
  const eta = new Float64Array(rows);
  const curvature = rowCurvature(problem);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const factors = covariances.map((covariance, t) => factorOf(covariance, terms[t]!.size));
    const conditionals: (Conditional | undefined)[] = terms.map(() => undefined);
    // before the coefficients have found their places the effects would take theirs
    if (sweep > 0)
      for (const group of groups) {
        predictRows(problem, beta, effects, eta);
        curveRows(problem, eta, aux, curvature);
        const step = stepEffects(problem, globals, group, curvature, factors, effects);
        effects = effects.map((old, t) =>
          group.includes(t) ? limited(old, step.effects[t]!, LARGEST_STEP * scale) : old,
        );
        for (const t of group) conditionals[t] = step.conditionals[t];
      }
    predictRows(problem, beta, effects, eta);
    curveRows(problem, eta, aux, curvature);
    answers = sweep > 0 ? answersOf(problem, globals, curvature, factors, effects, answers, 2).answers : [];
    stepLinear(problem, globals, curvature, answers, eta, beta, aux, effects, LARGEST_STEP * scale);
    let freedom = columns + thresholds;
    if (sweep > 0) {
      shares = terms.map((term, t) => meansOf(conditionals[t]!.shares, term.size));
      resolution = terms.map((term, t) => resolutionOf(conditionals[t]!.information, term.size));
      freedom += shares.reduce((sum, own, t) => sum + terms[t]!.levels * own.reduce((a, b) => a + b, 0), 0);
    }
    if (sweep > 1)
      terms.forEach((term, t) => {
        maximiseCovariance(
          covariances[t]!,
          effects[t]!,
          conditionals[t]!.posterior,
          term.levels,
          term.correlated,
        );
      });
    predictRows(problem, beta, effects, eta);
    updateAux(problem, eta, aux, Math.min(freedom, 0.9 * rows));
  }
  const split = covariances.map((covariance, t) => splitCovariance(terms[t]!.size, covariance));
  return {
    beta,
    aux,
    sd: split.map(({ sd }) => sd),
    correlations: split.map(({ factor }) => factor),
    effects,
    shares,
    resolution,
  };
}

function factorOf(covariance: Float64Array, q: number): Float64Array {
  const { sd, factor } = splitCovariance(q, covariance);
  return factor.map((l, i) => l * sd[Math.floor(i / q)]!);
}

/** A variance that moves the linear predictor by `size`, at each coefficient. */
function firstCovariance(
  { rows }: GeneralRows,
  { size: q, z }: GeneralRows["terms"][number],
  size: number,
): Float64Array {
  const out = new Float64Array(q * q);
  for (let a = 0; a < q; a++) {
    let square = 0;
    for (let i = 0; i < rows; i++) square += (z === undefined ? 1 : z[i * q + a]! ** 2) / rows;
    out[a * q + a] = size / q / Math.max(square, 1e-300) + 1e-12;
  }
  return out;
}

function limited(old: Float64Array, next: Float64Array, most: number): Float64Array {
  return next.map((value, i) => old[i]! + Math.max(-most, Math.min(most, value - old[i]!)));
}

/** One Newton step on coefficients and thresholds, the effects following; shortened where it would go too far or cross thresholds. */
function stepLinear(
  problem: GeneralRows,
  globals: LinearGlobals,
  curvature: ReturnType<typeof rowCurvature>,
  answers: PerTerm,
  eta: Float64Array,
  beta: Float64Array,
  aux: Float64Array,
  effects: readonly Float64Array[],
  most: number,
): void {
  const { rows, columns, x, y, trials, terms, thresholds, family, model } = problem;
  const { linear } = globals;
  const information = linearInformation(problem, globals, curvature, answers, eta, aux);
  for (let k = 0; k < linear; k++)
    information[k * linear + k]! += 1e-10 * information[k * linear + k]! + 1e-300;
  if (!choleskyInPlace(information, linear)) return;
  const step = new Float64Array(linear);
  const slopes = new Float64Array(1 + aux.length);
  const cut = aux.length - thresholds;
  for (let i = 0; i < rows; i++) {
    const w = curvature.score[i]!;
    for (let k = 0; k < columns; k++) step[k]! += w * x[i * columns + k]!;
    if (thresholds === 0) continue;
    familyOf(family).logLikAndSlopes(y[i]!, eta[i]!, aux, trials[i]!, slopes);
    for (let k = 0; k < thresholds; k++) step[columns + k]! += slopes[1 + cut + k]!;
  }
  for (let k = 0; k < columns; k++) step[k]! += priorDensity(columnPrior(problem, k), beta[k]!).slope;
  for (let k = 0; k < thresholds; k++)
    step[columns + k]! += priorDensity(model.priors.thresholds[k]!, aux[cut + k]!).slope;
  solveLower(information, linear, step);
  solveLowerTransposed(information, linear, step);
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    let change = 0;
    for (let k = 0; k < columns; k++) change += step[k]! * x[i * columns + k]!;
    largest = Math.max(largest, Math.abs(change));
  }
  for (let k = 0; k < thresholds; k++) largest = Math.max(largest, Math.abs(step[columns + k]!));
  let share = Math.min(1, most / Math.max(largest, 1e-300));
  for (let k = 1; k < thresholds; k++) {
    const gap = aux[cut + k]! - aux[cut + k - 1]!;
    const closes = step[columns + k - 1]! - step[columns + k]!;
    if (closes > 0) share = Math.min(share, (0.7 * gap) / closes);
  }
  for (let k = 0; k < columns; k++) beta[k]! += share * step[k]!;
  for (let k = 0; k < thresholds; k++) aux[cut + k]! += share * step[columns + k]!;
  terms.forEach((_, t) => {
    const answer = answers[t];
    if (answer === undefined) return;
    for (let e = 0; e < effects[t]!.length; e++)
      for (let l = 0; l < linear; l++) effects[t]![e]! += share * step[l]! * answer[e * linear + l]!;
  });
}

/** EM: the mean of u u' and its posterior covariance; independent effects keep their variances alone. */
function maximiseCovariance(
  covariance: Float64Array,
  u: Float64Array,
  posterior: Float64Array,
  levels: number,
  correlated: boolean,
): void {
  const q = Math.round(Math.sqrt(covariance.length));
  const before = covariance.slice();
  covariance.fill(0);
  for (let j = 0; j < levels; j++)
    for (let a = 0; a < q; a++)
      for (let b = 0; b < q; b++)
        if (a === b || correlated)
          covariance[a * q + b]! +=
            (u[j * q + a]! * u[j * q + b]! + posterior[(j * q + a) * q + b]!) / levels;
  for (let a = 0; a < q; a++) {
    const least = 1e-4 * before[a * q + a]!;
    covariance[a * q + a] = Math.max(covariance[a * q + a]!, least);
  }
}

const meansOf = (values: Float64Array, q: number): Float64Array => {
  const out = new Float64Array(q);
  values.forEach((value, i) => {
    out[i % q]! += (value * q) / values.length;
  });
  return out;
};

function resolutionOf(information: Float64Array, q: number): Float64Array {
  const squares = new Float64Array(q);
  for (let at = 0; at < information.length; at += q * q)
    for (let a = 0; a < q; a++) squares[a]! += information[at + a * q + a]! ** 2;
  return squares.map((sum) => (sum > 0 ? (2 / sum) ** 0.25 : 0));
}
