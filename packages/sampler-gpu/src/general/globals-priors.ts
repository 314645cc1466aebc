import { familyOf } from "@bridgewise/core";
import { logScalePriorDensity, priorDensity } from "../density/prior.ts";
import { scalePriorDensity, signedSd } from "../density/scale.ts";
import { correlationFactor, correlationSlope, lkjDensity } from "./correlation.ts";
import type { GeneralLayout } from "./general-layout.ts";
import { anchorOf, parameterAt } from "./general-point.ts";
import type { GeneralProblem } from "./general-problem.ts";
import { columnPrior } from "./general-rows.ts";

/** The globals' priors, Jacobians included, of lane c: log density up to a constant; adds its slopes to grad [globals][lanes]. */
export function globalsPriors(
  problem: GeneralProblem,
  layout: GeneralLayout,
  lanes: number,
  c: number,
  theta: Float64Array,
  aux: Float64Array,
  grad: Float64Array,
): number {
  const { columns, terms, scales, thresholds, family } = problem;
  const { priors } = problem.model;
  let lp = 0;
  for (let k = 0; k < columns; k++) {
    const { value, slope } = priorDensity(columnPrior(problem, k), theta[k * lanes + c]!);
    lp += value;
    grad[k * lanes + c]! += slope;
  }
  terms.forEach(({ size }, t) => {
    for (let k = 0; k < size; k++) {
      const at = (layout.scaleOf[t]! + k) * lanes + c;
      const { value, slope } = scalePriorDensity(priors.sd[t]![k]!, scales[t]![k]!, theta[at]!);
      lp += value;
      grad[at]! += slope;
    }
    const cor = layout.corOf[t]!;
    if (cor >= 0) lp += lkjDensity(size, priors.cor[t]!, theta, cor * lanes + c, lanes, grad);
  });
  const { parameters } = familyOf(family);
  parameters.forEach((name, p) => {
    const at = (layout.family + p) * lanes + c;
    const l = theta[at]!;
    if (name === "nu") {
      const { value, slope } = priorDensity(priors.nu, parameterAt(name, l));
      lp += value + l;
      grad[at]! += slope * Math.exp(l) + 1;
    } else {
      const { value, slope } = logScalePriorDensity(priors[name], l);
      lp += value;
      grad[at]! += slope;
    }
  });
  // thresholds: each has its prior, each gap its Jacobian
  const anchor = anchorOf(thresholds);
  const slopes: number[] = [];
  for (let k = 0; k < thresholds; k++) {
    const { value, slope } = priorDensity(priors.thresholds[k]!, aux[(parameters.length + k) * lanes + c]!);
    lp += value;
    slopes.push(slope);
    if (k === anchor) continue;
    const at = (layout.thresholds + k) * lanes + c;
    lp += theta[at]!;
    grad[at]! += 1;
  }
  addThresholdSlopes(layout, thresholds, lanes, c, theta, (k) => slopes[k]!, grad);
  return lp;
}

/** Adds to grad what slopes in the thresholds themselves come to in their coordinates: a gap moves every threshold beyond it. */
export function addThresholdSlopes(
  layout: GeneralLayout,
  thresholds: number,
  lanes: number,
  c: number,
  theta: Float64Array,
  slopeAt: (k: number) => number,
  grad: Float64Array,
): void {
  if (thresholds === 0) return;
  const anchor = anchorOf(thresholds);
  const place = (k: number): number => (layout.thresholds + k) * lanes + c;
  let above = 0;
  for (let k = thresholds - 1; k > anchor; k--) {
    above += slopeAt(k);
    grad[place(k)]! += above * Math.exp(theta[place(k)]!);
  }
  let below = 0;
  for (let k = 0; k < anchor; k++) {
    below += slopeAt(k);
    grad[place(k)]! -= below * Math.exp(theta[place(k)]!);
  }
  grad[place(anchor)]! += below + slopeAt(anchor) + above;
}

/** Adds to grad the slopes in a term's sds and correlations, given those in C: slopeC [q][q][lanes], lower. */
export function factorSlopes(
  problem: GeneralProblem,
  layout: GeneralLayout,
  t: number,
  lanes: number,
  c: number,
  theta: Float64Array,
  slopeC: Float64Array,
  grad: Float64Array,
): void {
  const { size: q } = problem.terms[t]!;
  const scales = problem.scales[t]!;
  const cor = layout.corOf[t]!;
  const l = new Float64Array(q * q);
  const slopeL = new Float64Array(q * q);
  if (cor < 0) for (let k = 0; k < q; k++) l[k * q + k] = 1;
  else correlationFactor(q, theta, cor * lanes + c, lanes, l, 0);
  for (let a = 0; a < q; a++) {
    const at = (layout.scaleOf[t]! + a) * lanes + c;
    const sd = signedSd(scales[a]!, theta[at]!);
    let slope = 0;
    for (let b = 0; b <= a; b++) {
      const own = slopeC[(a * q + b) * lanes + c]!;
      slope += own * l[a * q + b]!;
      slopeL[a * q + b] = own * sd;
    }
    grad[at]! += slope * scales[a]! * Math.cosh(theta[at]!);
  }
  if (cor >= 0) correlationSlope(q, theta, cor * lanes + c, lanes, slopeL, grad);
}
