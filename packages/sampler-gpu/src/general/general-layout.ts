import { familyOf } from "@bridgewise/core";
import type { GeneralProblem } from "./general-problem.ts";

/**
 * Where each quantity stands in the vector of globals theta = (beta [columns], coordinates of the sds, coordinates of the correlations,
 * the family's parameters, thresholds, dense effects), and in the latents.
 */
export interface GeneralLayout {
  readonly globals: number;
  /** theta[scale], … coordinates of all sds: term after term, each its q. */
  readonly scale: number;
  /** Number of sds. */
  readonly terms: number;
  /** [terms] first sd coordinate of each term, and first coordinate of its correlations or -1. */
  readonly scaleOf: readonly number[];
  readonly corOf: readonly number[];
  /** First of the family's parameters: log sigma, log(nu - 1), log phi, in `familyOf(…).parameters`' order. */
  readonly family: number;
  /** First of the thresholds: the anchor itself, the others by the logs of their gaps towards it (`anchorOf`), or -1. */
  readonly thresholds: number;
  /** [terms] first dense effect of a dense term in theta ([levels][q]), or -1. */
  readonly denseAt: readonly number[];
  /** Number of linear globals: beta, dense effects, thresholds themselves. */
  readonly linear: number;
  /** [terms] first linear global of a dense term, or -1; first threshold among them. */
  readonly linearOf: readonly number[];
  readonly linearThresholds: number;
  /** [terms] first latent of a transported term ([levels][q]), or -1. */
  readonly latentAt: readonly number[];
  readonly latents: number;
  /** Transported terms, ancestors before descendants. */
  readonly transported: readonly number[];
}

/** Number of correlations of q coefficients. */
export const correlationsOf = (q: number): number => (q * (q - 1)) / 2;

export function generalLayout(problem: GeneralProblem): GeneralLayout {
  const { columns, terms, thresholds, family } = problem;
  let at = columns;
  const take = (count: number): number => {
    at += count;
    return at - count;
  };
  const scaleOf = terms.map(({ size }) => take(size));
  const scales = at - columns;
  const corOf = terms.map(({ correlated, size }) => (correlated ? take(correlationsOf(size)) : -1));
  const familyAt = take(familyOf(family).parameters.length);
  const thresholdsAt = thresholds > 0 ? take(thresholds) : -1;
  const denseAt: number[] = [];
  const linearOf: number[] = [];
  const latentAt: number[] = [];
  let linear = columns;
  let latents = 0;
  for (const { mode, levels, size } of terms) {
    const effects = levels * size;
    const dense = mode === "dense";
    denseAt.push(dense ? take(effects) : -1);
    linearOf.push(dense ? linear : -1);
    latentAt.push(dense ? -1 : latents);
    if (dense) linear += effects;
    else latents += effects;
  }
  return {
    globals: at,
    scale: columns,
    terms: scales,
    scaleOf,
    corOf,
    family: familyAt,
    thresholds: thresholdsAt,
    denseAt,
    linear: linear + thresholds,
    linearOf,
    linearThresholds: linear,
    latentAt,
    latents,
    transported: terms
      .map((_, t) => t)
      .filter((t) => terms[t]!.mode === "transport")
      .sort((a, b) => terms[a]!.ancestors.length - terms[b]!.ancestors.length),
  };
}
