import { type FamilyParameter, familyOf } from "@bridgewise/core";
import { signedSd } from "../density/scale.ts";
import { effectsFactor } from "./effects-factor.ts";
import type { GeneralLayout } from "./general-layout.ts";
import type { GeneralProblem } from "./general-problem.ts";

/** A family's parameter from its unconstrained coordinate, its logarithm above its least value. */
export const parameterAt = (name: FamilyParameter, coordinate: number): number =>
  (name === "nu" ? 1 : 0) + Math.exp(coordinate);

export const coordinateOf = (name: FamilyParameter, value: number): number =>
  Math.log(value - (name === "nu" ? 1 : 0));

/**
 * The threshold that is a coordinate itself; the others are found from it outwards, each coordinate the log of the gap to the
 * neighbour on its side. An outer threshold then moves far out by its own coordinate alone: from the first one upwards, it could do so
 * only along a curved ridge with the second, which steps that suit the middle do not follow.
 */
export const anchorOf = (thresholds: number): number => Math.floor(thresholds / 2);

/** The family's parameters and the thresholds, in their own units, at theta[from], theta[from + stride], …. */
export function auxAt(
  problem: GeneralProblem,
  layout: GeneralLayout,
  theta: Float64Array,
  from: number,
  stride: number,
  out: Float64Array,
): void {
  const { parameters } = familyOf(problem.family);
  parameters.forEach((name, p) => {
    out[p] = parameterAt(name, theta[from + (layout.family + p) * stride]!);
  });
  const count = problem.thresholds;
  if (count === 0) return;
  const anchor = anchorOf(count);
  const first = parameters.length;
  const coordinate = (k: number): number => theta[from + (layout.thresholds + k) * stride]!;
  out[first + anchor] = coordinate(anchor);
  for (let k = anchor + 1; k < count; k++) out[first + k] = out[first + k - 1]! + Math.exp(coordinate(k));
  for (let k = anchor - 1; k >= 0; k--) out[first + k] = out[first + k + 1]! - Math.exp(coordinate(k));
}

/** The linear globals: coefficients, dense effects, thresholds (`aux`: as `auxAt` gives it). */
export function linearAt(
  problem: GeneralProblem,
  layout: GeneralLayout,
  theta: Float64Array,
  from: number,
  stride: number,
  aux: Float64Array,
  out: Float64Array,
): void {
  for (let k = 0; k < problem.columns; k++) out[k] = theta[from + k * stride]!;
  problem.terms.forEach(({ levels, size }, t) => {
    const at = layout.denseAt[t]!;
    if (at >= 0)
      for (let e = 0; e < levels * size; e++) out[layout.linearOf[t]! + e] = theta[from + (at + e) * stride]!;
  });
  for (let k = 0; k < problem.thresholds; k++)
    out[layout.linearThresholds + k] = aux[aux.length - problem.thresholds + k]!;
}

/** A term's C [q][q], lower, into out[at], …. */
export function factorAt(
  problem: GeneralProblem,
  layout: GeneralLayout,
  t: number,
  theta: Float64Array,
  from: number,
  stride: number,
  out: Float64Array,
  at: number,
): void {
  const cor = layout.corOf[t]!;
  effectsFactor(
    problem.terms[t]!.size,
    (k) => signedSd(problem.scales[t]![k]!, theta[from + (layout.scaleOf[t]! + k) * stride]!),
    cor < 0 ? undefined : { y: theta, from: from + cor * stride, stride },
    out,
    at,
  );
}
