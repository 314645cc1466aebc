import { digamma, digammaHalfStep, type Family, logGamma, logGammaHalfStep } from "@bridgewise/core";
import type { GeneralRows } from "./general-rows.ts";

/** What a pass over the rows knows and gathers; arrays of lanes. */
export interface RowState {
  readonly lanes: number;
  /** [parameters and thresholds][lanes] in their own units. */
  readonly aux: Float64Array;
  /** [parameters and thresholds][lanes] slopes of the log likelihood in them. */
  readonly auxSlope: Float64Array;
  /** [lanes] log likelihood, up to a constant; meaningful after passes with `last`. */
  readonly value: Float64Array;
}

/**
 * A family's row functions (core's `familyOf`) for a block of rows: turns `eta` [count][lanes] of the rows from `first` on into the slopes
 * of their log likelihoods in eta, and adds to the state's slopes and, if `last`, its value.
 */
export type FamilyRows = (
  first: number,
  count: number,
  eta: Float64Array,
  state: RowState,
  last: boolean,
) => void;

/** Space for logistic functions, which families with a logit link take many at a time. */
export interface Logistic {
  /** [2][rows of a block x lanes] x, and after `run` of the first so many 1 / (1 + exp(-|x|)), the larger of two shares. */
  readonly x: Float64Array;
  readonly larger: Float64Array;
  readonly run: (count: number) => void;
}

export function familyRows(problem: GeneralRows, logistic: Logistic): FamilyRows {
  return MAKERS[problem.family](problem, logistic);
}

const MAKERS: Readonly<Record<Family, (problem: GeneralRows, logistic: Logistic) => FamilyRows>> = {
  bernoulli: logitRows,
  binomial: logitRows,
  gaussian: gaussianRows,
  student_t: studentRows,
  cumulative: cumulativeRows,
  beta: betaRows,
};

function logitRows({ y, trials }: GeneralRows, logistic: Logistic): FamilyRows {
  const { x, larger } = logistic;
  return (first, count, eta, { lanes, value }, last) => {
    for (let i = 0; i < count * lanes; i++) x[i] = eta[i]!;
    logistic.run(count * lanes);
    for (let i = 0, p = 0; i < count; i++) {
      const successes = y[first + i]!;
      const n = trials[first + i]!;
      for (let c = 0; c < lanes; c++, p++) {
        const e = eta[p]!;
        const share = larger[p]!;
        if (last) value[c]! += successes * e - n * (Math.max(e, 0) - Math.log(share));
        eta[p] = successes - n * (e >= 0 ? share : 1 - share);
      }
    }
  };
}

function gaussianRows({ y }: GeneralRows): FamilyRows {
  return (first, count, eta, { lanes, aux, auxSlope, value }, last) => {
    for (let c = 0; c < lanes; c++) {
      const sigma = aux[c]!;
      const precision = 1 / sigma ** 2;
      let squares = 0;
      for (let i = 0, p = c; i < count; i++, p += lanes) {
        const d = y[first + i]! - eta[p]!;
        squares += d * d;
        eta[p] = d * precision;
      }
      auxSlope[c]! += (squares * precision - count) / sigma;
      if (last) value[c]! -= 0.5 * squares * precision + count * Math.log(sigma);
    }
  };
}

function studentRows({ y }: GeneralRows): FamilyRows {
  return (first, count, eta, { lanes, aux, auxSlope, value }, last) => {
    for (let c = 0; c < lanes; c++) {
      const sigma = aux[c]!;
      const nu = aux[lanes + c]!;
      let logs = 0;
      let pulls = 0;
      for (let i = 0, p = c; i < count; i++, p += lanes) {
        const d = (y[first + i]! - eta[p]!) / sigma;
        const square = d * d;
        const weight = (nu + 1) / (nu + square);
        logs += Math.log1p(square / nu);
        pulls += weight * square;
        eta[p] = (weight * d) / sigma;
      }
      auxSlope[c]! += (pulls - count) / sigma;
      const bend = 0.5 * (digammaHalfStep(nu / 2) - 1 / nu);
      auxSlope[lanes + c]! += count * bend - 0.5 * logs + (0.5 * pulls) / nu;
      if (!last) continue;
      const constant = logGammaHalfStep(nu / 2) - 0.5 * Math.log(nu);
      value[c]! += count * (constant - Math.log(sigma)) - 0.5 * (nu + 1) * logs;
    }
  };
}

