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

export function familyRows(problem: GeneralRows): FamilyRows {
  return MAKERS[problem.family](problem);
}

const MAKERS: Readonly<Record<Family, (problem: GeneralRows) => FamilyRows>> = {
  bernoulli: logitRows,
  binomial: logitRows,
  gaussian: gaussianRows,
  student_t: studentRows,
  cumulative: cumulativeRows,
  beta: betaRows,
};

function logitRows({ y, trials }: GeneralRows): FamilyRows {
  return (first, count, eta, { lanes, value }, last) => {
    for (let i = 0, p = 0; i < count; i++) {
      const successes = y[first + i]!;
      const n = trials[first + i]!;
      for (let c = 0; c < lanes; c++, p++) {
        const e = eta[p]!;
        const a = Math.exp(-Math.abs(e));
        if (last) value[c]! += successes * e - n * (Math.max(e, 0) + Math.log1p(a));
        eta[p] = successes - (n * (e >= 0 ? 1 : a)) / (1 + a);
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

function cumulativeRows({ y, thresholds }: GeneralRows): FamilyRows {
  const gaps = new Float64Array(thresholds);
  const logs = new Float64Array(thresholds);
  return (first, count, eta, { lanes, aux, auxSlope, value }, last) => {
    for (let c = 0; c < lanes; c++) {
      // of category k + 1, between thresholds k and k + 1: log and slope of 1 - exp(lower - upper)
      for (let k = 1; k < thresholds; k++) {
        const gap = aux[k * lanes + c]! - aux[(k - 1) * lanes + c]!;
        gaps[k] = 1 / Math.expm1(gap);
        logs[k] = Math.log(-Math.expm1(-gap));
      }
      for (let i = 0, p = c; i < count; i++, p += lanes) {
        const category = y[first + i]!;
        const e = eta[p]!;
        let slope = 0;
        let sum = 0;
        if (category <= thresholds) {
          const at = (category - 1) * lanes + c;
          const d = aux[at]! - e;
          const a = Math.exp(-Math.abs(d));
          const beyond = (d >= 0 ? a : 1) / (1 + a);
          auxSlope[at]! += beyond + (category > 1 ? gaps[category - 1]! : 0);
          slope -= beyond;
          if (last) sum -= Math.log1p(a) + Math.max(-d, 0);
        }
        if (category > 1) {
          const at = (category - 2) * lanes + c;
          const d = aux[at]! - e;
          const a = Math.exp(-Math.abs(d));
          const within = (d >= 0 ? 1 : a) / (1 + a);
          auxSlope[at]! -= within + (category <= thresholds ? gaps[category - 1]! : 0);
          slope += within;
          if (last)
            sum -= Math.log1p(a) + Math.max(d, 0) - (category <= thresholds ? logs[category - 1]! : 0);
        }
        eta[p] = slope;
        if (last) value[c]! += sum;
      }
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
