import type { Problem } from "../problem.ts";

/** Where each quantity stands in the vector of globals theta, and in the latents. */
export interface Layout {
  readonly columns: number;
  readonly terms: number;
  /** Number of globals. */
  readonly globals: number;
  /** theta[scale + t] is the coordinate of term t's standard deviation (density/scale.ts). */
  readonly scale: number;
  /** theta[logSigma], or -1. */
  readonly logSigma: number;
  /** [terms] first dense effect of a dense term in theta, or -1. */
  readonly denseAt: readonly number[];
  /** Number of linear globals: beta, then the dense effects. */
  readonly linear: number;
  /** [linear] their positions in theta. */
  readonly linearAt: Int32Array;
  /** [terms] first linear global of a dense term, or -1. */
  readonly linearOf: readonly number[];
  /** [terms] first latent of a transported term, or -1. */
  readonly latentAt: readonly number[];
  readonly latents: number;
  /** Transported terms, parents before children. */
  readonly transported: readonly number[];
}

export function layoutOf(problem: Problem): Layout {
  const { columns, terms, gaussian } = problem;
  let globals = columns + terms.length + (gaussian ? 1 : 0);
  const linearAt: number[] = Array.from({ length: columns }, (_, k) => k);
  let latents = 0;
  const denseAt: number[] = [];
  const linearOf: number[] = [];
  const latentAt: number[] = [];
  for (const term of terms) {
    const dense = term.mode === "dense";
    denseAt.push(dense ? globals : -1);
    linearOf.push(dense ? linearAt.length : -1);
    latentAt.push(dense ? -1 : latents);
    if (dense) for (let j = 0; j < term.levels; j++) linearAt.push(globals++);
    else latents += term.levels;
  }
  const depth = (t: number): number => (terms[t]!.parent < 0 ? 0 : 1 + depth(terms[t]!.parent));
  const transported = terms
    .map((_, t) => t)
    .filter((t) => terms[t]!.mode === "transport")
    .sort((a, b) => depth(a) - depth(b));
  return {
    columns,
    terms: terms.length,
    globals,
    scale: columns,
    logSigma: gaussian ? columns + terms.length : -1,
    denseAt,
    linear: linearAt.length,
    linearAt: Int32Array.from(linearAt),
    linearOf,
    latentAt,
    latents,
    transported,
  };
}
