import { familyOf } from "@bridgewise/core";
import { signedSd } from "../density/scale.ts";
import { correlationAt, correlationFactor } from "./correlation.ts";
import type { GeneralLayout } from "./general-layout.ts";
import { auxAt } from "./general-point.ts";
import type { GeneralProblem } from "./general-problem.ts";

/** Mirrored sds turn back, and the signs of their correlations with them: effects and density stay as they are. */
export function foldScales(
  { terms }: GeneralProblem,
  layout: GeneralLayout,
  theta: Float64Array,
  from: number,
  stride: number,
): void {
  terms.forEach(({ size }, t) => {
    const at = (k: number): number => from + (layout.scaleOf[t]! + k) * stride;
    let cor = from + layout.corOf[t]! * stride;
    if (layout.corOf[t]! >= 0)
      for (let i = 1; i < size; i++)
        for (let j = 0; j < i; j++, cor += stride)
          if (theta[at(i)]! < 0 !== theta[at(j)]! < 0) theta[cor] = -theta[cor]!;
    for (let k = 0; k < size; k++) theta[at(k)] = Math.abs(theta[at(k)]!);
  });
}

/** The reported variables in their order (`variableNames`) from folded globals and the effect of level j, coefficient a of a term. */
export function reportGeneral(
  problem: GeneralProblem,
  layout: GeneralLayout,
  theta: Float64Array,
  effect: (t: number, j: number, a: number) => number,
  reportedLevels: number,
  out: Float64Array,
  offset: number,
): void {
  const { columns, intercept, means, terms, scales, thresholds, family } = problem;
  const parameters = familyOf(family).parameters.length;
  const aux = new Float64Array(parameters + thresholds);
  auxAt(problem, layout, theta, 0, 1, aux);
  const first = intercept ? 1 : 0;
  let shift = 0;
  for (let k = first; k < columns; k++) shift += means[k]! * theta[k]!;
  let at = offset;
  // eta is less a threshold: the predictors' means move them the other way
  for (let k = 0; k < thresholds; k++) out[at++] = aux[parameters + k]! + shift;
  if (intercept) out[at++] = theta[0]! - shift;
  for (let k = first; k < columns; k++) out[at++] = theta[k]!;
  terms.forEach(({ size }, t) => {
    for (let k = 0; k < size; k++) out[at++] = signedSd(scales[t]![k]!, theta[layout.scaleOf[t]! + k]!);
  });
  terms.forEach(({ size }, t) => {
    if (layout.corOf[t]! < 0) return;
    const factor = new Float64Array(size * size);
    correlationFactor(size, theta, layout.corOf[t]!, 1, factor, 0);
    for (let i = 1; i < size; i++)
      for (let j = 0; j < i; j++) out[at++] = correlationAt(size, factor, 0, i, j);
  });
  for (let p = 0; p < parameters; p++) out[at++] = aux[p]!;
  terms.forEach(({ levels, size }, t) => {
    if (levels > reportedLevels) return;
    for (let a = 0; a < size; a++) for (let j = 0; j < levels; j++) out[at++] = effect(t, j, a);
  });
}
