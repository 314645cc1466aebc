import { familyOf, variableNames } from "@bridgewise/core";
import { signedSd } from "../density/scale.ts";
import type { Seed } from "../random/philox.ts";
import { LaneEngine } from "../simd/lane-engine.ts";
import { blocksOf } from "../simd/lanes.ts";
import { correlationAt, correlationFactor } from "./correlation.ts";
import { GeneralBlock } from "./general-block.ts";
import type { GeneralLayout } from "./general-layout.ts";
import { auxAt } from "./general-point.ts";
import type { GeneralProblem } from "./general-problem.ts";

/** The general density for the chains with these numbers. */
export function createGeneralEngine(
  problem: GeneralProblem,
  layout: GeneralLayout,
  chains: readonly number[],
  seed: Seed,
  reportedLevels: number,
): LaneEngine<GeneralBlock> {
  return new LaneEngine(
    {
      shape: layout,
      variables: variableNames(problem.model, reportedLevels).length,
      useReference() {},
      report: (block, lane, _, out, offset) =>
        report(problem, layout, block, lane, reportedLevels, out, offset),
    },
    blocksOf(chains, "float64").map((group) => new GeneralBlock(problem, layout, group, seed)),
    chains.length,
  );
}

/** The reported variables in their order (`variableNames`). */
function report(
  problem: GeneralProblem,
  layout: GeneralLayout,
  block: GeneralBlock,
  lane: number,
  reportedLevels: number,
  out: Float64Array,
  offset: number,
): void {
  const { columns, intercept, means, terms, scales, thresholds, family } = problem;
  const { lanes } = block;
  const theta = Float64Array.from({ length: layout.globals }, (_, k) => block.theta[k * lanes + lane]!);
  block.fold(theta, 0, 1);
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
    for (let a = 0; a < size; a++) for (let j = 0; j < levels; j++) out[at++] = block.effect(t, j, a, lane);
  });
}