function cumulativeRows({ y, thresholds }: GeneralRows, logistic: Logistic): FamilyRows {
  const { x, larger } = logistic;
  const gaps = new Float64Array(thresholds);
  const logs = new Float64Array(thresholds);
  return (first, count, eta, { lanes, aux, auxSlope, value }, last) => {
    // distances to the category's own threshold and to the one below, where there are such
    const below = count * lanes;
    for (let i = 0, p = 0; i < count; i++) {
      const category = y[first + i]!;
      const own = (Math.min(category, thresholds) - 1) * lanes;
      const before = (Math.max(category, 2) - 2) * lanes;
      for (let c = 0; c < lanes; c++, p++) {
        x[p] = aux[own + c]! - eta[p]!;
        x[below + p] = aux[before + c]! - eta[p]!;
      }
    }
    logistic.run(2 * below);
    for (let c = 0; c < lanes; c++) {
      // of category k + 1, between thresholds k and k + 1: log and slope of 1 - exp(lower - upper)
      for (let k = 1; k < thresholds; k++) {
        const gap = aux[k * lanes + c]! - aux[(k - 1) * lanes + c]!;
        gaps[k] = 1 / Math.expm1(gap);
        logs[k] = Math.log(-Math.expm1(-gap));
      }
      let sum = 0;
      let product = 1;
      for (let i = 0, p = c; i < count; i++, p += lanes) {
        const category = y[first + i]!;
        let slope = 0;
        if (category <= thresholds) {
          const at = (category - 1) * lanes + c;
          const share = larger[p]!;
          const beyond = x[p]! >= 0 ? 1 - share : share;
          auxSlope[at]! += beyond + (category > 1 ? gaps[category - 1]! : 0);
          slope -= beyond;
          if (last) {
            product *= share;
            sum += Math.min(x[p]!, 0);
          }
        }
        if (category > 1) {
          const at = (category - 2) * lanes + c;
          const share = larger[below + p]!;
          const within = x[below + p]! >= 0 ? share : 1 - share;
          auxSlope[at]! -= within + (category <= thresholds ? gaps[category - 1]! : 0);
          slope += within;
          if (last) {
            product *= share;
            sum -= Math.max(x[below + p]!, 0) - (category <= thresholds ? logs[category - 1]! : 0);
          }
        }
        eta[p] = slope;
      }
      // two factors a row, each at least 1 / 2: blocks of rows are far too short for them to underflow
      if (last) value[c]! += sum + Math.log(product);
    }
  };
}

function betaRows({ y }: GeneralRows): FamilyRows {
  const logY = y.map(Math.log);
  const logRest = y.map((v) => Math.log1p(-v));
  return (first, count, eta, { lanes, aux, auxSlope, value }, last) => {
    for (let c = 0; c < lanes; c++) {
      const phi = aux[c]!;
      const bend = digamma(phi);
      const constant = last ? logGamma(phi) : 0;
      for (let i = 0, p = c; i < count; i++, p += lanes) {
        const e = eta[p]!;
        const small = Math.exp(-Math.abs(e));
        const mu = (e >= 0 ? 1 : small) / (1 + small);
        const nu = (e >= 0 ? small : 1) / (1 + small);
        const a = mu * phi;
        const b = nu * phi;
        const slopeA = logY[first + i]! - digamma(a);
        const slopeB = logRest[first + i]! - digamma(b);
        eta[p] = mu * nu * phi * (slopeA - slopeB);
        auxSlope[c]! += bend + mu * slopeA + nu * slopeB;
        if (last)
          value[c]! +=
            constant - logGamma(a) - logGamma(b) + (a - 1) * logY[first + i]! + (b - 1) * logRest[first + i]!;
      }
    }
  };
}
