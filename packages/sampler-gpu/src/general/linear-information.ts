import { inverseLogit } from "@bridgewise/core";
import { priorPrecision } from "../density/prior.ts";
import { addColumns, type LinearGlobals, zAt } from "./conditionals.ts";
import { columnPrior, type GeneralRows } from "./general-rows.ts";
import type { PerTerm } from "./nested-groups.ts";
import type { RowCurvature } from "./row-curvature.ts";

/**
 * [linear x linear] information about the linear globals with all transported effects integrated out, priors of coefficients and
 * thresholds included: X'V (X + Z dU/dX). `eta` [rows] and `aux` say where.
 */
export function linearInformation(
  problem: GeneralRows,
  globals: LinearGlobals,
  curvature: RowCurvature,
  answers: PerTerm,
  eta: Float64Array,
  aux: Float64Array,
): Float64Array {
  const { rows, columns, x, y, terms, thresholds, model } = problem;
  const { linear, linearThresholds: first, linearOf } = globals;
  const out = new Float64Array(linear * linear);
  const weighted = new Float64Array(linear);
  const whole = new Float64Array(linear);
  const cut = aux.length - thresholds;
  for (let i = 0; i < (model.priorOnly ? 0 : rows); i++) {
    weighted.fill(0);
    addColumns(problem, globals, curvature, i, 1, weighted, 0);
    // unweighted columns, of thresholds apart, plus the effects' answers
    whole.fill(0);
    for (let k = 0; k < columns; k++) whole[k] = x[i * columns + k]!;
    terms.forEach((term, t) => {
      const at = term.index[i]! * term.size;
      for (let a = 0; a < term.size; a++) {
        const z = zAt(term, i, a);
        if (linearOf[t]! >= 0) whole[linearOf[t]! + at + a]! += z;
        const answer = answers[t];
        if (answer === undefined) continue;
        for (let l = 0; l < linear; l++) whole[l]! += z * answer[(at + a) * linear + l]!;
      }
    });
    for (let k = 0; k < linear; k++) {
      const w = weighted[k]!;
      if (w !== 0) for (let l = 0; l < linear; l++) out[k * linear + l]! += w * whole[l]!;
    }
    if (thresholds === 0) continue;
    // predictors' part of the thresholds' column, and the thresholds' own second derivatives
    const category = y[i]!;
    const middle = category > 1 && category <= thresholds;
    const gap = middle ? aux[cut + category - 1]! - aux[cut + category - 2]! : 1;
    // d/du of 1 / (exp(u - l) - 1), negative
    const bend = middle ? 1 / (2 * Math.sinh(gap / 2)) ** 2 : 0;
    const above = first + category - 1;
    const below = above - 1;
    const density = (at: number): number => inverseLogit(at - eta[i]!) * inverseLogit(eta[i]! - at);
    for (let k = 0; k < first; k++) {
      const own = k < columns ? x[i * columns + k]! : weighted[k]! / curvature.weight[i]!;
      if (category <= thresholds) out[k * linear + above]! -= curvature.above[i]! * own;
      if (category > 1) out[k * linear + below]! -= curvature.below[i]! * own;
    }
    if (category <= thresholds) out[above * linear + above]! += density(aux[cut + category - 1]!) + bend;
    if (category > 1) out[below * linear + below]! += density(aux[cut + category - 2]!) + bend;
    if (middle) {
      out[above * linear + below]! -= bend;
      out[below * linear + above]! -= bend;
    }
  }
  for (let a = 0; a < linear; a++)
    for (let b = 0; b < a; b++) {
      const mean = 0.5 * (out[a * linear + b]! + out[b * linear + a]!);
      out[a * linear + b] = mean;
      out[b * linear + a] = mean;
    }
  for (let k = 0; k < columns; k++) out[k * linear + k]! += priorPrecision(columnPrior(problem, k));
  model.priors.thresholds.forEach((prior, k) => {
    const at = first + k;
    out[at * linear + at]! += priorPrecision(prior);
  });
  return out;
}
