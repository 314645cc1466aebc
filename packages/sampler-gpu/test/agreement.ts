import { type Draws, essBulk, essMean, quantile } from "@bridgewise/core";
import type { Marginal } from "./one-way-posterior.ts";

/** The largest distance of a sampled distribution function from the truth, in Monte Carlo standard errors, and where it is. */
export interface Deviation {
  readonly z: number;
  readonly where: string;
}

const PROBABILITIES = [0.05, 0.25, 0.5, 0.75, 0.95];

/** [chains][draws] of a variable. */
export function drawsOf({ variables, chains, draws, values }: Draws, name: string): Float64Array {
  const v = variables.indexOf(name);
  if (v < 0) throw new Error(`no variable ${name}`);
  return values.subarray(v * chains * draws, (v + 1) * chains * draws);
}

/** The share of draws up to a limit, and how many independent draws it is worth. */
function shareBelow(x: Float64Array, chains: number, limit: number): { share: number; size: number } {
  const below = x.map((value) => (value <= limit ? 1 : 0));
  const size = essMean(below, chains);
  return {
    share: below.reduce((a, b) => a + b, 0) / below.length,
    size: Number.isNaN(size) ? essBulk(x, chains) : size,
  };
}

/** Against exact marginals, at five probabilities each. */
export function deviation(draws: Draws, truth: Readonly<Record<string, Marginal>>): Deviation {
  let worst: Deviation = { z: 0, where: "" };
  for (const [name, { edges, below }] of Object.entries(truth)) {
    const x = drawsOf(draws, name);
    for (const wanted of PROBABILITIES) {
      const k = Math.max(
        0,
        below.findIndex((b) => b >= wanted),
      );
      const p = below[k]!;
      const { share, size } = shareBelow(x, draws.chains, edges[k]!);
      const z = (share - p) / Math.sqrt((p * (1 - p)) / size);
      if (!(Math.abs(z) <= Math.abs(worst.z)))
        worst = {
          z,
          where: `P(${name} < ${edges[k]!.toPrecision(4)}) = ${p.toFixed(3)}, sampled ${share.toFixed(3)}`,
        };
    }
  }
  return worst;
}

/** Against other draws of the same posterior, at the quantiles of those. */
export function deviationBetween(draws: Draws, other: Draws, names: readonly string[]): Deviation {
  let worst: Deviation = { z: 0, where: "" };
  for (const name of names) {
    const x = drawsOf(draws, name);
    const theirs = drawsOf(other, name);
    for (const wanted of PROBABILITIES) {
      const limit = quantile(theirs, wanted);
      const a = shareBelow(x, draws.chains, limit);
      const b = shareBelow(theirs, other.chains, limit);
      const z = (a.share - b.share) / Math.sqrt(wanted * (1 - wanted) * (1 / a.size + 1 / b.size));
      if (!(Math.abs(z) <= Math.abs(worst.z)))
        worst = {
          z,
          where: `P(${name} < ${limit.toPrecision(4)}) = ${b.share.toFixed(3)}, sampled ${a.share.toFixed(3)}`,
        };
    }
  }
  return worst;
}

/** Fits of one model with several seeds as one. */
export function pool(all: readonly Draws[]): Draws {
  const { variables, draws } = all[0]!;
  const chains = all.reduce((sum, d) => sum + d.chains, 0);
  const values = new Float64Array(variables.length * chains * draws);
  let at = 0;
  for (const name of variables)
    for (const one of all) {
      const x = drawsOf(one, name);
      values.set(x, at);
      at += x.length;
    }
  return { variables, chains, draws, values };
}
